//! Manages our event hook at Okta: registers, checks and repairs it, changes its secret, removes it. Each call may
//! be repeated, because it first looks at the hooks that exist.

use super::hook_address::hook_url;
use super::{Engine, leased, runtime};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::credentials::hook_secret::has_hook_secret;
use crate::directory::inbox::{self, Gap, InboxKind, LiveState};
use crate::events::hook_event_types;
use crate::http::Meter;
use crate::model::{LiveSource, LiveStatus, SyncOptions};
use crate::okta::OktaClient;
use crate::okta::event_hooks::{self, EventHook, WantedHook};
use crate::secret::Secret;
use crate::sync;

impl Engine {
    /// Makes Okta deliver its events to this address. Okta verifies the address by sending a request to it while
    /// this call waits. This needs `okta.eventHooks.manage`; without it, the error says what to do by hand.
    ///
    /// A hook that is already right is not changed. If there was no hook, all changes until now are listed once.
    pub fn register_hook(&self, url: &str) -> Result<LiveStatus> {
        let _open = self.enter()?;
        let url = hook_url(url)?;
        self.must_be_hook()?;
        let state = self.directory.read(inbox::state)?;
        let (secret, is_new) = self.present_secret()?;
        // Okta does not show the secret of a hook. But if the challenge was answered, the hook had the right
        // secret.
        let with_secret = is_new || (state.hook_id.is_empty() && state.verified_at.is_none());
        let wanted = self.wanted(&url, &secret);
        let hook = self.at_okta(async |client| {
            let registered = event_hooks::register(client, &wanted, &state.hook_id, with_secret);
            registered
                .await
                .map_err(|error| event_hooks::by_hand(error, &url))
        })?;
        if with_secret {
            self.okta_has_newest_secret()?;
        }
        self.note_hook(Some(&hook), !state.hook_verified, None)?;
        self.log.info("Okta delivers its events to the event hook");
        self.live_status_now()
    }

    /// Asks Okta whether our hook still delivers, and repairs it if it does not. The events of the meantime are
    /// lost, so all users are read again, and the status says so. If the System Log may be read, its events are
    /// compared with the deliveries. Events that were not delivered are counted as missed and wait to be read.
    pub fn check_hook(&self) -> Result<LiveStatus> {
        let _open = self.enter()?;
        self.must_be_hook()?;
        let state = self.directory.read(inbox::state)?;
        if state.hook_url.is_empty() {
            return self.live_status_now();
        }
        let mut ours = self
            .at_okta(async |client| event_hooks::all_ours(client, &state.hook_url, &state.hook_id).await)?
            .into_iter();
        let found = ours.next();
        match &found {
            Some(hook) if hook.delivers() && self.may_have_secret(hook, &state)? && self.covers_all(hook) => {
                self.note_hook(found.as_ref(), false, None)?;
                self.at_okta(async |client| {
                    event_hooks::remove_surplus(client, ours.as_slice()).await;
                    Ok(())
                })?;
                self.compare_with_log()?;
            }
            Some(hook) if hook.delivers() => self.put_right(hook, &state)?,
            _ => self.bring_back(found.as_ref(), &state)?,
        }
        self.live_status_now()
    }

    /// Registers a hook again that does not deliver.
    fn bring_back(&self, found: Option<&EventHook>, state: &LiveState) -> Result<()> {
        let why = match found {
            None => "the event hook was removed in Okta",
            Some(EventHook { is_active: false, .. }) => "the event hook was switched off in Okta",
            Some(_) => "the event hook is not verified in Okta",
        };
        self.log.warn(format!("{why}; registering it again"));
        self.note_hook(found, false, state.hook_verified.then_some(why))?;
        let url = found.map_or(&state.hook_url, |hook| &hook.url);
        let hook = self.register_anew(url, &state.hook_id)?;
        self.note_hook(Some(&hook), false, None)
    }

