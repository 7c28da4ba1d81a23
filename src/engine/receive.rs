//! Takes the deliveries of Okta's event hook. The host's server passes each request to this engine and sends its
//! answer.
//!
//! It uses no network, and time and size are bounded. A request without the secret changes nothing and gets no
//! information. A delivery is acknowledged once it is stored; what its events name is read later.

use std::sync::Arc;
use std::time::Duration;

use super::shared_folder::SharedFolder;
use super::{Engine, lock};
use crate::clock::UnixMillis;
use crate::contract::choices::LiveSource;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::Transaction;
use crate::directory::credentials::hook_secret::is_hook_secret;
use crate::directory::inbox::{self, CAPACITY, CapReached, DAILY_CAP, Gap, InboxKind, KeptDelivery};
use crate::events::{Delivery, read_delivery};
use crate::model::HookAnswer;

/// Larger than any delivery of Okta, which merges nearby events of a few kilobytes each.
pub const MAX_DELIVERY_BYTES: usize = 4 << 20;
/// Longer than any challenge of Okta.
const LONGEST_CHALLENGE: usize = 512;
/// The header with the challenge of a verification, the only GET that Okta sends.
const CHALLENGE: &str = "X-Okta-Verification-Challenge";
/// Okta waits 3 seconds. If the directory is locked for longer than this, the delivery is kept in a file beside it.
const PATIENCE: Duration = Duration::from_millis(500);

/// The result of taking in a delivery.
struct Taken {
    new: u64,
    cap: CapReached,
}

