//! How users of both sides are matched, as data.

use std::fmt;

use serde::Serialize;

/// The value of an Okta user that a rule compares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OktaKey {
    /// The login.
    Login,
    /// The e-mail address.
    Email,
    /// The login up to its last `@`.
    LoginLocalPart,
    /// A profile attribute by its name. Texts, numbers and booleans are compared, lists are not.
    Attribute(String),
}

/// The value of a Jira user that a rule compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JiraKey {
    /// The username.
    Username,
    /// The e-mail address.
    Email,
    /// The user key.
    Key,
}

impl JiraKey {
    /// Every kind.
    pub const ALL: [JiraKey; 3] = [JiraKey::Username, JiraKey::Email, JiraKey::Key];

    /// The name in rules.
    pub fn name(self) -> &'static str {
        match self {
            JiraKey::Username => "username",
            JiraKey::Email => "email",
            JiraKey::Key => "key",
        }
    }
}

/// One matching rule: two users match if both sides have the same folded value. `Display` writes its name, such as
/// `login=username` or `attribute:employeeNumber=key`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MatchRule {
    /// What is compared on the Okta side.
    pub okta: OktaKey,
    /// What is compared on the Jira side.
    pub jira: JiraKey,
}

impl fmt::Display for MatchRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.okta {
            OktaKey::Login => f.write_str("login"),
            OktaKey::Email => f.write_str("email"),
            OktaKey::LoginLocalPart => f.write_str("login_local_part"),
            OktaKey::Attribute(name) => write!(f, "attribute:{name}"),
        }?;
        write!(f, "={}", self.jira.name())
    }
}

/// How many users are in each state. On each side the counts add up to all present users:
/// `matched + pinned + okta_ambiguous + okta_only` Okta users and
/// `matched + pinned + jira_ambiguous + jira_only` Jira users.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MatchCounts {
    /// Pairs that a rule matched.
    pub matched: u64,
    /// Pairs that were matched by hand.
    pub pinned: u64,
    /// Okta users in the state ambiguous.
    pub okta_ambiguous: u64,
    /// Jira users in the state ambiguous.
    pub jira_ambiguous: u64,
    /// Okta users without a Jira user.
    pub okta_only: u64,
    /// Jira users without an Okta user.
    pub jira_only: u64,
    /// The number of pairs of each rule, in the order of the rules.
    pub by_rule: Vec<(String, u64)>,
}

/// What other rules would do with the present directory. Nothing is written, and no request is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MatchPreview {
    /// The present counts.
    pub present: MatchCounts,
    /// The counts with the other rules.
    pub proposed: MatchCounts,
    /// Pairs that match only with the other rules.
    pub gained: u64,
    /// Pairs that match only with the present rules.
    pub lost: u64,
}
