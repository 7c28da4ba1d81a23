//! What validating a connection found out, one check after the other.

use serde::Serialize;

use crate::model::CredentialKind;

/// What a check is about. The order is that of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// The host is an Okta org (asked without a credential). Value: the org id.
    Organization,
    /// The credential lives. Value: the Okta id of the user it belongs to.
    Credential,
    /// Users can be read. Value: the status of the first user seen, or empty.
    ReadUsers,
    /// Groups can be read.
    ReadGroups,
    /// Profile schemas can be read.
    ReadSchemas,
    /// User types other than the default one can be read. Optional: the default one comes with the schemas.
    ReadUserTypes,
    /// Event hooks can be read.
    ReadEventHooks,
    /// Profiles could be written back. Never tried: told from the scopes.
    WriteUsers,
    /// Groups could be changed. Never tried: told from the scopes.
    WriteGroups,
    /// Event hooks could be registered. Never tried: told from the scopes.
    WriteEventHooks,
    /// The scopes of the access token altogether. Value: the granted ones, separated by blanks.
    Scopes,
    /// How long the sign-in lasts. Value: whole days until it ends.
    SignIn,
    /// The rate limit for listing users. Value: requests a minute that the credential may send.
    RateLimit,
    /// How many users there are, by Okta's own count. Value: the number.
    UserCount,
    /// How long a full sync will take about. Value: seconds.
    SyncDuration,
    /// How far the clocks of this machine and of Okta are apart. Value: seconds, positive if Okta's is ahead.
    ClockSkew,
}

impl Capability {
    /// Every check, in the order of the report.
    pub const ALL: [Capability; 16] = [
        Capability::Organization,
        Capability::Credential,
        Capability::ReadUsers,
        Capability::ReadGroups,
        Capability::ReadSchemas,
        Capability::ReadUserTypes,
        Capability::ReadEventHooks,
        Capability::WriteUsers,
        Capability::WriteGroups,
        Capability::WriteEventHooks,
        Capability::Scopes,
        Capability::SignIn,
        Capability::RateLimit,
        Capability::UserCount,
        Capability::SyncDuration,
        Capability::ClockSkew,
    ];

    /// The name as it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Capability::Organization => "organization",
            Capability::Credential => "credential",
            Capability::ReadUsers => "read_users",
            Capability::ReadGroups => "read_groups",
            Capability::ReadSchemas => "read_schemas",
            Capability::ReadUserTypes => "read_user_types",
            Capability::ReadEventHooks => "read_event_hooks",
            Capability::WriteUsers => "write_users",
            Capability::WriteGroups => "write_groups",
            Capability::WriteEventHooks => "write_event_hooks",
            Capability::Scopes => "scopes",
            Capability::SignIn => "sign_in",
            Capability::RateLimit => "rate_limit",
            Capability::UserCount => "user_count",
            Capability::SyncDuration => "sync_duration",
            Capability::ClockSkew => "clock_skew",
        }
    }

    /// What it is for, beginning with a verb.
    pub fn purpose(self) -> &'static str {
        match self {
            Capability::Organization => "Know that the host is an Okta org before a credential goes there",
            Capability::Credential => "Be let in",
            Capability::ReadUsers => "Read users and their profiles",
            Capability::ReadGroups => "Read groups and their members",
            Capability::ReadSchemas => "Show attributes by their titles",
            Capability::ReadUserTypes => {
                "Show attributes of other user types than the default one by their titles"
            }
            Capability::ReadEventHooks => "See registered event hooks",
            Capability::WriteUsers => "Write profiles back to Okta",
            Capability::WriteGroups => "Change groups and their members in Okta",
            Capability::WriteEventHooks => "Register event hooks, for updates within seconds",
            Capability::Scopes => "Be allowed what is switched on, and no more",
            Capability::SignIn => "Stay connected",
            Capability::RateLimit => "Know how fast Okta may be asked",
            Capability::UserCount => "Know how many users there are",
            Capability::SyncDuration => "Know how long a full synchronization takes",
            Capability::ClockSkew => "Sign requests with times that Okta accepts",
        }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It works.
    Ok,
    /// It works but deserves a look; the advice says why.
    Warning,
    /// The admin role behind the credential does not allow it.
    MissingRole,
    /// The access token lacks a scope.
    MissingScope,
    /// The org does not have the feature.
    FeatureOff,
    /// The credential itself is refused.
    Refused,
    /// It was not tried because something before it failed, or it cannot be known.
    NotChecked,
    /// No usable answer: network, time-out, or Okta in trouble.
    Unreachable,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 8] = [
        Outcome::Ok,
        Outcome::Warning,
        Outcome::MissingRole,
        Outcome::MissingScope,
        Outcome::FeatureOff,
        Outcome::Refused,
        Outcome::NotChecked,
        Outcome::Unreachable,
    ];

    /// The name as it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Warning => "warning",
            Outcome::MissingRole => "missing_role",
            Outcome::MissingScope => "missing_scope",
            Outcome::FeatureOff => "feature_off",
            Outcome::Refused => "refused",
            Outcome::NotChecked => "not_checked",
            Outcome::Unreachable => "unreachable",
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked.
    pub capability: Capability,
    /// What it is for, beginning with a verb.
    pub purpose: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether a sync needs it with the settings in force.
    pub required: bool,
    /// Number of the error; 0 if there was none.
    pub error_code: i32,
    /// What was found, or what to do: one sentence.
    pub advice: String,
    /// What the check found out, see [`Capability`]; empty if nothing.
    pub value: String,
    /// The scope that is missing; empty if none.
    pub missing_scope: String,
    /// Okta's `errorCode`; empty if none.
    pub okta_error_code: String,
    /// Okta's request id; empty if none.
    pub okta_request_id: String,
}

/// Every check in the order of [`Capability`]. One failed check never hides the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ValidationReport {
    /// Whether a sync can work: every required check is ok or a warning.
    pub usable: bool,
    /// The org URL after normalisation.
    pub org_url: String,
    /// What was changed in the URL as it was pasted; empty if nothing.
    pub org_url_note: String,
    /// What Okta is asked with.
    pub credential_kind: CredentialKind,
    /// The scopes of the access token; empty for an API token and while there is no access token.
    pub granted_scopes: Vec<String>,
    /// Scopes that the switched-on features need and the token lacks.
    pub missing_scopes: Vec<String>,
    /// Scopes of the token that nothing switched on needs.
    pub unneeded_scopes: Vec<String>,
    /// One line for each [`Capability`].
    pub checks: Vec<Check>,
}

impl ValidationReport {
    /// The line about one capability.
    pub fn check(&self, capability: Capability) -> Option<&Check> {
        self.checks.iter().find(|check| check.capability == capability)
    }
}