impl Engine {
    /// Handles a request to the address of the event hook and returns the answer to send. Names of headers are
    /// compared without case. Sends no request, and waits for at most a moment.
    ///
    /// The only error is that the engine is closed; every other case is an answer.
    pub fn receive_event(&self, method: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<HookAnswer> {
        let _open = self.enter()?;
        if self.live_source()? != LiveSource::Hook {
            self.note_refused(headers);
            return Ok(refusal(404));
        }
        if body.len() > MAX_DELIVERY_BYTES {
            return Ok(refusal(413));
        }
        let now = UnixMillis::now();
        match (self.is_known(headers, now), method) {
            (Err(error), _) => Ok(self.try_again(&error)),
            (Ok(false), _) => Ok(refusal(401)),
            (Ok(true), "GET") => Ok(self.answer_challenge(headers, now)),
            (Ok(true), "POST") => Ok(self.take_delivery(body, now)),
            (Ok(true), _) => Ok(refusal(405)),
        }
    }

    /// Records that a delivery is refused because the hook is no longer the source of events. Okta does not send it
    /// again.
    fn note_refused(&self, headers: &[(&str, &str)]) {
        let now = UnixMillis::now();
        let was_source = || {
            let state = self.directory.read_statement(inbox::state)?;
            Ok(state.source == LiveSource::Hook.name() && self.is_known(headers, now)?)
        };
        let noted = was_source().and_then(|was_source| match was_source {
            true => self
                .directory
                .write_within(PATIENCE, |tx| inbox::stop_listening(tx, now)),
            false => Ok(()),
        });
        if let Err(error) = noted {
            self.log.warn(format!(
                "the refusal of a delivery could not be recorded: {error}"
            ));
        }
    }

    /// Whether the request carries a secret that this node accepts, or that another node has made a moment ago.
    fn is_known(&self, headers: &[(&str, &str)], now: UnixMillis) -> Result<bool> {
        let given = header(headers, lock(&self.settings).text(Key::LiveSecretHeader)).unwrap_or_default();
        let given = given.trim().as_bytes();
        let known = self
            .directory
            .read_statement(|conn| is_hook_secret(conn, given, now))?;
        let elsewhere = |folder: Arc<SharedFolder>| folder.verifiers.accept(given, now);
        Ok(known || self.shared_folder().is_some_and(elsewhere))
    }

    fn answer_challenge(&self, headers: &[(&str, &str)], now: UnixMillis) -> HookAnswer {
        let challenge = header(headers, CHALLENGE).map(str::trim).unwrap_or_default();
        let is_sound = (1..=LONGEST_CHALLENGE).contains(&challenge.len())
            && challenge.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_sound {
            return refusal(400);
        }
        let noted = self.directory.write_within(PATIENCE, |tx| {
            let mut state = inbox::state(tx)?;
            state.verified_at = Some(now);
            inbox::set_state(tx, &state)
        });
        if let Err(error) = noted {
            // What matters is the answer to Okta, so a failure to record it is only logged.
            self.log.info(format!(
                "the verification of the event hook could not be recorded: {error}"
            ));
        }
        self.log.info("Okta's challenge to the event hook was answered");
        HookAnswer {
            status: 200,
            body: serde_json::json!({ "verification": challenge }).to_string(),
            events: 0,
        }
    }

    fn take_delivery(&self, body: &[u8], now: UnixMillis) -> HookAnswer {
        let delivery = match read_delivery(body) {
            Ok(delivery) => delivery,
            Err(error) => {
                self.log.warn(format!(
                    "a request with the right secret is not a delivery: {error}"
                ));
                return refusal(400);
            }
        };
        match self.keep(delivery, now) {
            Ok(events) => HookAnswer {
                status: 204,
                body: String::new(),
                events,
            },
            Err(error) => self.try_again(&error),
        }
    }

    /// Stores a delivery. Returns how many of its events are new, as far as this node knows.
    ///
    /// In a cluster the delivery is stored on the shared folder: another node may be the one that synchronizes, and
    /// this node may stop a moment later. If the folder cannot be written, the delivery waits beside the directory.
    fn keep(&self, delivery: Delivery, now: UnixMillis) -> Result<u64> {
        let event_count = delivery.events.len() as u64;
        let kept = KeptDelivery {
            delivery: delivery.delivery_id,
            events: delivery.events,
        };
        if let Some(folder) = self.shared_folder() {
            let bytes = kept.to_bytes();
            if let Err(error) = folder.deliveries.add(&bytes) {
                self.log.warn(format!(
                    "a delivery waits beside the directory, because the shared folder cannot be written: {error}"
                ));
                self.spool.add(&bytes)?;
            }
            if self.shared_folder().is_some() {
                return Ok(event_count);
            }
            // This node has left the cluster meanwhile, perhaps without taking this file in, so the delivery is
            // stored here too. Events that are already known do not count twice.
        }
        let taken = self.directory.write_within(PATIENCE, |tx| take(tx, &kept, now));
        match taken {
            Err(error) if error.code() == ErrorCode::DirectoryBusy => {
                self.spool.add(&kept.to_bytes())?;
                Ok(event_count)
            }
            taken => {
                let taken = taken?;
                self.tell_cap(taken.cap);
                Ok(taken.new)
            }
        }
    }

    /// Takes in the deliveries that wait in files: beside the directory, and on the shared folder.
    pub(super) fn take_in_spools(&self) -> Result<()> {
        let Some(folder) = self.shared_folder() else {
            return self
                .spool
                .take_in(|kept| self.take_in(kept.into_iter().map(Some)));
        };
        self.hand_over_spool(&folder);
        self.take_in_shared(&folder)
    }

    /// Takes in the deliveries of all nodes from the shared folder.
    pub(super) fn take_in_shared(&self, folder: &SharedFolder) -> Result<()> {
        let deliveries = &folder.deliveries;
        deliveries.take_in(|kept| self.take_in(kept.iter().map(Option::as_deref)))
    }

    /// Records that deliveries were lost, and asks for a full run.
    pub(super) fn note_lost_deliveries(&self, why: &str) -> Result<()> {
        if self.live_source()? != LiveSource::Hook {
            return Ok(());
        }
        let now = UnixMillis::now();
        self.directory.write_durably(|tx| lost(tx, why, now))
    }

    /// Moves the deliveries that wait beside the directory to the shared folder, where every node finds them.
    pub(super) fn hand_over_spool(&self, folder: &SharedFolder) {
        let handed_over = self.spool.take_in(|kept| {
            kept.into_iter()
                .try_for_each(|delivery| folder.deliveries.add(delivery))
        });
        if let Err(error) = handed_over {
            self.log
                .warn(format!("deliveries still wait beside the directory: {error}"));
        }
    }

    /// Takes in deliveries; none stands for a file that cannot be read.
    fn take_in<'a>(&self, mut kept: impl Iterator<Item = Option<&'a [u8]>>) -> Result<()> {
        let now = UnixMillis::now();
        let caps = self.directory.write_durably(|tx| {
            let mut caps = Vec::new();
            kept.try_for_each(|bytes| match bytes.and_then(KeptDelivery::from_bytes) {
                Some(kept) => take(tx, &kept, now).map(|taken| caps.push(taken.cap)),
                None => lost(
                    tx,
                    "a delivery of the event hook was damaged before it was read",
                    now,
                ),
            })?;
            Ok(caps)
        })?;
        caps.into_iter().for_each(|cap| self.tell_cap(cap));
        Ok(())
    }

