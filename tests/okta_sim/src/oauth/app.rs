//! OAuth apps as an administrator registers them in the Admin Console.

use std::time::Duration;

use super::PublicKey;
use super::scopes::GUIDE_SCOPES;
use crate::api::Role;

/// Whether refreshing changes the refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshTokens {
    /// "Use persistent token": always the same one.
    Persistent,
    /// "Rotate token after every use"; the one before stays good for the grace period.
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
    /// The public keys of a service app; a service app is one that has any.
    pub public_keys: Vec<PublicKey>,
    /// The scopes under "Okta API Scopes".
    pub granted_scopes: Vec<String>,
    /// Whether the grant type Refresh Token is ticked.
    pub refresh_token_grant: bool,
    /// Whether refreshing changes the refresh token.
    pub refresh_tokens: RefreshTokens,
    /// Whether an authorization without PKCE is refused.
    pub requires_pkce: bool,
    /// Whether a person has to press a button; if not, the answer comes at once.
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
    /// How long a refresh token lives from the sign-in on, whatever rotation does.
    pub sign_in_lifetime: Duration,
}

impl OAuthApp {
    /// A web app as the user's guide has it: persistent tokens, seven scopes.
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
