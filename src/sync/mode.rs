//! Decides between a full and a delta run, with the reason, from the caller's options and the state of the
//! directory. Pure.

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::model::{RunMode, RunReason, SyncMode, SyncOptions};

/// The state of the directory that decides the mode.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// When the last complete full run finished; none before the first.
    pub last_full: Option<UnixMillis>,
    /// Whether there is a watermark.
    pub has_watermark: bool,
    /// Whether the guard refused the last run that read everything.
    pub last_run_refused: bool,
    /// Whether a schema or user type changed since the last full run.
    pub schema_changed: bool,
    /// Whether settings that decide what is kept changed since the last full run.
    pub settings_changed: bool,
    /// Whether Jira users came or changed, so that users whom the last full run left out may now be wanted.
    pub jira_users_changed: bool,
    /// The greatest age of the last full run.
    pub full_every: Duration,
}

/// Chooses the mode of a run that begins `now`.
pub fn choose(options: &SyncOptions, known: &Known, now: UnixMillis) -> (RunMode, RunReason) {
    if options.mode == SyncMode::Full {
        return (RunMode::Full, RunReason::Asked);
    }
    let reason = match (impossible(known), options.mode) {
        (Some(reason), _) => Some(reason),
        (None, SyncMode::Auto) => unwise(options, known, now),
        (None, SyncMode::Full | SyncMode::Delta) => return (RunMode::Delta, RunReason::Asked),
    };
    match reason {
        Some(reason) => (RunMode::Full, reason),
        None => (RunMode::Delta, RunReason::ChangesSuffice),
    }
}

/// Why a delta run is impossible.
fn impossible(known: &Known) -> Option<RunReason> {
    match (known.last_full, known.has_watermark) {
        (None, _) => Some(RunReason::FirstRun),
        (Some(_), false) => Some(RunReason::WatermarkUnknown),
        (Some(_), true) => None,
    }
}

/// Why a delta run would not be enough.
fn unwise(options: &SyncOptions, known: &Known, now: UnixMillis) -> Option<RunReason> {
    let reasons = [
        (
            options.confirm_absent || options.confirm_cleared || options.confirm_org,
            RunReason::Confirmed,
        ),
        (known.last_run_refused, RunReason::LastRunRefused),
        (known.settings_changed, RunReason::SettingsChanged),
        (known.jira_users_changed, RunReason::JiraUsersChanged),
        (known.schema_changed, RunReason::SchemaChanged),
        (is_due(known, now), RunReason::FullDue),
    ];
    reasons
        .into_iter()
        .find_map(|(speaks_for_full, reason)| speaks_for_full.then_some(reason))
}

/// Whether the last full run is too old. If it lies in the future, the clock was set back, and the age is unknown.
fn is_due(known: &Known, now: UnixMillis) -> bool {
    known
        .last_full
        .is_none_or(|at| at > now || at.age(now) >= known.full_every)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

    fn known() -> Known {
        Known {
            last_full: Some(NOW.minus(Duration::from_secs(3_600))),
            has_watermark: true,
            last_run_refused: false,
            schema_changed: false,
            settings_changed: false,
            jira_users_changed: false,
            full_every: Duration::from_secs(86_400),
        }
    }

    #[test]
    fn auto_has_a_reason_for_every_full_run() {
        let auto = |known: &Known| choose(&SyncOptions::default(), known, NOW);
        assert_eq!(auto(&known()), (RunMode::Delta, RunReason::ChangesSuffice));
        type Change = fn(&mut Known);
        let cases: [(Change, RunReason); 9] = [
            (|known| known.last_full = None, RunReason::FirstRun),
            (|known| known.has_watermark = false, RunReason::WatermarkUnknown),
            (|known| known.last_run_refused = true, RunReason::LastRunRefused),
            (|known| known.settings_changed = true, RunReason::SettingsChanged),
            (|known| known.schema_changed = true, RunReason::SchemaChanged),
            (
                |known| known.jira_users_changed = true,
                RunReason::JiraUsersChanged,
            ),
            (
                |known| known.full_every = Duration::from_secs(3_600),
                RunReason::FullDue,
            ),
            (|known| known.full_every = Duration::ZERO, RunReason::FullDue),
            (
                |known| known.last_full = Some(UnixMillis(NOW.0 + 1)),
                RunReason::FullDue,
            ),
        ];
        for (change, reason) in cases {
            let mut changed = known();
            change(&mut changed);
            assert_eq!(auto(&changed), (RunMode::Full, reason));
        }
        let confirmed = SyncOptions {
            confirm_absent: true,
            ..SyncOptions::default()
        };
        assert_eq!(
            choose(&confirmed, &known(), NOW),
            (RunMode::Full, RunReason::Confirmed)
        );
    }

    #[test]
    fn what_is_asked_for_is_done_if_it_can_be() {
        let mut changed = known();
        changed.schema_changed = true;
        changed.full_every = Duration::ZERO;
        let delta = SyncOptions::of(SyncMode::Delta);
        assert_eq!(choose(&delta, &changed, NOW), (RunMode::Delta, RunReason::Asked));
        assert_eq!(
            choose(&SyncOptions::of(SyncMode::Full), &known(), NOW),
            (RunMode::Full, RunReason::Asked)
        );
        changed.has_watermark = false;
        assert_eq!(
            choose(&delta, &changed, NOW),
            (RunMode::Full, RunReason::WatermarkUnknown)
        );
        changed.last_full = None;
        assert_eq!(
            choose(&delta, &changed, NOW),
            (RunMode::Full, RunReason::FirstRun)
        );
    }
}
