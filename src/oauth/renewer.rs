//! Renews tokens: decides how to get the next access token, and stores what was granted.
//!
//! A token is renewed before it expires, and only one thread of the process renews at a time: everything here runs
//! under the lease. Granted tokens are saved before anybody uses them. The directory's owner lock keeps other
//! processes out, and the host's cluster lock keeps other nodes out. Before each renewal the store is read, because
//! another node may have renewed meanwhile.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::OwnedMutexGuard;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::{AccessToken, Identity, StoredCredential};
use crate::oauth::client_assertion::AssertionKey;
use crate::oauth::endpoints::Endpoints;
use crate::oauth::exchange::{Context, Exchange};
use crate::oauth::grant::{self, Granted};
use crate::oauth::refusal::Asked;
use crate::oauth::revocation;
use crate::oauth::shared_tokens::{SharedTokens, lock};
#[cfg(doc)]
use crate::oauth::under_way::UnderWay;
use crate::secret::Secret;

/// A token is renewed this long before it expires.
const EARLY: Duration = Duration::from_secs(60);
/// A short-lived token is renewed when one fifth of its life is left.
const EARLY_SHARE: i64 = 5;
/// If Okta did not say when the sign-in ends, we ask again after this time.
const INTROSPECTION_PAUSE: Duration = Duration::from_secs(3_600);

/// What makes a renewal necessary.
#[derive(Clone, Debug)]
pub(super) enum TokenNeed {
    /// The token is missing or about to expire.
    Unexpired,
    /// The token is still this one, which Okta refused.
    Other(Secret),
    /// The token was obtained before this moment.
    Since(UnixMillis),
}

impl TokenNeed {
    /// Whether the credential meets the need.
    pub(super) fn is_met(&self, credential: &StoredCredential, now: UnixMillis) -> bool {
        let Some(token) = &credential.access_token else {
            return false;
        };
        match self {
            TokenNeed::Unexpired => is_fresh(token, now),
            TokenNeed::Other(refused) => token.secret != *refused && is_fresh(token, now),
            TokenNeed::Since(since) => token.obtained >= *since,
        }
    }
}

/// A token from the future counts as old: the clock was set back, so the age of the token is unknown.
fn is_fresh(token: &AccessToken, now: UnixMillis) -> bool {
    let lifetime = token.expires.0.saturating_sub(token.obtained.0);
    let early = (lifetime / EARLY_SHARE).min(i64::try_from(EARLY.as_millis()).unwrap_or(i64::MAX));
    now >= token.obtained && now.0 < token.expires.0 - early
}

/// Renews the tokens of one engine with the settings of one call.
#[derive(Clone, Debug)]
pub(super) struct Renewer {
    pub(super) shared: Arc<SharedTokens>,
    pub(super) context: Arc<Context>,
}

