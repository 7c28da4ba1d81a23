//! Decides which of the requested scopes are granted.

use super::OAuthApp;

/// The scopes that the user's guide grants.
pub(super) const GUIDE_SCOPES: &[&str] = &[
    "okta.users.read",
    "okta.users.manage",
    "okta.eventHooks.read",
    "okta.eventHooks.manage",
    "okta.groups.read",
    "okta.groups.manage",
    "okta.schemas.read",
];

/// Scopes that every app may request.
pub(super) const OIDC_SCOPES: &[&str] = &[
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
    "groups",
];

/// Why scopes are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// No scope was requested.
    Nothing,
    /// One of them does not exist.
    Unknown,
    /// The app has a grant for none of them.
    NoneGranted,
}

impl Refused {
    /// The error and its description, from Okta's catalogue.
    pub(super) fn error(self) -> (&'static str, &'static str) {
        match self {
            Refused::Nothing => ("invalid_scope", "No scopes were requested."),
            Refused::Unknown => (
                "invalid_scope",
                "One or more scopes are not configured for the authorization server resource.",
            ),
            Refused::NoneGranted => (
                "consent_required",
                "You are not allowed any of the requested scopes.",
            ),
        }
    }
}

/// The scopes of `text` that the app gets. Scopes without a grant are dropped without an error if at least one
/// other scope has a grant.
pub(super) fn granted(app: &OAuthApp, text: &str) -> Result<Vec<String>, Refused> {
    let asked: Vec<&str> = text.split_whitespace().collect();
    if asked.is_empty() {
        return Err(Refused::Nothing);
    }
    if !asked.iter().all(|scope| is_known(scope)) {
        return Err(Refused::Unknown);
    }
    let has = |scope: &&str| {
        let of_oidc = OIDC_SCOPES.contains(scope) && (*scope != "offline_access" || app.refresh_token_grant);
        of_oidc || app.granted_scopes.iter().any(|held| held == scope)
    };
    let given: Vec<String> = asked.iter().copied().filter(has).map(str::to_owned).collect();
    let about_okta = |scope: &&str| scope.starts_with("okta.");
    let asked_for_okta = asked.iter().any(about_okta);
    if given.is_empty() || asked_for_okta && !given.iter().any(|scope| about_okta(&scope.as_str())) {
        return Err(Refused::NoneGranted);
    }
    Ok(given)
}

fn is_known(scope: &str) -> bool {
    let of_okta = scope.starts_with("okta.")
        && [".read", ".manage", ".manage.self", ".read.self"]
            .iter()
            .any(|end| scope.ends_with(end));
    of_okta || OIDC_SCOPES.contains(&scope)
}
