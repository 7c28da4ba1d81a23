//! The only way to renew, replace or erase the credential. It holds the lease of the tokens. A new credential comes
//! into force only after Okta has accepted it.

use std::sync::Arc;

use super::org_address::OrgAddress;
use super::runtime::CallRuntime;
use super::{Engine, lock};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::org;
use crate::directory::runs::freshness;
use crate::http::Meter;
use crate::model::{Identity, StoredCredential, TokenStore};
use crate::oauth::TokenSource;
use crate::okta::{OktaClient, Organization, accepts, organization};

/// Whether a new credential is tried before it is stored. If the trial fails, nothing changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trial {
    /// Only if it would replace another credential. Otherwise nothing can be lost, and no request is sent.
    #[default]
    WhenReplacing,
    /// Always.
    Always,
    /// Never, for instance when Okta cannot be reached at the moment.
    Never,
}

/// A credential that may come into force.
pub(super) struct NewCredential {
    pub(super) credential: StoredCredential,
    pub(super) address: OrgAddress,
}

impl Engine {
    /// Puts a credential into force, unless it is in force already.
    pub(super) fn install(&self, candidate: NewCredential, trial: Trial) -> Result<()> {
        let NewCredential { credential, address } = candidate;
        // A credential that cannot be decrypted is already lost.
        let present = self.credentials.load().ok().flatten();
        let in_force = present
            .as_ref()
            .is_some_and(|present| is_same(present, &credential));
        let tried = match trial {
            Trial::WhenReplacing => present.is_some() && !in_force,
            Trial::Always => true,
            Trial::Never => false,
        };
        match (tried, in_force) {
            (false, true) => {}
            (false, false) if present.is_none() => self.keep_first(credential)?,
            _ => self.replace(credential, tried, in_force)?,
        }
        *lock(&self.org_address) = Some(address);
        Ok(())
    }

    /// Stores the first credential. It replaces nothing, so Okta is not asked.
    fn keep_first(&self, mut credential: StoredCredential) -> Result<()> {
        let runtime = CallRuntime::new()?;
        let cancel = self.cancel_token();
        let _turn = runtime.get().block_on(cancel.race(self.tokens.turn()))?;
        self.credentials.replace(&mut credential)?;
        self.tokens.forget();
        Ok(())
    }

    fn replace(&self, credential: StoredCredential, tried: bool, in_force: bool) -> Result<()> {
        let runtime = CallRuntime::new()?;
        let source = self.token_source(&runtime)?;
        if in_force {
            // The same credential is already in force, so it is tried and not stored.
            let trial = self.try_out(&runtime, &source, credential);
            return runtime.get().block_on(trial).map(drop);
        }
        let trial = async {
            match tried {
                true => self.try_out(&runtime, &source, credential).await,
                false => Ok(credential),
            }
        };
        runtime.get().block_on(source.install(trial)).map(drop)
    }

    /// Tries a credential at Okta without storing it. First the host must prove that it is an Okta org, and the one
    /// that the directory belongs to. Then Okta must accept the credential.
    async fn try_out(
        &self,
        runtime: &CallRuntime,
        source: &TokenSource,
        credential: StoredCredential,
    ) -> Result<StoredCredential> {
        let client = self
            .client_for(runtime, &credential, self.cancel_token(), Meter::default())?
            .brief();
        self.check_host(&client).await?;
        match &credential.identity {
            Identity::ServiceApp { .. } => source.with_service_token(credential).await,
            Identity::ApiToken(_) => {
                accepts(&client, &credential.status(UnixMillis::now())).await?;
                Ok(credential)
            }
            Identity::None | Identity::App { .. } => {
                Err(Error::internal("a credential that is not connected was tried"))
            }
        }
    }

    /// Asks the host, without a credential, whether it is an Okta org, and the one that the directory belongs to.
    pub(super) async fn check_host(&self, client: &OktaClient) -> Result<Organization> {
        let found = organization(client).await?;
        let known = self.directory.read(org::get)?;
        if known.bound_to().is_none_or(|id| id == found.id) {
            return Ok(found);
        }
        if self.directory.read(freshness::get)?.org_url == client.org().base() {
            // Earlier delta runs may have read another org at this address, so the next run must be full.
            self.directory.write(freshness::doubt)?;
        }
        Err(Error::new(ErrorCode::OrgMismatch))
    }

    /// Revokes and erases the credential. Returns both results.
    pub(super) fn erase(&self) -> Result<(Result<()>, Result<()>)> {
        let runtime = CallRuntime::new()?;
        let wipe = || self.credentials.wipe();
        let outcome = match self.token_source(&runtime) {
            Ok(source) => runtime.get().block_on(source.erase(wipe)),
            // The credential is erased even if the settings do not allow a request to Okta.
            Err(unreachable) => {
                let _turn = runtime.get().block_on(self.tokens.turn());
                let wiped = wipe();
                self.tokens.forget();
                (Err(unreachable), wiped)
            }
        };
        *lock(&self.org_address) = None;
        Ok(outcome)
    }

    /// Runs work while no token is renewed.
    pub(super) fn between_renewals<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let runtime = CallRuntime::new()?;
        let cancel = self.cancel_token();
        let _turn = runtime.get().block_on(cancel.race(self.tokens.turn()))?;
        work()
    }

    /// A token source for one call whose user waits at the screen.
    pub(super) fn token_source(&self, runtime: &CallRuntime) -> Result<TokenSource> {
        let mut context = self.oauth_context(runtime, &self.snapshot(), self.cancel_token())?;
        context.policy = context.policy.brief();
        Ok(TokenSource::new(Arc::clone(&self.tokens), context))
    }
}

/// Whether storing the new credential would change nothing. Tokens and times do not count. A key that binds tokens
/// counts only if the caller asked for it, because an app may require one without that.
fn is_same(present: &StoredCredential, new: &StoredCredential) -> bool {
    (&present.org_url, &present.identity, present.problem) == (&new.org_url, &new.identity, new.problem)
        && (present.dpop_key.is_some() || new.dpop_key.is_none())
}
