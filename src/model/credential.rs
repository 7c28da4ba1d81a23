//! The stored credential, its tokens, and what an administrator may know about them. The trait [`TokenStore`] lets
//! the OAuth side store them without knowing where.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::contract::choices::CredentialKind;
use crate::contract::errors::{ErrorCode, Result};
use crate::secret::Secret;

/// How many days before its end a sign-in gets a warning. Okta ends a sign-in 90 days after the user signed in
/// (Okta "Refresh token expiration behaviour").
pub const SIGN_IN_WARNING_DAYS: u64 = 14;

/// Who the engine is for Okta. Secrets are hidden in `Debug` and wiped when dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Nothing: never connected, or disconnected.
    None,
    /// An API token.
    ApiToken(Secret),
    /// An app in which a user has signed in.
    App {
        /// The client id.
        client_id: String,
        /// The client secret; none for a public client.
        client_secret: Option<Secret>,
        /// The address that Okta sent the user back to.
        redirect_uri: String,
    },
    /// A service app.
    ServiceApp {
        /// The client id.
        client_id: String,
        /// The private key as PEM.
        private_key: Secret,
        /// The id of its public key in Okta; empty if the app has only one.
        key_id: String,
    },
}

/// An access token and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The token.
    pub secret: Secret,
    /// When it was obtained.
    pub obtained: UnixMillis,
    /// When it expires, by this machine's clock. The lifetime counts from the request for the token.
    pub expires: UnixMillis,
}

/// The credential of a directory, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCredential {
    /// Grows with every change. Of two copies the one with the greater number counts.
    pub sequence: u64,
    /// The org, in its normalised form. The secrets are sent to no other host.
    pub org_url: String,
    /// Who the engine is for Okta.
    pub identity: Identity,
    /// The access token; none if there is none yet.
    pub access_token: Option<AccessToken>,
    /// The refresh token; none if there is none.
    pub refresh_token: Option<Secret>,
    /// The scopes of the last access token.
    pub scopes: Vec<String>,
    /// When the sign-in ends; none if Okta did not say.
    pub sign_in_ends: Option<UnixMillis>,
    /// The key that binds the tokens (PKCS#8, base64), if DPoP is on.
    pub dpop_key: Option<Secret>,
    /// Why Okta no longer accepts the credential; none if it does, or if nothing is known.
    pub problem: Option<ErrorCode>,
}

impl StoredCredential {
    /// A credential without tokens.
    pub fn new(org_url: &str, identity: Identity) -> StoredCredential {
        StoredCredential {
            sequence: 0,
            org_url: org_url.to_owned(),
            identity,
            access_token: None,
            refresh_token: None,
            scopes: Vec::new(),
            sign_in_ends: None,
            dpop_key: None,
            problem: None,
        }
    }

    /// The kind of the credential.
    pub fn kind(&self) -> CredentialKind {
        match self.identity {
            Identity::None => CredentialKind::None,
            Identity::ApiToken(_) => CredentialKind::ApiToken,
            Identity::App { .. } => CredentialKind::Oauth,
            Identity::ServiceApp { .. } => CredentialKind::ServiceApp,
        }
    }

    /// The client id; empty for an API token.
    pub fn client_id(&self) -> &str {
        match &self.identity {
            Identity::None | Identity::ApiToken(_) => "",
            Identity::App { client_id, .. } | Identity::ServiceApp { client_id, .. } => client_id,
        }
    }

    /// What an administrator may know about the credential.
    pub fn status(&self, now: UnixMillis) -> TokenStatus {
        let warn_from =
            |ends: UnixMillis| ends.minus(std::time::Duration::from_secs(SIGN_IN_WARNING_DAYS * 86_400));
        TokenStatus {
            kind: self.kind(),
            org_url: self.org_url.clone(),
            client_id: self.client_id().to_owned(),
            scopes: self.scopes.clone(),
            access_token_obtained: self.access_token.as_ref().map(|token| token.obtained),
            access_token_expires: self.access_token.as_ref().map(|token| token.expires),
            sign_in_ends: self.sign_in_ends,
            sign_in_warning: self.sign_in_ends.is_some_and(|ends| now >= warn_from(ends)),
            dpop: self.dpop_key.is_some(),
            problem: self.problem.map_or(0, ErrorCode::number),
        }
    }
}

/// What an administrator may know about the credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenStatus {
    /// The kind of credential.
    pub kind: CredentialKind,
    /// The org; empty while not connected.
    pub org_url: String,
    /// The client id; empty for an API token.
    pub client_id: String,
    /// The scopes of the last access token; empty for an API token.
    pub scopes: Vec<String>,
    /// When the access token was obtained; none if there is none.
    pub access_token_obtained: Option<UnixMillis>,
    /// When the access token expires; none if there is none.
    pub access_token_expires: Option<UnixMillis>,
    /// When the user must sign in again; none if unknown or never.
    pub sign_in_ends: Option<UnixMillis>,
    /// Whether the sign-in ends within 14 days or has ended.
    pub sign_in_warning: bool,
    /// Whether the tokens are bound to a key (DPoP).
    pub dpop: bool,
    /// Number of the error that keeps the credential from being used; 0 if none.
    pub problem: i32,
}

impl TokenStatus {
    /// The status while not connected.
    pub fn none() -> TokenStatus {
        StoredCredential::new("", Identity::None).status(UnixMillis(0))
    }
}

/// A sign-in that has begun: where the user goes, and until when Okta's answer is accepted.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The address where the user signs in and consents.
    pub url: String,
    /// The state that comes back with the answer.
    pub state: String,
    /// Until when the answer is accepted.
    pub expires: UnixMillis,
}

/// Shows neither URL nor state, because anybody who knows the state can answer instead of the user.
impl std::fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// A sign-in that waits for Okta's answer, in its stored form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAuthorization {
    /// The state that was sent. The answer must contain the same one.
    pub state: Secret,
    /// The org.
    pub org_url: String,
    /// The client id.
    pub client_id: String,
    /// The client secret; none for a public client.
    pub client_secret: Option<Secret>,
    /// The redirect URI that was sent; the token request repeats it.
    pub redirect_uri: String,
    /// The PKCE code verifier (RFC 7636 §4.1).
    pub code_verifier: Secret,
    /// The key that binds the tokens (PKCS#8, base64), if DPoP is on.
    pub dpop_key: Option<Secret>,
    /// Until when the answer is accepted.
    pub expires: UnixMillis,
}

/// The place where the credential is kept. The OAuth side loads and saves it here and knows nothing of files or
/// keys.
pub trait TokenStore: Send + Sync {
    /// The present credential, which another process or node may have changed; none while not connected.
    fn load(&self) -> Result<Option<StoredCredential>>;

    /// Saves a credential that was loaded and changed, with the next sequence number, which is also set in
    /// `credential`. When this returns, the credential survives a power cut. Fails with [`ErrorCode::Busy`] if
    /// another credential was stored meanwhile.
    fn save(&self, credential: &mut StoredCredential) -> Result<()>;

    /// Saves the credential in place of any other.
    fn replace(&self, credential: &mut StoredCredential) -> Result<()>;
}