    /// Repairs a hook that delivers, but not everything, or not with the right secret, or not to the right address.
    /// If only types of events are missing and the repair does not add them, the org does not offer them.
    fn put_right(&self, found: &EventHook, state: &LiveState) -> Result<()> {
        let had_secret = self.may_have_secret(found, state)?;
        let why = match had_secret {
            true => "the event hook was changed in Okta",
            false => "the event hook carried a secret that this directory does not know",
        };
        match self.register_anew(&found.url, &state.hook_id) {
            Ok(hook) if had_secret && found.covers_all_of(&hook) => self.note_hook(Some(&hook), false, None),
            Ok(hook) => {
                self.log.warn(format!("{why}; it is repaired"));
                self.note_hook(Some(&hook), false, Some(why))
            }
            Err(error) => {
                self.note_hook(None, false, state.hook_verified.then_some(why))?;
                Err(error)
            }
        }
    }

    /// Whether a hook may have our secret. It may not if our secrets were forgotten with a credential, or if the
    /// directory is at an older state, from before another hook was made.
    fn may_have_secret(&self, hook: &EventHook, state: &LiveState) -> Result<bool> {
        Ok(hook.is_known(&state.hook_id) && self.directory.read(has_hook_secret)?)
    }

    /// Registers our hook with the present secret, whatever secret it had.
    fn register_anew(&self, url: &str, hook_id: &str) -> Result<EventHook> {
        let (secret, _) = self.present_secret()?;
        let wanted = self.wanted(url, &secret);
        let hook = self.at_okta(async |client| {
            let registered = event_hooks::register(client, &wanted, hook_id, true);
            registered.await.map_err(|error| event_hooks::by_hand(error, url))
        })?;
        self.okta_has_newest_secret()?;
        Ok(hook)
    }

    fn covers_all(&self, hook: &EventHook) -> bool {
        let event_types: Vec<&str> = hook_event_types().collect();
        hook.covers(self.snapshot().text(Key::LiveSecretHeader), &event_types)
    }

    /// Has Okta send its challenge to our hook once more. This tests the whole way from Okta to this engine.
    /// [`ErrorCode::ValidationFailed`] if the challenge was not answered.
    pub fn verify_hook(&self) -> Result<LiveStatus> {
        let _open = self.enter()?;
        self.must_be_hook()?;
        let state = self.directory.read(inbox::state)?;
        if state.hook_id.is_empty() {
            return Err(no_hook());
        }
        let url = &state.hook_url;
        let hook = self.at_okta(async |client| {
            let verified = event_hooks::verify(client, &state.hook_id);
            verified.await.map_err(|error| event_hooks::by_hand(error, url))
        })?;
        self.note_hook(Some(&hook), false, None)?;
        self.live_status_now()
    }

    /// Changes the secret of our hook. A second hook with the new secret starts before the first one is removed, so
    /// no event is lost. If this fails, the hook keeps its present secret, which is accepted until it is changed.
    pub fn rotate_hook_secret(&self) -> Result<LiveStatus> {
        let _open = self.enter()?;
        self.must_be_hook()?;
        let state = self.directory.read(inbox::state)?;
        if state.hook_url.is_empty() {
            return Err(no_hook());
        }
        let secret = self.credentials.propose_hook_secret(UnixMillis::now())?;
        self.tell_hook_secrets();
        let url = &state.hook_url;
        let wanted = self.wanted(url, &secret);
        let hook = self.at_okta(async |client| {
            let renewed = event_hooks::renew(client, &wanted, &state.hook_id);
            renewed.await.map_err(|error| event_hooks::by_hand(error, url))
        })?;
        self.okta_has_newest_secret()?;
        self.note_hook(Some(&hook), false, None)?;
        self.log.info("the event hook has a new secret");
        self.live_status_now()
    }

