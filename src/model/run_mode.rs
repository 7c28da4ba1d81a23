//! Full or delta: what a caller may ask for, what a run is, and why.

use serde::Serialize;

/// What the caller asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncMode {
    /// Only what changed, unless something speaks for a full run; the report says what.
    #[default]
    Auto,
    /// Every user of the org; the only kind that notices deleted users.
    Full,
    /// Only what changed since the last complete run. Where that is impossible a full run takes its
    /// place, and the report says why.
    Delta,
}

impl SyncMode {
    /// Every mode.
    pub const ALL: [SyncMode; 3] = [SyncMode::Auto, SyncMode::Full, SyncMode::Delta];

    /// The name as the command line gives it.
    pub fn name(self) -> &'static str {
        match self {
            SyncMode::Auto => "auto",
            SyncMode::Full => "full",
            SyncMode::Delta => "delta",
        }
    }

    /// The mode of this name.
    pub fn from_name(name: &str) -> Option<SyncMode> {
        SyncMode::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// What a run reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunMode {
    /// Every user.
    Full,
    /// The users whose `lastUpdated` is not before a watermark.
    Delta,
}

impl RunMode {
    /// The name as it stands in the directory and in reports.
    pub fn name(self) -> &'static str {
        match self {
            RunMode::Full => "full",
            RunMode::Delta => "delta",
        }
    }

    /// The mode of this name.
    pub fn from_name(name: &str) -> Option<RunMode> {
        [RunMode::Full, RunMode::Delta]
            .into_iter()
            .find(|mode| mode.name() == name)
    }
}

/// Why a run is full or a delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunReason {
    /// The caller asked for this mode.
    Asked,
    /// Nothing speaks for a full run.
    ChangesSuffice,
    /// No full run of this directory has been completed.
    FirstRun,
    /// The last full run is older than `sync.full_every_hours`, or the clock was set back behind it.
    FullDue,
    /// The last run was refused by its guard.
    LastRunRefused,
    /// The caller confirms what only a full run can find.
    Confirmed,
    /// A schema or user type of the org changed since the last full run.
    SchemaChanged,
    /// Settings that decide what the directory keeps changed since the last full run.
    SettingsChanged,
    /// Only matched users are kept, and Jira users came or changed since the last full run.
    JiraUsersChanged,
    /// It is not known from when on changes are missing.
    WatermarkUnknown,
    /// The org refuses to search for changed users.
    SearchRefused,
}

impl RunReason {
    /// Every reason.
    pub const ALL: [RunReason; 11] = [
        RunReason::Asked,
        RunReason::ChangesSuffice,
        RunReason::FirstRun,
        RunReason::FullDue,
        RunReason::LastRunRefused,
        RunReason::Confirmed,
        RunReason::SchemaChanged,
        RunReason::SettingsChanged,
        RunReason::JiraUsersChanged,
        RunReason::WatermarkUnknown,
        RunReason::SearchRefused,
    ];

    /// The name as it stands in the directory and in reports.
    pub fn name(self) -> &'static str {
        match self {
            RunReason::Asked => "asked",
            RunReason::ChangesSuffice => "changes_suffice",
            RunReason::FirstRun => "first_run",
            RunReason::FullDue => "full_due",
            RunReason::LastRunRefused => "last_run_refused",
            RunReason::Confirmed => "confirmed",
            RunReason::SchemaChanged => "schema_changed",
            RunReason::SettingsChanged => "settings_changed",
            RunReason::JiraUsersChanged => "jira_users_changed",
            RunReason::WatermarkUnknown => "watermark_unknown",
            RunReason::SearchRefused => "search_refused",
        }
    }

    /// The reason of this name.
    pub fn from_name(name: &str) -> Option<RunReason> {
        RunReason::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// The reason for people, to be read after "full run: " or "delta run: ".
    pub fn text(self) -> &'static str {
        match self {
            RunReason::Asked => "as asked for",
            RunReason::ChangesSuffice => "only what changed since the last complete run",
            RunReason::FirstRun => "there has been no complete full run yet",
            RunReason::FullDue => "the last full run is older than sync.full_every_hours",
            RunReason::LastRunRefused => "the last run was refused by its guard",
            RunReason::Confirmed => "a confirmation concerns what only a full run finds",
            RunReason::SchemaChanged => "the org's user schema changed since the last full run",
            RunReason::SettingsChanged => "settings that decide what is kept changed since the last full run",
            RunReason::JiraUsersChanged => {
                "only matched users are kept, and Jira users changed since the last full run"
            }
            RunReason::WatermarkUnknown => "it is not known from when on changes are missing",
            RunReason::SearchRefused => "the org refuses to search for changed users",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        for reason in RunReason::ALL {
            assert_eq!(RunReason::from_name(reason.name()), Some(reason));
            assert!(!reason.text().is_empty());
        }
        for mode in SyncMode::ALL {
            assert_eq!(SyncMode::from_name(mode.name()), Some(mode));
        }
        for mode in [RunMode::Full, RunMode::Delta] {
            assert_eq!(RunMode::from_name(mode.name()), Some(mode));
        }
        assert_eq!(SyncMode::from_name("FULL"), None);
    }
}
