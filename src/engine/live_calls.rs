//! Live: reading again what events told, and how well that works. Deliveries come in by `receive`.

use super::Engine;
use crate::clock::UnixMillis;
use crate::contract::choices::LiveSource;
use crate::contract::errors::Result;
use crate::contract::settings::Key;
use crate::directory::credentials::hook_secret::has_hook_secret;
use crate::directory::inbox;
use crate::model::{LiveStatus, SyncOptions, SyncReport};
use crate::sync::{self, SyncContext};

impl Engine {
    /// Reads again what events told to have moved, and publishes it; none if nothing of it is due, which costs no
    /// request. What cannot be read now stays for the next time.
    ///
    /// Before the first full run, and while a run waits that a person cancelled, nothing is done. Any other
    /// unfinished run goes on first. Blocks like a sync; [`crate::contract::errors::ErrorCode::Busy`] if one runs
    /// already, which keeps what events tell meanwhile.
    pub fn refresh_pending(&self) -> Result<Option<SyncReport>> {
        let _open = self.enter()?;
        let _lease = self.lease()?;
        self.take_in_spool()?;
        let pending = self
            .directory
            .read(|conn| inbox::pending(conn, UnixMillis::now()))?;
        if !pending.is_due() {
            return Ok(None);
        }
        let outcome = self.with_context(
            &self.directory,
            SyncOptions::default(),
            |context: SyncContext<'_>| {
                self.progress.begin(context.meter.clone());
                sync::refresh(context)
            },
        );
        self.progress.end();
        outcome
    }

    /// How live works: where events come from, how far behind it is, what waits and what was missed. Asks nobody.
    pub fn live_status(&self) -> Result<LiveStatus> {
        let _open = self.enter()?;
        let source = self.live_source()?;
        let settings = self.snapshot();
        let now = UnixMillis::now();
        let (state, pending, has_secret) = self.directory.read(|conn| {
            Ok((
                inbox::state(conn)?,
                inbox::pending(conn, now)?,
                has_hook_secret(conn)?,
            ))
        })?;
        Ok(LiveStatus {
            source,
            since: state.since.filter(|_| source != LiveSource::Off),
            last_event: state.last_event,
            last_received: state.last_received,
            lag_ms: state.lag_ms,
            pending: pending.all - pending.held,
            oldest_pending: pending.oldest,
            held: pending.held,
            events: state.events,
            repeated: state.repeated,
            missed: state.missed,
            missed_at: state.missed_at,
            gap_at: state.gap_at,
            gap: state.gap,
            polled: state.polled,
            interval_ms: None,
            hook_id: state.hook_id,
            hook_url: state.hook_url,
            hook_verified: state.hook_verified,
            verified_at: state.verified_at,
            secret_header: settings.text(Key::LiveSecretHeader).to_owned(),
            has_secret,
        })
    }
}