    /// Removes our hook from Okta and forgets its secret, so no delivery is accepted any more. Hooks of others
    /// stay. It is no error if our hook is already gone.
    pub fn remove_hook(&self) -> Result<LiveStatus> {
        let _open = self.enter()?;
        let state = self.directory.read(inbox::state)?;
        if !state.hook_url.is_empty() {
            self.at_okta(async |client| {
                let found = event_hooks::all_ours(client, &state.hook_url, &state.hook_id).await?;
                for hook in found {
                    event_hooks::remove(client, &hook).await?;
                }
                Ok(())
            })?;
        }
        self.directory.write(|tx| {
            let state = LiveState {
                hook_id: String::new(),
                hook_url: String::new(),
                hook_checked: None,
                hook_verified: false,
                verified_at: None,
                ..inbox::state(tx)?
            };
            inbox::set_state(tx, &state)
        })?;
        self.credentials.forget_hook_secrets()?;
        self.tell_hook_secrets();
        self.live_status_now()
    }

    fn okta_has_newest_secret(&self) -> Result<()> {
        self.credentials.decide_hook_secret(UnixMillis::now())?;
        self.tell_hook_secrets();
        Ok(())
    }

    fn compare_with_log(&self) -> Result<()> {
        let _lease = leased(&self.log_lease)?;
        // Deliveries that still wait in files are taken in first, so that they do not count as missed.
        self.take_in_spools()?;
        let missed = self.with_context(&self.directory, SyncOptions::default(), |context| {
            sync::compare_with_log(&context)
        })?;
        if let Some(missed) = missed.filter(|missed| *missed > 0) {
            self.log.warn(format!(
                "the event hook did not deliver {missed} events that the System Log holds; they are read now"
            ));
        }
        Ok(())
    }

    fn must_be_hook(&self) -> Result<()> {
        match self.live_source()? {
            LiveSource::Hook => Ok(()),
            LiveSource::Off | LiveSource::Log => Err(Error::with_message(
                ErrorCode::InvalidArgument,
                "Set live=hook first; until then deliveries, and Okta's challenge too, are refused.",
            )),
        }
    }

    /// The present secret, and whether it was just made because there was none.
    fn present_secret(&self) -> Result<(Secret, bool)> {
        match self.credentials.hook_secret()? {
            Some(secret) => Ok((secret, false)),
            None => Ok((self.new_hook_secret()?, true)),
        }
    }

    fn wanted<'a>(&self, url: &'a str, secret: &'a Secret) -> WantedHook<'a> {
        WantedHook {
            url,
            secret_header: self.snapshot().text(Key::LiveSecretHeader).to_owned(),
            secret,
            event_types: hook_event_types().collect(),
        }
    }

    fn at_okta<T>(&self, work: impl AsyncFnOnce(&OktaClient) -> Result<T>) -> Result<T> {
        let runtime = runtime::CallRuntime::new()?;
        let (client, _) = self.client(&runtime, self.cancel_token(), Meter::default())?;
        runtime.get().block_on(work(&client.brief()))
    }

    /// Notes what is known about the hook. With `is_first`, all earlier changes must be listed once. `gap` says why
    /// events may be lost.
    fn note_hook(&self, hook: Option<&EventHook>, is_first: bool, gap: Option<&str>) -> Result<()> {
        let now = UnixMillis::now();
        self.directory.write(|tx| {
            inbox::listen_to_hook(tx, now)?;
            let mut state = inbox::state(tx)?;
            if let Some(hook) = hook {
                state.hook_id.clone_from(&hook.id);
                state.hook_url.clone_from(&hook.url);
            }
            state.hook_checked = Some(now);
            state.hook_verified = hook.is_some_and(EventHook::delivers);
            inbox::set_state(tx, &state)?;
            if is_first {
                inbox::ask_for_everything(tx, InboxKind::Many, now, now)?;
            }
            if let Some(why) = gap {
                inbox::note_gap(tx, Gap { at: now, why })?;
                inbox::ask_for_everything(tx, InboxKind::Everybody, now, now)?;
            }
            Ok(())
        })
    }
}

fn no_hook() -> Error {
    let what = "There is no event hook yet; register it first.";
    Error::with_message(ErrorCode::InvalidArgument, what)
}
