//! Deliveries of Okta's event hook: whoever has a server hands one over and sends the answer.
//!
//! No network, bounded time and size. Who does not know the secret changes nothing and learns nothing. A delivery
//! is answered when it is kept; what it tells is read again later.

use std::time::Duration;

use super::Engine;
use crate::clock::UnixMillis;
use crate::contract::choices::LiveSource;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::credentials::hook_secret::is_hook_secret;
use crate::directory::inbox::{self, CAPACITY};
use crate::events::{Delivery, read_delivery};
use crate::model::HookAnswer;

/// Larger than any batch of Okta's: a batch merges nearby events of a few kilobytes each.
pub const MAX_DELIVERY_BYTES: usize = 4 << 20;
/// Longer than any challenge of Okta's.
const LONGEST_CHALLENGE: usize = 512;
/// What carries the challenge of a verification, the only GET that Okta sends.
const CHALLENGE: &str = "X-Okta-Verification-Challenge";
/// Okta waits 3 seconds. When the directory is written to for longer than this, the delivery is kept beside it.
const PATIENCE: Duration = Duration::from_millis(500);

impl Engine {
    /// Takes a request that came to the address of the event hook and gives the answer to send. The names of
    /// headers are compared whatever their case. Never asks Okta, and waits for nobody for longer than a moment.
    ///
    /// An error means that the engine is closed; everything else is an answer.
    pub fn receive_event(&self, method: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<HookAnswer> {
        let _open = self.enter()?;
        if self.live_source()? != LiveSource::Hook {
            return Ok(refusal(404));
        }
        if body.len() > MAX_DELIVERY_BYTES {
            return Ok(refusal(413));
        }
        let settings = self.snapshot();
        let secret = header(headers, settings.text(Key::LiveSecretHeader)).unwrap_or_default();
        let now = UnixMillis::now();
        let known = self
            .directory
            .read_statement(|conn| is_hook_secret(conn, secret.trim().as_bytes(), now));
        match (known, method) {
            (Err(error), _) => Ok(self.try_again(&error)),
            (Ok(false), _) => Ok(refusal(401)),
            (Ok(true), "GET") => Ok(self.answer_challenge(headers, now)),
            (Ok(true), "POST") => Ok(self.take_delivery(body, now)),
            (Ok(true), _) => Ok(refusal(405)),
        }
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
            // The answer counts, not that we remember it.
            self.log.info(format!(
                "the verification of the event hook is not noted: {error}"
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
                self.log
                    .warn(format!("a delivery with the right secret is none: {error}"));
                return refusal(400);
            }
        };
        match self.keep(&delivery, body, now) {
            Ok(events) => HookAnswer {
                status: 204,
                body: String::new(),
                events,
            },
            Err(error) => self.try_again(&error),
        }
    }

    /// Keeps a delivery, in the directory or beside it; gives how many of its events are new.
    fn keep(&self, delivery: &Delivery, body: &[u8], now: UnixMillis) -> Result<u64> {
        let taken = self
            .directory
            .write_within(PATIENCE, |tx| take(tx, delivery, now));
        match taken {
            Err(error) if error.code() == ErrorCode::DirectoryBusy => {
                self.spool.add(body)?;
                Ok(delivery.events.len() as u64)
            }
            taken => taken,
        }
    }

    /// Takes in what was kept beside the directory.
    pub(super) fn take_in_spool(&self) -> Result<()> {
        self.spool.take_in(|bodies| {
            let now = UnixMillis::now();
            self.directory.write_durably(|tx| {
                for body in bodies {
                    // Each was read before it was kept.
                    if let Ok(delivery) = read_delivery(body) {
                        take(tx, &delivery, now)?;
                    }
                }
                Ok(())
            })
        })
    }

    /// Okta sends once more what it got no answer to, and what was answered like this.
    fn try_again(&self, error: &Error) -> HookAnswer {
        self.log
            .warn(format!("a delivery of the event hook cannot be kept: {error}"));
        refusal(503)
    }

    /// The source that the settings choose.
    pub(super) fn live_source(&self) -> Result<LiveSource> {
        let settings = self.snapshot();
        let source = LiveSource::from_name(settings.text(Key::Live));
        source.ok_or_else(|| Error::internal("a source of events that is none"))
    }
}

fn take(tx: &crate::directory::Transaction<'_>, delivery: &Delivery, now: UnixMillis) -> Result<u64> {
    inbox::note_source(tx, LiveSource::Hook.name(), now)?;
    let arrived = inbox::arrive(tx, Some(&delivery.delivery_id), &delivery.events, now, CAPACITY)?;
    Ok(arrived.new)
}

fn refusal(status: u16) -> HookAnswer {
    HookAnswer {
        status,
        ..HookAnswer::default()
    }
}

/// The value of a header; none if it does not come exactly once, since two values would have to be chosen from.
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
        engine.take_in_spool().expect("taken in");
        assert!(engine.spool.is_empty());
        assert_eq!(engine.live_status().expect("a status").pending, 1);
        let again = engine.receive_event("POST", &headers, body).expect("an answer");
        assert_eq!((again.status, again.events), (204, 0), "it is known");
    }
}