    fn tell_cap(&self, cap: CapReached) {
        match cap {
            CapReached::No => {}
            CapReached::Near => self.log.warn(format!(
                "Okta's hooks come near their cap of {DAILY_CAP} events a day; beyond it Okta delivers none until the day \
                 is over. Let the hook carry fewer types of events, or set live=log."
            )),
            CapReached::Reached => self.log.warn(format!(
                "Okta's hooks have delivered {DAILY_CAP} events in a day and deliver none until it is over; delta and full \
                 runs find what changes meanwhile. Set live=log if that happens again."
            )),
        }
    }

    /// The answer that makes Okta send the delivery again.
    fn try_again(&self, error: &Error) -> HookAnswer {
        self.log
            .warn(format!("a delivery of the event hook cannot be kept: {error}"));
        refusal(503)
    }

    /// The source of events that the settings choose.
    pub(super) fn live_source(&self) -> Result<LiveSource> {
        let source = LiveSource::from_name(lock(&self.settings).text(Key::Live));
        source.ok_or_else(|| Error::internal("the setting live has an unknown value"))
    }
}

fn take(tx: &Transaction<'_>, kept: &KeptDelivery, now: UnixMillis) -> Result<Taken> {
    inbox::listen_to_hook(tx, now)?;
    let arrived = inbox::arrive(tx, &kept.events, now, CAPACITY)?;
    Ok(Taken {
        new: arrived.new,
        cap: inbox::count_delivered(tx, arrived.new, now)?,
    })
}

fn lost(tx: &Transaction<'_>, why: &str, now: UnixMillis) -> Result<()> {
    inbox::note_gap(tx, Gap { at: now, why })?;
    inbox::ask_for_everything(tx, InboxKind::Everybody, now, now)
}

fn refusal(status: u16) -> HookAnswer {
    HookAnswer {
        status,
        ..HookAnswer::default()
    }
}

/// The value of a header; none if the header is missing or repeated, because nobody can say which of two values
/// counts.
fn header<'a>(headers: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    let mut found = headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
    let (_, value) = found.next()?;
    found.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Instant;

    use super::*;
    use crate::contract::settings::Settings;

    #[test]
    fn a_forged_delivery_is_refused_without_a_turn_to_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::default();
        settings.set("live", "hook").expect("a source");
        let engine = Engine::open(&folder.path().join("directory.db"), settings).expect("an engine");
        engine.hook_secret().expect("a secret");
        let refused = engine.directory.write(|_| {
            // A call that needs the turn to write would wait here for ever.
            let forged = [("X-Okta-Profiles-Secret", "guessed")];
            engine.receive_event("POST", &forged, b"{}")
        });
        assert_eq!(refused.expect("an answer").status, 401);
    }

    #[test]
    fn a_delivery_is_kept_beside_a_directory_that_is_being_written_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::default();
        settings.set("live", "hook").expect("a source");
        let engine = Engine::open(&folder.path().join("directory.db"), settings).expect("an engine");
        let secret = engine.hook_secret().expect("a secret");
        let headers = [("X-Okta-Profiles-Secret", secret.expose())];
        let body = br#"{"eventId":"d1","data":{"events":[{"uuid":"e1","eventType":"user.lifecycle.create",
            "outcome":{"result":"SUCCESS"},"target":[{"id":"00u1","type":"User"}]}]}}"#;
        std::thread::scope(|scope| {
            let ((locked, is_locked), (release, released)) = (mpsc::channel(), mpsc::channel::<()>());
            let directory = &engine.directory;
            scope.spawn(move || {
                directory.write(|_| {
                    locked.send(()).expect("told");
                    released.recv().expect("released");
                    Ok(())
                })
            });
            is_locked.recv().expect("locked");
            let began = Instant::now();
            let answer = engine.receive_event("POST", &headers, body).expect("an answer");
            assert_eq!((answer.status, answer.events), (204, 1));
            assert!(began.elapsed() < Duration::from_secs(3), "as long as Okta waits");
            release.send(()).expect("released");
        });
        assert!(!engine.spool.is_empty());
        engine.take_in_spools().expect("taken in");
        assert!(engine.spool.is_empty());
        assert_eq!(engine.live_status().expect("a status").pending, 1);
        let again = engine.receive_event("POST", &headers, body).expect("an answer");
        assert_eq!((again.status, again.events), (204, 0), "it is known");
    }
}
