//! Hands out an access token that is good now, and renews it: early, once at a time across all threads
//! of the process, with the rotated refresh token kept before the new access token is used.
//!
//! Other processes are kept out by the directory's owner lock, other nodes by the host's cluster lock;
//! what they did meanwhile is read from the store before each renewal.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::http::Response;
use crate::model::{AccessToken, Identity, PendingAuthorization, StoredCredential};
use crate::oauth::dpop::{DpopKey, Proof};
use crate::oauth::exchange::Context;
use crate::oauth::shared_tokens::{SharedTokens, lock};
#[cfg(doc)]
use crate::oauth::under_way::UnderWay;
use crate::secret::Secret;

/// A token is renewed so long before it expires …
const EARLY: Duration = Duration::from_secs(60);
/// … or, if it is short-lived, when this share of its life is left.
const EARLY_SHARE: i64 = 5;
/// What a request to the API carries.
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

/// When a token has to be renewed.
#[derive(Clone, Debug)]
pub(super) enum Need {
    /// If it is missing or about to expire.
    Unexpired,
    /// If it is this one, which was refused.
    Other(Secret),
    /// If it was not obtained after this moment.
    Since(UnixMillis),
}

impl Need {
    /// Whether the credential will do.
    pub(super) fn is_met(&self, credential: &StoredCredential, now: UnixMillis) -> bool {
        let Some(token) = &credential.access_token else {
            return false;
        };
        match self {
            Need::Unexpired => is_fresh(token, now),
            Need::Other(refused) => token.secret != *refused && is_fresh(token, now),
            Need::Since(since) => token.obtained >= *since,
        }
    }
}

/// A token that was obtained in the future is not trusted: the clock was set back.
fn is_fresh(token: &AccessToken, now: UnixMillis) -> bool {
    let lifetime = token.expires.0.saturating_sub(token.obtained.0);
    let early = (lifetime / EARLY_SHARE).min(i64::try_from(EARLY.as_millis()).unwrap_or(i64::MAX));
    now >= token.obtained && now.0 < token.expires.0 - early
}

/// The tokens for one call.
#[derive(Clone, Debug)]
pub struct TokenSource {
    pub(super) shared: Arc<SharedTokens>,
    pub(super) context: Arc<Context>,
}

impl TokenSource {
    /// A source with the settings of one call.
    pub fn new(shared: Arc<SharedTokens>, context: Context) -> TokenSource {
        let context = Arc::new(context);
        TokenSource { shared, context }
    }

    /// The credential as it was last seen.
    pub fn credential(&self) -> Option<StoredCredential> {
        lock(&self.shared.current).clone()
    }

    /// An access token that is good now.
    pub async fn access(&self) -> Result<Access> {
        self.having(Need::Unexpired)
            .await
            .and_then(|credential| access_of(&credential))
    }

    /// An access token that is not the one which Okta refused. Of many that ask at once, one renews.
    pub async fn instead_of(&self, refused: &Access) -> Result<Access> {
        let need = Need::Other(refused.token.clone());
        self.having(need)
            .await
            .and_then(|credential| access_of(&credential))
    }

    /// Renews the access token unless it was obtained after `since`.
    pub async fn refresh(&self, since: UnixMillis) -> Result<StoredCredential> {
        self.having(Need::Since(since)).await
    }

    /// The value of the header `DPoP` for one request to the API; none if tokens are not bound.
    pub fn proof(&self, access: &Access, method: &str, url: &Url) -> Result<Option<String>> {
        let Some(kept) = &access.dpop_key else {
            return Ok(None);
        };
        let nonce = self.shared.api.nonce();
        let proof = Proof {
            method,
            url,
            access_token: Some(&access.token),
            nonce: nonce.as_deref(),
            now: self.shared.api.now(),
        };
        DpopKey::from_kept(kept)?.sign(&proof).map(Some)
    }

    /// Remembers nonce and clock of an answer of the API.
    pub fn note(&self, response: &Response) {
        self.shared.api.note(response);
    }

    /// Whether a refused proof may pass with what was learned from the refusal.
    pub fn may_prove_again(&self, error: &Error) -> bool {
        let wants_nonce = error.okta_error() == Some("use_dpop_nonce");
        wants_nonce && self.shared.api.nonce().is_some() || self.shared.api.skew_is_known()
    }

    /// Completes a sign-in: tokens for the code, kept in place of what was there.
    pub async fn complete(&self, pending: PendingAuthorization, code: Secret) -> Result<StoredCredential> {
        let source = self.clone();
        self.to_the_end(async move { source.complete_now(&pending, &code).await })
            .await
    }

    async fn having(&self, need: Need) -> Result<StoredCredential> {
        let present = lock(&self.shared.current).clone();
        if let Some(credential) = present.filter(|present| need.is_met(present, UnixMillis::now())) {
            return Ok(credential);
        }
        let source = self.clone();
        self.to_the_end(async move { source.renew(need).await }).await
    }

    /// Runs work that must not be dropped half-way: a cancelled call stops waiting, the work goes on
    /// until its runtime is taken down, which waits for it (see [`UnderWay::finish`]).
    async fn to_the_end(
        &self,
        work: impl Future<Output = Result<StoredCredential>> + Send + 'static,
    ) -> Result<StoredCredential> {
        let under_way = self.context.under_way.begin();
        let task = tokio::spawn(async move {
            let outcome = work.await;
            drop(under_way);
            outcome
        });
        let done = self.context.cancel.race(task).await?;
        done.map_err(|_| Error::internal("a renewal panicked"))?
    }
}

fn access_of(credential: &StoredCredential) -> Result<Access> {
    if let Identity::ApiToken(token) = &credential.identity {
        return Ok(Access::api_token(token));
    }
    let token = credential.access_token.as_ref();
    let token = token.ok_or_else(|| Error::internal("a renewed credential without its token"))?;
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
