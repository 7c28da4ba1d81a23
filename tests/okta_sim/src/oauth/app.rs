//! OAuth apps, as an administrator registers them in the Admin Console.

use std::time::Duration;

use super::PublicKey;
use super::scopes::GUIDE_SCOPES;
use crate::api::Role;

/// Whether the refresh token changes when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshTokens {
    /// "Use persistent token": the refresh token never changes.
    Persistent,
    /// "Rotate token after every use"; the earlier token stays valid for the grace period.
    Rotating {
        /// The grace period; Okta allows up to 60 seconds.
        grace: Duration,
    },
}

/// One app. All fields may be changed while the org runs.
#[derive(Clone, Debug)]
pub struct OAuthApp {
    /// Its public name.
    pub client_id: String,
    /// The secret of a web app; empty for a service app.
    pub client_secret: String,
    /// Sign-in redirect URIs of a web app, compared exactly.
    pub redirect_uris: Vec<String>,
    /// The public keys of a service app. An app with at least one key is a service app.
    pub public_keys: Vec<PublicKey>,
    /// The scopes under "Okta API Scopes".
    pub granted_scopes: Vec<String>,
    /// Whether the grant type Refresh Token is switched on.
    pub refresh_token_grant: bool,
    /// Whether the refresh token changes when it is used.
    pub refresh_tokens: RefreshTokens,
    /// Whether an authorization without PKCE is refused.
    pub requires_pkce: bool,
    /// Whether a person must press a button; otherwise the answer comes at once.
    pub consent_page: bool,
    /// Whether the signing-in user is assigned to the app.
    pub user_assigned: bool,
    /// Whether tokens must be bound to a key (DPoP).
    pub dpop_required: bool,
    /// The admin role of the signing-in user, or of the service app itself.
    pub role: Role,
    /// How long a code lives.
    pub code_lifetime: Duration,
    /// How long an access token lives.
    pub access_token_lifetime: Duration,
    /// How long a refresh token lives, counted from the sign-in; rotation does not extend it.
    pub sign_in_lifetime: Duration,
}

impl OAuthApp {
    /// A web app as in the user's guide: persistent tokens, seven scopes.
    pub fn web(redirect_uris: &[&str]) -> OAuthApp {
        OAuthApp {
            client_id: "0oa1simulatedweb0001".to_owned(),
            client_secret: "simulated-client-secret-0123456789-abcdefgh".to_owned(),
            redirect_uris: owned(redirect_uris),
            public_keys: Vec::new(),
            granted_scopes: owned(GUIDE_SCOPES),
            refresh_token_grant: true,
            refresh_tokens: RefreshTokens::Persistent,
            requires_pkce: false,
            consent_page: false,
            user_assigned: true,
            dpop_required: false,
            role: Role::SuperAdmin,
            code_lifetime: Duration::from_secs(300),
            access_token_lifetime: Duration::from_secs(3_600),
            sign_in_lifetime: Duration::from_secs(90 * 86_400),
        }
    }

    /// A service app: private_key_jwt, no user, no refresh tokens.
    pub fn service(public_keys: Vec<PublicKey>) -> OAuthApp {
        OAuthApp {
            client_id: "0oa1simulatedservice".to_owned(),
            client_secret: String::new(),
            public_keys,
            refresh_token_grant: false,
            ..OAuthApp::web(&[])
        }
    }

    /// Whether it is a service app.
    pub fn is_service(&self) -> bool {
        !self.public_keys.is_empty()
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}
