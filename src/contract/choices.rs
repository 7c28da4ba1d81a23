//! Every choice that crosses a boundary: views, look-ups, modes, states, outcomes, flags. One table each.
//!
//! A value with a number is passed as this number, and C has a constant for it. A value without a number is passed as
//! its word. Numbers and words are stable and never get another meaning.

use serde::{Serialize, Serializer};

use super::cell::Cell;
use super::choice::JavaForm::{Answer, Argument, Flags, Text};
use super::choice::{Choice, ChoiceValue, choices};

choices! {
    #[derive(Default)]
    View, "VIEW", Argument("View"), "Which entries a listing returns." {
        #[default]
        Matched = 0, "matched", "Okta users that are tied to a Jira user, by rule or by hand.";
        OktaOnly = 1, "okta_only", "Present Okta users without a Jira user.";
        JiraOnly = 2, "jira_only", "Jira users without an Okta user.";
        Ambiguous = 3, "ambiguous", "Present Okta users that a rule found ambiguous.";
        JiraAmbiguous = 4, "jira_ambiguous", "Jira users that a rule found ambiguous.";
        All = 5, "all", "Every present Okta user.";
        Absent = 6, "absent", "Okta users that a complete run has not seen and that are not yet erased.";
        Deactivated = 7, "deactivated", "Present Okta users that are deactivated in Okta (status DEPROVISIONED).";
        Orphaned = 8, "orphaned", "Deactivated Okta users (status DEPROVISIONED) whose Jira user is active: the person left, but can still sign in to Jira.";
    }

    LookupBy, "FIND_BY", Argument("Lookup"), "The kind of key that finds an entry. Ids and keys are compared exactly; for the others, upper and lower case are equal and blanks around the text are ignored." {
        JiraKey = 1, "jira_key", "Jira's user key.";
        JiraUsername = 2, "jira_username", "Jira's username.";
        OktaId = 3, "okta_id", "Okta's user id.";
        Login = 4, "login", "Okta's login.";
        Email = 5, "email", "The e-mail address in Okta. If several users have the address, the one with the first id is found.";
    }

    SearchField, "SEARCH", Argument("SearchField"), "Where a search looks for a text: in Okta users, or in Jira users for the views of Jira users. The first three find fields that begin with the text, and use an index. The others find fields that contain the text, and read the names of all users." {
        Name = 1, "name", "The display name, or first and last name if there is none.";
        Login = 2, "login", "Okta's login; Jira's username.";
        Email = 3, "email", "The e-mail address.";
        InsideName = 4, "inside_name", "Anywhere in the display name, or in first and last name if the display name does not contain them. Accents do not matter.";
        InsideLogin = 5, "inside_login", "Anywhere in the login or username.";
        InsideEmail = 6, "inside_email", "Anywhere in the e-mail address.";
        Anywhere = 7, "anywhere", "Words. Each must be anywhere in the names, login or e-mail address of the user, or all of them in those of the tied Jira user. Accents do not matter.";
    }

    CandidatesOf, "CANDIDATES_OF", Flags, "Whose candidates are asked for." {
        OktaUser = 1, "okta_user", "Jira users that have a value of this Okta user and are not tied to it.";
        JiraUser = 2, "jira_user", "Okta users that have a value of this Jira user and are not tied to it.";
    }

    PreviewOf, "PREVIEW_OF", Argument("PreviewOf"), "Which pairs of a preview are asked for." {
        Gained = 1, "gained", "Pairs that only the other rules tie.";
        Lost = 2, "lost", "Present pairs that the other rules would not tie.";
    }

    ExportFormat, "FORMAT", Argument("ExportFormat"), "How an export is written." {
        Csv = 1, "csv", "CSV (RFC 4180) with a heading and a column for each profile attribute. A text that begins with = + - @, a tab or a CR gets an apostrophe in front, so that a spreadsheet does not read it as a formula.";
        JsonLines = 2, "jsonl", "One JSON object for each entry, each on its own line.";
    }

    #[derive(Default)]
    SyncMode, "SYNC_MODE", Argument("SyncMode"), "Whether a sync reads every user or only changed ones." {
        #[default]
        Auto = 0, "auto", "Only changed users, unless a full run is needed; the report says why.";
        Full = 8, "full", "Every user of the org; only a full run notices deleted users.";
        Delta = 16, "delta", "Only changed users. If that is impossible, the run is a full one and the report says why.";
    }

    SyncFlag, "SYNC", Flags, "What one sync is allowed to do; added to its mode." {
        ConfirmAbsent = 1, "confirm_absent", "Mark users absent even if more disappeared than the limits allow.";
        ConfirmCleared = 2, "confirm_cleared", "Accept that an attribute became empty for more users than the limits allow.";
        Restart = 4, "restart", "Begin a new run even if an unfinished one could be resumed.";
        ConfirmOrg = 32, "confirm_org", "Accept an org other than that of this directory; the directory then belongs to the new org.";
    }

    ConnectFlag, "CONNECT", Flags, "How a connection is made." {
        Dpop = 1, "dpop", "Bind the tokens to a key (DPoP).";
        StoredSecret = 2, "stored_secret", "Sign in with the stored client secret.";
        Untried = 4, "untried", "Store a new credential without trying it.";
        Tried = 8, "tried", "Try a new credential even if there is no other one.";
    }

    #[derive(Default)]
    Phase, "PHASE", Answer("Phase"), "What a run is doing." {
        #[default]
        Idle = 0, "idle", "No run is working.";
        Starting = 1, "starting", "Checking org and credential.";
        Reading = 2, "reading", "Reading users from Okta.";
        Waiting = 3, "waiting", "Waiting for a rate-limit window or before a retry.";
        Publishing = 4, "publishing", "Checking the result, publishing and matching.";
        Groups = 5, "groups", "Reading groups and their members; the users are published already.";
    }

    RunMode, "RUN_MODE", Answer("RunMode"), "What a run reads." {
        Full = 1, "full", "Every user.";
        Delta = 2, "delta", "The users whose lastUpdated is at a certain time or later.";
        Live = 3, "live", "Users that events name, each requested by id.";
    }

    RunReason, "RUN_REASON", Answer("RunReason"), "Why a run has its mode." {
        Asked, "asked", "The caller asked for this mode.";
        ChangesSuffice, "changes_suffice", "No full run is needed.";
        FirstRun, "first_run", "No full run of this directory has been completed.";
        FullDue, "full_due", "The last full run is older than sync.full_every_hours, or the clock was set back to a time before it.";
        LastRunRefused, "last_run_refused", "The last run was refused by its guard.";
        Confirmed, "confirmed", "The caller confirmed something that only a full run can find.";
        SchemaChanged, "schema_changed", "A schema or user type of the org changed since the last full run.";
        SettingsChanged, "settings_changed", "Settings that decide what the directory stores changed since the last full run.";
        JiraUsersChanged, "jira_users_changed", "Only matched users are stored, and Jira users were added or changed since the last full run.";
        WatermarkUnknown, "watermark_unknown", "The directory does not know up to which time changes were read.";
        SearchRefused, "search_refused", "The org refuses to search for changed users.";
        Events, "events", "Events named users that changed.";
        ManyEvents, "many_events", "Events named so many users that a listing costs fewer requests.";
        EventsLost, "events_lost", "Events may have been lost.";
    }

    #[derive(Default)]
    LiveSource, "LIVE_SOURCE", Answer("LiveSource"), "Where Okta's events come from." {
        #[default]
        Off, "off", "From nowhere: only full and delta runs find changes.";
        Log, "log", "From Okta's System Log, which the engine polls.";
        Hook, "hook", "From an event hook, which posts to an address of this side.";
    }

    RunState, "RUN_STATE", Answer("RunState"), "The state of a run." {
        Running, "running", "Still running, or its process was killed: the next sync resumes it.";
        Interrupted, "interrupted", "Stopped by an error or a cancel: the next sync resumes it.";
        Complete, "complete", "Every listing ended and the directory was changed.";
        Refused, "refused", "Every listing ended, but the guard refused the result; the directory is as before.";
        Dropped, "dropped", "Given up, because it was too old to resume or a new run was requested; the directory is as before.";
    }

    MatchState, "MATCH_STATE", Answer("MatchState"), "The one state that every Okta user and every Jira user is in." {
        Matched, "matched", "Tied to one user of the other side by a rule.";
        Pinned, "pinned", "Tied to one user of the other side by hand; no rule changes it.";
        Ambiguous, "ambiguous", "Several users compete for one value under a rule; none is chosen.";
        OktaOnly, "okta_only", "An Okta user for which no rule found a Jira user, or a deactivated one for which an active Okta user with the same value was preferred.";
        JiraOnly, "jira_only", "A Jira user for which no rule found an Okta user, or an inactive one for which an active Jira user with the same value was preferred.";
    }

    ChangeKind, "CHANGE", Text, "What happened to an Okta user." {
        Added, "added", "Seen for the first time.";
        Updated, "updated", "At least one attribute, the status or the type changed.";
        Absent, "absent", "Not seen by a complete run.";
        Returned, "returned", "Seen again after an absence.";
        Purged, "purged", "Erased from the directory after the grace period.";
    }

    Outcome, "OUTCOME", Answer("Outcome"), "How a check of a validation ended." {
        Ok, "ok", "It works.";
        Warning, "warning", "It works, but an administrator should check it; the advice says why.";
        MissingRole, "missing_role", "The admin role behind the credential does not allow it.";
        MissingScope, "missing_scope", "The access token lacks a scope.";
        FeatureOff, "feature_off", "The org does not have the feature.";
        Refused, "refused", "The credential itself is refused.";
        NotChecked, "not_checked", "It was not tried because an earlier check failed, or the result cannot be known.";
        Unreachable, "unreachable", "There was no usable answer, because of the network, a time-out or a problem at Okta.";
    }

    Capability, "CAPABILITY", Text, "What a check is about, in the order of the report." {
        Organization, "organization", "The host is an Okta org (asked without a credential). Finding: the org id.";
        Credential, "credential", "Okta accepts the credential. Finding: the Okta id of the user it belongs to.";
        ReadUsers, "read_users", "Users can be read. Finding: the status of the first user seen, or empty.";
        ReadGroups, "read_groups", "Groups can be read.";
        ReadSchemas, "read_schemas", "Profile schemas can be read.";
        ReadUserTypes, "read_user_types", "User types other than the default one can be read. Optional: the default one comes with the schemas.";
        ReadEventHooks, "read_event_hooks", "Event hooks can be read.";
        ReadLog, "read_log", "The System Log can be read.";
        WriteUsers, "write_users", "Profiles could be written back. Never tried; the scopes decide.";
        WriteGroups, "write_groups", "Groups could be changed. Never tried; the scopes decide.";
        WriteEventHooks, "write_event_hooks", "Event hooks could be registered. Never tried; the scopes decide.";
        Scopes, "scopes", "All scopes of the access token. Finding: the granted ones, separated by blanks.";
        SignIn, "sign_in", "How long the sign-in lasts. Finding: whole days until it ends.";
        RateLimit, "rate_limit", "The rate limit for listing users. Finding: requests a minute that the credential may send.";
        UserCount, "user_count", "How many users there are, by Okta's own count. Finding: the number.";
        SyncDuration, "sync_duration", "How long a full sync will take, roughly. Finding: seconds.";
        ClockSkew, "clock_skew", "The difference between the clocks of Okta and of this machine. Finding: seconds, positive if Okta's clock is ahead.";
    }

    ErrorClass, "ERROR_CLASS", Answer("ErrorClass"), "What the caller can do about an error." {
        Wait, "wait", "Okta's rate limit is used up: call again after the time that the error names.";
        Retry, "retry", "A temporary failure: the same call may work in a while.";
        Later, "later", "Another call or process is working: call again when it has ended.";
        Resume, "resume", "The work was interrupted; the next call resumes it.";
        Correct, "correct", "An argument, name, setting or path is wrong: correct it.";
        Confirm, "confirm", "A guard refuses something that may be intended: check it, and confirm it for one call.";
        Reconnect, "reconnect", "The credential or the sign-in is refused: correct what the sentence names, and connect again.";
        GrantRole, "grant_role", "The admin role behind the credential does not allow it: assign a role in Okta that does.";
        GrantScope, "grant_scope", "A scope is missing: grant it to the app in Okta and connect again.";
        DoWithout, "do_without", "The Okta org does not have the feature: leave it unused, or ask Okta for it.";
        AskAdministrator, "ask_administrator", "The administrator of the machine, the network, the installation or the Okta org must act.";
        Report, "report", "Only the makers of okta-profiles can fix it: report it with the log.";
    }

    CredentialKind, "CREDENTIAL", Text, "The kind of credential." {
        None, "none", "Not connected.";
        ApiToken, "api_token", "An API token (SSWS).";
        Oauth, "oauth", "An app in which a user has signed in: authorization code and refresh token.";
        ServiceApp, "service_app", "A service app: client credentials with a private key.";
    }

    SettingSource, "SETTING_SOURCE", Text, "Where the value of a setting comes from." {
        Call, "call", "It was given at opening or by a call.";
        Directory, "directory", "The directory stores it.";
        Default, "default", "It is the default, because nobody set another value.";
    }

    Level, "LOG_LEVEL", Text, "How important a line of the log is." {
        Error, "error", "A bug of ours.";
        Warn, "warn", "Something an administrator should look at.";
        Info, "info", "A decision: run started, retried, waited, finished.";
        Debug, "debug", "One line for each request.";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_numbers_and_prefixes_are_unique_and_found_again() {
        let mut prefixes = BTreeSet::new();
        for choice in CHOICES {
            assert!(prefixes.insert(choice.prefix), "{} twice", choice.prefix);
            let words: BTreeSet<&str> = choice.values.iter().map(|value| value.word).collect();
            assert_eq!(
                words.len(),
                choice.values.len(),
                "{} has a word twice",
                choice.prefix
            );
            let numbers: BTreeSet<i32> = choice.values.iter().filter_map(|value| value.number).collect();
            assert!(
                numbers.is_empty() || numbers.len() == choice.values.len(),
                "{} has values with and without a number, or a number twice",
                choice.prefix
            );
        }
        for view in View::ALL {
            assert_eq!(View::from_name(view.name()), Some(view));
            assert_eq!(View::from_number(view.number()), Some(view));
        }
        assert_eq!(View::from_name("MATCHED"), None);
        assert_eq!(View::from_number(-1), None);
    }

    #[test]
    fn words_are_listed_for_people() {
        assert_eq!(RunMode::CHOICE.words(), "full, delta or live");
        assert_eq!(CandidatesOf::CHOICE.words(), "okta_user or jira_user");
        assert_eq!(SyncMode::CHOICE.words(), "auto, full or delta");
    }
}
