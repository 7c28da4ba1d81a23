//! Why a run has its mode, in words for people.

use crate::contract::choices::RunReason;

impl RunReason {
    /// The reason in words; it follows "full run: " or "delta run: ".
    pub fn text(self) -> &'static str {
        match self {
            RunReason::Asked => "as requested",
            RunReason::ChangesSuffice => "only what changed since the last complete run",
            RunReason::FirstRun => "there has been no complete full run yet",
            RunReason::FullDue => "the last full run is older than sync.full_every_hours",
            RunReason::LastRunRefused => "the last run was refused by its guard",
            RunReason::Confirmed => "only a full run can do what was confirmed",
            RunReason::SchemaChanged => "the org's user schema changed since the last full run",
            RunReason::SettingsChanged => "settings that decide what is kept changed since the last full run",
            RunReason::JiraUsersChanged => {
                "only matched users are kept, and Jira users changed since the last full run"
            }
            RunReason::WatermarkUnknown => "the time from which changes are missing is not known",
            RunReason::SearchRefused => "the org refuses to search for changed users",
            RunReason::Events => "events name users who changed",
            RunReason::ManyEvents => "events name so many users that single requests would take longer",
            RunReason::EventsLost => "events may have been lost",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_for_people() {
        for reason in RunReason::ALL {
            assert!(!reason.text().is_empty());
        }
    }
}
