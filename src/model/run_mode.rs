//! Why a run is of its mode, in words for people.

use crate::contract::choices::RunReason;

impl RunReason {
    /// The reason for people, to be read after "full run: " or "delta run: ".
    pub fn text(self) -> &'static str {
        match self {
            RunReason::Asked => "as asked for",
            RunReason::ChangesSuffice => "only what changed since the last complete run",
            RunReason::FirstRun => "there has been no complete full run yet",
            RunReason::FullDue => "the last full run is older than sync.full_every_hours",
            RunReason::LastRunRefused => "the last run was refused by its guard",
            RunReason::Confirmed => "the confirmation is for something that only a full run finds",
            RunReason::SchemaChanged => "the org's user schema changed since the last full run",
            RunReason::SettingsChanged => "settings that decide what is kept changed since the last full run",
            RunReason::JiraUsersChanged => {
                "only matched users are kept, and Jira users changed since the last full run"
            }
            RunReason::WatermarkUnknown => "it is not known from when on changes are missing",
            RunReason::SearchRefused => "the org refuses to search for changed users",
            RunReason::Events => "events name users who changed",
            RunReason::ManyEvents => "events name more users than are worth single requests",
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
