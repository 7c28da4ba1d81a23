//! The calls of live: reads the users that events name again, polls the System Log, and shows how well live works.
//! `receive` takes the deliveries of the event hook.

use super::{Engine, leased};
use crate::clock::UnixMillis;
use crate::contract::choices::LiveSource;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::credentials::hook_secret::has_hook_secret;
use crate::directory::inbox::{self, CAP_NEAR_FROM, DAILY_CAP};
use crate::model::{LiveStatus, LogPoll, SyncOptions, SyncReport};
use crate::sync::{self, SyncContext};

impl Engine {
    /// Reads the users that events name again and publishes the result. Returns none if nothing is due, or if
    /// Okta's rate limit leaves no request for this now; then no request was sent. What cannot be read now waits
    /// for the next time.
    ///
    /// Does nothing before the first full run, or while a run that a person cancelled is unfinished. Any other
    /// unfinished run is resumed first. This blocks like a sync; [`crate::contract::errors::ErrorCode::Busy`] if a
    /// sync runs.
    pub fn refresh_pending(&self) -> Result<Option<SyncReport>> {
        let _open = self.enter()?;
        let _lease = self.lease()?;
        self.take_in_spools()?;
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

    /// The status of live: where events come from, how old the last ones are, what waits and what was missed. Sends
    /// no request.
    pub fn live_status(&self) -> Result<LiveStatus> {
        let _open = self.enter()?;
        self.live_status_now()
    }

    /// Polls Okta's System Log from the position where the last poll ended. What its events name waits for a
    /// refresh. Poll again after the returned time, from any node: the org has one log with a small rate limit.
    ///
    /// [`ErrorCode::Busy`] while another call reads the log. A sync may run at the same time.
    pub fn poll_log(&self) -> Result<LogPoll> {
        let _open = self.enter()?;
        if self.live_source()? != LiveSource::Log {
            let what = "Set live=log first; otherwise the System Log is not read.";
            return Err(Error::with_message(ErrorCode::InvalidArgument, what));
        }
        let _lease = leased(&self.log_lease)?;
        self.with_context(&self.directory, SyncOptions::default(), |context| {
            sync::poll_log(&context)
        })
    }

    /// As [`Engine::live_status`], within a call.
    pub(super) fn live_status_now(&self) -> Result<LiveStatus> {
        let source = self.live_source()?;
        let settings = self.snapshot();
        let now = UnixMillis::now();
        let (state, pending, has_secret, delivered_today) = self.directory.read(|conn| {
            Ok((
                inbox::state(conn)?,
                inbox::pending(conn, now)?,
                has_hook_secret(conn)?,
                inbox::delivered_today(conn, now)?,
            ))
        })?;
        let wanted = settings.seconds(Key::LiveInterval);
        let interval = (source == LiveSource::Log).then(|| sync::log_interval(wanted, &state));
        Ok(LiveStatus {
            source,
            since: state.since.filter(|_| source != LiveSource::Off),
            last_event: state.last_event,
            last_received: state.last_received,
            lag_ms: state.lag_ms,
            pending: pending.all,
            oldest_pending: pending.oldest,
            held: pending.held,
            events: state.events,
            repeated: state.repeated,
            missed: state.missed,
            missed_at: state.missed_at,
            gap_at: state.gap_at,
            gap: state.gap,
            polled: state.polled,
            interval_ms: interval.map(|interval| u64::try_from(interval.as_millis()).unwrap_or(u64::MAX)),
            hook_id: state.hook_id,
            hook_url: state.hook_url,
            hook_verified: state.hook_verified,
            verified_at: state.verified_at,
            secret_header: settings.text(Key::LiveSecretHeader).to_owned(),
            has_secret,
            delivered_today,
            daily_cap: DAILY_CAP,
            cap_near_from: CAP_NEAR_FROM,
        })
    }
}
