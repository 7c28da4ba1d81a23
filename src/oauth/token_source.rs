//! Hands out a valid access token. If there is none, the [`Renewer`] gets one first.

use std::sync::Arc;

use url::Url;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::http::{Response, Transport};
use crate::model::{Identity, StoredCredential};
use crate::oauth::dpop::{DpopKey, Proof};
use crate::oauth::exchange::Context;
use crate::oauth::renewer::{Renewer, TokenNeed};
use crate::oauth::shared_tokens::{SharedTokens, lock};
use crate::secret::Secret;

/// The credential that a request to the API carries.
#[derive(Clone, Debug)]
pub struct Access {
    /// `SSWS`, `Bearer` or `DPoP`.
    pub scheme: &'static str,
    /// The access token.
    pub token: Secret,
    dpop_key: Option<Secret>,
}

impl Access {
    /// An API token, which has no app behind it.
    pub fn api_token(token: &Secret) -> Access {
        Access {
            scheme: "SSWS",
            token: token.clone(),
            dpop_key: None,
        }
    }
}

/// The tokens for one call.
#[derive(Clone, Debug)]
pub struct TokenSource {
    pub(super) renewer: Renewer,
}

impl TokenSource {
    /// A token source with the settings of one call.
    pub fn new(shared: Arc<SharedTokens>, context: Context) -> TokenSource {
        let context = Arc::new(context);
        TokenSource {
            renewer: Renewer { shared, context },
        }
    }

    /// The transport of the call.
    pub fn transport(&self) -> Transport {
        self.renewer.context.transport.clone()
    }

    /// The last known credential; it is not read from the store.
    pub fn credential(&self) -> Option<StoredCredential> {
        lock(&self.renewer.shared.current).clone()
    }

    /// An access token that is valid now.
    pub async fn access(&self) -> Result<Access> {
        self.having(TokenNeed::Unexpired)
            .await
            .and_then(|credential| access_of(&credential))
    }

    /// Another access token than the one that Okta refused. If many calls ask at once, only one of them renews.
    pub async fn instead_of(&self, refused: &Access) -> Result<Access> {
        let need = TokenNeed::Other(refused.token.clone());
        self.having(need)
            .await
            .and_then(|credential| access_of(&credential))
    }

    /// Renews the access token unless it was obtained at `since` or later.
    pub async fn refresh(&self, since: UnixMillis) -> Result<StoredCredential> {
        self.having(TokenNeed::Since(since)).await
    }

    /// The value of the header `DPoP` for one request to the API; none if the token is not bound to a key.
    pub fn proof(&self, access: &Access, method: &str, url: &Url) -> Result<Option<String>> {
        let Some(kept) = &access.dpop_key else {
            return Ok(None);
        };
        let nonce = self.renewer.shared.api.nonce();
        let proof = Proof {
            method,
            url,
            access_token: Some(&access.token),
            nonce: nonce.as_deref(),
            now: self.renewer.shared.api.now(),
        };
        DpopKey::from_kept(kept)?.sign(&proof).map(Some)
    }

    /// Remembers the nonce and the clock of an answer of the API.
    pub fn note(&self, response: &Response) {
        self.renewer.shared.api.note(response);
    }

    /// Whether a refused proof may succeed now, with the nonce or the clock that came with the refusal.
    pub fn may_prove_again(&self, error: &Error) -> bool {
        let wants_nonce = error.okta_error() == Some("use_dpop_nonce");
        wants_nonce && self.renewer.shared.api.nonce().is_some() || self.renewer.shared.api.skew_is_known()
    }

    /// Gets a new access token for a service app. The result is not saved.
    pub async fn with_service_token(&self, app: StoredCredential) -> Result<StoredCredential> {
        self.renewer.with_service_token(app).await
    }

    async fn having(&self, need: TokenNeed) -> Result<StoredCredential> {
        let present = lock(&self.renewer.shared.current).clone();
        if let Some(credential) = present.filter(|present| need.is_met(present, UnixMillis::now())) {
            return Ok(credential);
        }
        let renewer = self.renewer.clone();
        let renewal = async move { renewer.renew(need).await };
        self.renewer.to_the_end(renewal).await
    }
}

fn access_of(credential: &StoredCredential) -> Result<Access> {
    if let Identity::ApiToken(token) = &credential.identity {
        return Ok(Access::api_token(token));
    }
    let token = credential.access_token.as_ref();
    let token = token.ok_or_else(|| Error::internal("a renewed credential has no access token"))?;
    Ok(Access {
        scheme: if credential.dpop_key.is_some() {
            "DPoP"
        } else {
            "Bearer"
        },
        token: token.secret.clone(),
        dpop_key: credential.dpop_key.clone(),
    })
}
