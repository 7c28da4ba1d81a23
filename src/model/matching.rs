//! How users of both sides are tied together, as data.

use std::fmt;

use serde::Serialize;

/// What a rule compares on the Okta side.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OktaKey {
    /// The login.
    Login,
    /// The e-mail address.
    Email,
    /// The login up to its last `@`.
    LoginLocalPart,
    /// A profile attribute by its name; texts, numbers and booleans count, lists do not.
    Attribute(String),
}

/// What a rule compares on the Jira side.
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

    /// The name as it stands in rules.
    pub fn name(self) -> &'static str {
        match self {
            JiraKey::Username => "username",
            JiraKey::Email => "email",
            JiraKey::Key => "key",
        }
    }
}

/// One matching rule: both sides hold the same folded value. Its `Display` is its name,
/// such as `login=username` or `attribute:employeeNumber=key`.
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
    /// Pairs tied by a rule.
    pub matched: u64,
    /// Pairs tied by hand.
    pub pinned: u64,
    /// Okta users in the state ambiguous.
    pub okta_ambiguous: u64,
    /// Jira users in the state ambiguous.
    pub jira_ambiguous: u64,
    /// Okta users without a Jira user.
    pub okta_only: u64,
    /// Jira users without an Okta user.
    pub jira_only: u64,
    /// Pairs by rule, in the order of the rules: the rule's name and its pairs.
    pub by_rule: Vec<(String, u64)>,
}

/// What other rules would do with the present directory. Nothing is written and Okta is not asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MatchPreview {
    /// The counts as they are.
    pub present: MatchCounts,
    /// The counts as they would be.
    pub proposed: MatchCounts,
    /// Pairs that only the other rules tie.
    pub gained: u64,
    /// Pairs of today that the other rules would not tie.
    pub lost: u64,
}
