//! The result of validating a connection, check by check.

use serde::Serialize;

use crate::contract::choices::{Capability, CredentialKind, Outcome};

impl Capability {
    /// What the capability is for; the text begins with a verb.
    pub fn purpose(self) -> &'static str {
        match self {
            Capability::Organization => {
                "Make sure that the host is an Okta org before a credential is sent to it"
            }
            Capability::Credential => "Be accepted by Okta",
            Capability::ReadUsers => "Read users and their profiles",
            Capability::ReadGroups => "Read groups and their members",
            Capability::ReadSchemas => "Show attributes by their titles",
            Capability::ReadUserTypes => {
                "Show attributes of other user types than the default one by their titles"
            }
            Capability::ReadEventHooks => "See registered event hooks",
            Capability::ReadLog => "Read the System Log, for updates within seconds behind a firewall",
            Capability::WriteUsers => "Write profiles back to Okta",
            Capability::WriteGroups => "Change groups and their members in Okta",
            Capability::WriteEventHooks => "Register event hooks, for updates within seconds",
            Capability::Scopes => "Have exactly the rights that the switched-on features need",
            Capability::SignIn => "Stay connected",
            Capability::RateLimit => "Know how fast Okta may be asked",
            Capability::UserCount => "Know how many users there are",
            Capability::SyncDuration => "Know how long a full synchronization takes",
            Capability::ClockSkew => "Sign requests with times that Okta accepts",
        }
    }
}

/// One check of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked.
    pub capability: Capability,
    /// What the capability is for; the text begins with a verb.
    pub purpose: &'static str,
    /// The result of the check.
    pub outcome: Outcome,
    /// Whether a sync needs it with the settings in force.
    pub required: bool,
    /// Number of the error; 0 if there was none.
    pub error_code: i32,
    /// What was found, or what to do, in one sentence.
    pub advice: String,
    /// The value that the check found, see [`Capability`]; empty if there is none.
    pub value: String,
    /// The scope that is missing; empty if none.
    pub missing_scope: String,
    /// Okta's `errorCode`; empty if none.
    pub okta_error_code: String,
    /// Okta's request id; empty if none.
    pub okta_request_id: String,
}

/// Every check, in the order of [`Capability`]. A failed check never hides the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ValidationReport {
    /// Whether a sync can work: every required check is ok or a warning.
    pub usable: bool,
    /// The org URL in its normalised form.
    pub org_url: String,
    /// What was changed in the pasted URL; empty if nothing.
    pub org_url_note: String,
    /// The kind of credential.
    pub credential_kind: CredentialKind,
    /// The scopes of the access token; empty for an API token and while there is no access token.
    pub granted_scopes: Vec<String>,
    /// Scopes that the switched-on features need and that the token does not have.
    pub missing_scopes: Vec<String>,
    /// Scopes of the token that no switched-on feature needs.
    pub unneeded_scopes: Vec<String>,
    /// One check for each [`Capability`].
    pub checks: Vec<Check>,
}

impl ValidationReport {
    /// The check of one capability.
    pub fn check(&self, capability: Capability) -> Option<&Check> {
        self.checks.iter().find(|check| check.capability == capability)
    }
}
