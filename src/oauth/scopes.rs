//! Which scopes are asked for: those in the setting, else those of the features.

use crate::config::{Key, Settings};

/// Reading users is what the engine is for; groups and schemas are read where they are allowed. Okta
/// leaves out what the app has no grant for, as long as one scope is granted.
const DEFAULT_SCOPES: &[&str] = &["okta.users.read", "okta.groups.read", "okta.schemas.read"];

/// The scopes to ask for, without `offline_access`.
pub fn requested_scopes(settings: &Settings) -> Vec<String> {
    let wanted: Vec<String> = settings
        .text(Key::OauthScopes)
        .split([' ', ','])
        .filter(|scope| !scope.is_empty() && *scope != OFFLINE_ACCESS)
        .map(str::to_owned)
        .collect();
    if wanted.is_empty() {
        return DEFAULT_SCOPES.iter().map(|scope| (*scope).to_owned()).collect();
    }
    wanted
}

/// Asks for a refresh token (OpenID Connect Core §11).
pub(super) const OFFLINE_ACCESS: &str = "offline_access";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_replaces_the_default() {
        let mut settings = Settings::default();
        assert_eq!(requested_scopes(&settings)[0], "okta.users.read");
        let scopes = " okta.users.read,okta.users.manage  offline_access ";
        settings.set("oauth.scopes", scopes).expect("any text");
        assert_eq!(
            requested_scopes(&settings),
            ["okta.users.read", "okta.users.manage"]
        );
    }
}