impl Renewer {
    /// Runs work that must not be stopped half-way. A cancelled call stops waiting for it, but the work goes on.
    /// The call's runtime waits for the work before it shuts down (see [`UnderWay::finish`]).
    pub(super) async fn to_the_end(
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

    /// Renews the credential and returns it. Nothing is renewed if the stored credential meets the need by now.
    pub(super) async fn renew(&self, need: TokenNeed) -> Result<StoredCredential> {
        let _lease = self.lease().await?;
        // The earlier holder of the lease, or another node, may have renewed the token.
        let present = self.present()?;
        if need.is_met(&present, UnixMillis::now()) {
            return Ok(present);
        }
        self.context.under_way.wind_down().check()?;
        if let Some(problem) = present.problem {
            return Err(Error::new(problem));
        }
        match &present.identity {
            Identity::None => Err(Error::new(ErrorCode::NotConnected)),
            // There is nothing to renew: an API token is valid until it is revoked.
            Identity::ApiToken(_) => Ok(present),
            Identity::App { .. } => self.refresh_app(present).await,
            Identity::ServiceApp { .. } => self.ask_for_service_app(present).await,
        }
    }

    /// Waits for the lease, which is the right to ask for tokens. Fails if the call ends first.
    pub(super) async fn lease(&self) -> Result<OwnedMutexGuard<()>> {
        self.context.under_way.wind_down().race(self.shared.turn()).await
    }

    /// The credential to start from. A credential that could not be saved comes first, because it holds the only
    /// refresh token that still works.
    fn present(&self) -> Result<StoredCredential> {
        let unsaved = lock(&self.shared.unsaved).take();
        if let Some(credential) = unsaved {
            match self.shared.save(credential) {
                // The credential was saved in part, or another one replaced it: the stored one counts.
                Err(error) if error.code() == ErrorCode::Busy => {}
                outcome => return outcome,
            }
        }
        self.shared
            .load()?
            .ok_or_else(|| Error::new(ErrorCode::NotConnected))
    }

    async fn refresh_app(&self, present: StoredCredential) -> Result<StoredCredential> {
        let used = present.refresh_token.clone();
        let Some(refresh_token) = used else {
            return Err(Error::new(ErrorCode::SignInEnded));
        };
        match self.ask_with(&present, &refresh_token).await {
            Ok(granted) => {
                let unusable = granted.access_token.as_ref().err().cloned();
                // The token is saved first; a token that is not saved is never handed out.
                let renewed = self.shared.save(with_granted(present, granted))?;
                if let Some(error) = unusable {
                    return Err(error);
                }
                self.context.log.info("the access token was renewed");
                Ok(self.learn_end(renewed).await)
            }
            Err(error) if error.code() == ErrorCode::SignInEnded => self.end_sign_in(&refresh_token, error),
            Err(error) => Err(error),
        }
    }

    async fn ask_with(&self, present: &StoredCredential, refresh_token: &Secret) -> Result<Granted> {
        let Identity::App {
            client_id,
            client_secret,
            ..
        } = &present.identity
        else {
            return Err(Error::internal("a refresh token has no app"));
        };
        let endpoints = Endpoints::of(&present.org_url)?;
        let client = grant::client(&endpoints, client_id, client_secret.as_ref(), None)?;
        let exchange = self.exchange(Asked::Refresh, None, present.dpop_key.clone());
        grant::by_refresh_token(&client, &exchange, refresh_token).await
    }

    /// Records that Okta no longer accepts the refresh token, so that nobody tries it again. If another node has
    /// stored a new refresh token meanwhile, nothing is recorded.
    fn end_sign_in(&self, used: &Secret, error: Error) -> Result<StoredCredential> {
        let Some(mut credential) = self.shared.load()? else {
            return Err(error);
        };
        if credential.refresh_token.as_ref() == Some(used) {
            credential.problem = Some(ErrorCode::SignInEnded);
            credential.access_token = None;
            credential.refresh_token = None;
            self.shared.save(credential)?;
            self.context
                .log
                .warn("the sign-in with Okta has ended; connect again");
        }
        Err(error)
    }

    async fn ask_for_service_app(&self, present: StoredCredential) -> Result<StoredCredential> {
        let renewed = self.shared.save(self.with_service_token(present).await?)?;
        self.context.log.info("the service app has a new access token");
        Ok(renewed)
    }

    /// Gets a new access token for a service app. The result is not saved.
    pub(super) async fn with_service_token(&self, app: StoredCredential) -> Result<StoredCredential> {
        let endpoints = Endpoints::of(&app.org_url)?;
        let client = grant::client(&endpoints, app.client_id(), None, None)?;
        let assertion_key = assertion_key(&app.identity)?;
        let dpop_key = app.dpop_key.clone();
        let exchange = self.exchange(Asked::ClientCredentials, assertion_key.as_ref(), dpop_key);
        let granted = grant::by_client_credentials(&client, &exchange).await?;
        granted.access_token.clone()?;
        Ok(with_granted(app, granted))
    }

    /// Asks Okta when the sign-in ends. Once is enough, because rotation does not extend a sign-in. If Okta does
    /// not answer that, the renewal is still a success.
    pub(super) async fn learn_end(&self, credential: StoredCredential) -> StoredCredential {
        let Some(refresh_token) = credential
            .refresh_token
            .clone()
            .filter(|_| credential.sign_in_ends.is_none())
        else {
            return credential;
        };
        let asked = lock(&self.shared.introspected).replace(Instant::now());
        if asked.is_some_and(|at| at.elapsed() < INTROSPECTION_PAUSE) {
            return credential;
        }
        let Ok(endpoints) = Endpoints::of(&credential.org_url) else {
            return credential;
        };
        let mut context = Context::clone(&self.context);
        context.policy = context.policy.brief();
        context.policy.max_attempts = 1;
        let exchange = Exchange {
            context: &context,
            ..self.exchange(Asked::AboutToken, None, None)
        };
        let ends = revocation::end_of_sign_in(
            &exchange,
            &endpoints.introspect,
            &credential.identity,
            &refresh_token,
        )
        .await;
        match ends {
            Ok(Some(ends)) => {
                let known = StoredCredential {
                    sign_in_ends: Some(ends),
                    ..credential.clone()
                };
                self.shared.save(known).unwrap_or(credential)
            }
            Ok(None) => credential,
            Err(error) => {
                self.context
                    .log
                    .debug(format!("the end of the sign-in is not known: {error}"));
                credential
            }
        }
    }

    pub(super) fn exchange<'a>(
        &'a self,
        asked: Asked,
        assertion_key: Option<&'a AssertionKey>,
        dpop_key: Option<Secret>,
    ) -> Exchange<'a> {
        Exchange {
            context: &self.context,
            server: &self.shared.server,
            proven: self.shared.proven(),
            asked,
            assertion_key,
            dpop_key: Mutex::new(dpop_key),
            sent: Mutex::new(UnixMillis::now()),
        }
    }
}

/// The credential with the granted tokens.
pub(super) fn with_granted(mut credential: StoredCredential, granted: Granted) -> StoredCredential {
    credential.access_token = granted.access_token.ok().map(|secret| AccessToken {
        secret,
        obtained: UnixMillis::now(),
        expires: granted.expires,
    });
    // The answer may omit a refresh token that does not rotate, so the old one is kept.
    credential.refresh_token = granted.refresh_token.or(credential.refresh_token);
    credential.scopes = granted.scopes.unwrap_or(credential.scopes);
    credential.dpop_key = granted.dpop_key;
    credential.problem = None;
    credential
}

pub(super) fn assertion_key(identity: &Identity) -> Result<Option<AssertionKey>> {
    match identity {
        Identity::ServiceApp {
            client_id,
            private_key,
            key_id,
        } => AssertionKey::new(private_key, key_id, client_id).map(Some),
        Identity::None | Identity::ApiToken(_) | Identity::App { .. } => Ok(None),
    }
}
