//! The stored credential, its tokens, what an administrator may know about them, and the one trait through
//! which the OAuth side stores them without knowing where.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::contract::choices::CredentialKind;
use crate::contract::errors::{ErrorCode, Result};
use crate::secret::Secret;

/// How long before its end a sign-in is warned about. Okta ends it 90 days after the user signed in
/// (Okta "Refresh token expiration behaviour").
pub const SIGN_IN_WARNING_DAYS: u64 = 14;

/// Authenticates to Okta. Secrets are hidden in `Debug` and wiped when dropped.
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
        /// Where Okta sent the user back to.
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
    /// When it expires, by this machine's clock, counted from when it was asked for.
    pub expires: UnixMillis,
}

/// The credential of a directory, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCredential {
    /// Raised with every change; of two copies the greater one counts.
    pub sequence: u64,
    /// The org, after normalisation. Its secrets are sent nowhere else.
    pub org_url: String,
    /// Who asks.
    pub identity: Identity,
    /// The access token, if one is at hand.
    pub access_token: Option<AccessToken>,
    /// The refresh token, if there is one.
    pub refresh_token: Option<Secret>,
    /// The scopes of the last access token.
    pub scopes: Vec<String>,
    /// When the refresh token expires, if Okta told.
    pub sign_in_ends: Option<UnixMillis>,
    /// The key that binds the tokens (PKCS#8, base64), if DPoP is on.
    pub dpop_key: Option<Secret>,
    /// Why Okta no longer accepts it, if that is known.
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

    /// Its kind.
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

    /// What an administrator may know about it.
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
    /// Whether that is within 14 days, or over.
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

/// A sign-in that was begun: where the user goes, and until when Okta may send them back.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// Where the user signs in and consents.
    pub url: String,
    /// The state that comes back with the answer.
    pub state: String,
    /// Until when the answer is accepted.
    pub expires: UnixMillis,
}

/// Shows neither URL nor state: who knows the state can answer in the user's place.
impl std::fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// A sign-in that waits for Okta's answer, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAuthorization {
    /// The state that was sent; what comes back must equal it.
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

/// Where the credential is kept. The OAuth side asks for it and hands it back; it does not know of
/// files or keys.
pub trait TokenStore: Send + Sync {
    /// The present credential, which another process or node may have changed; none while not connected.
    fn load(&self) -> Result<Option<StoredCredential>>;

    /// Saves a credential that was loaded and changed, under the next sequence number, which is set in it.
    /// When this returns, it survives a power cut. Fails with [`ErrorCode::Busy`] if another one was put in
    /// its place meanwhile.
    fn save(&self, credential: &mut StoredCredential) -> Result<()>;

    /// Saves the credential, whatever was stored before.
    fn replace(&self, credential: &mut StoredCredential) -> Result<()>;
}
