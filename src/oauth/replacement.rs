//! Replaces one credential by another, or erases one. Both happen under the lease. The old tokens are revoked at
//! Okta, because nobody could revoke them later.

use crate::contract::errors::Result;
use crate::model::StoredCredential;
use crate::oauth::endpoints::Endpoints;
use crate::oauth::jws::unique_id;
use crate::oauth::refusal::Asked;
use crate::oauth::renewer::assertion_key;
use crate::oauth::revocation;
use crate::oauth::token_source::TokenSource;
use crate::secret::Secret;

impl TokenSource {
    /// Puts the credential that `tried` returns into force and revokes the replaced one. Until then, and if `tried`
    /// fails, the present credential stays.
    pub async fn install(
        &self,
        tried: impl Future<Output = Result<StoredCredential>>,
    ) -> Result<StoredCredential> {
        let cancel = &self.renewer.context.cancel;
        let _lease = cancel.race(self.renewer.shared.turn()).await?;
        let credential = cancel.race(tried).await??;
        self.put_in_place(credential).await
    }

    /// Puts a credential into force that was already tried. The caller holds the lease.
    pub(super) async fn put_in_place(&self, credential: StoredCredential) -> Result<StoredCredential> {
        // A credential that cannot be decrypted cannot be revoked either, so such an error is ignored.
        let replaced = self.renewer.shared.newest().ok().flatten();
        let kept = self.renewer.shared.replace(credential)?;
        if let Some(replaced) = replaced.filter(|replaced| !shares_tokens(replaced, &kept)) {
            self.revoke_replaced(&replaced).await;
        }
        Ok(kept)
    }

    /// Revokes the replaced credential. If this fails, the new credential stays in force.
    async fn revoke_replaced(&self, replaced: &StoredCredential) {
        self.revoke_or_warn(replaced, "replaced").await;
    }

    /// Revokes tokens that were granted but cannot be used.
    pub(super) async fn revoke_unused(&self, unused: &StoredCredential) {
        self.revoke_or_warn(unused, "unusable").await;
    }

    async fn revoke_or_warn(&self, credential: &StoredCredential, what: &str) {
        let log = &self.renewer.context.log;
        match self.revoke(credential).await {
            Ok(true) => log.info(format!("the {what} sign-in was revoked at Okta")),
            Ok(false) => {}
            Err(error) => log.warn(format!(
                "the {what} sign-in could not be revoked; revoke the app's tokens in Okta: {error}"
            )),
        }
    }

    /// Revokes the tokens at Okta, then lets `wipe` erase the credential even if the revocation failed. Returns
    /// both results: of the revocation first, of the erasure second.
    pub async fn erase(&self, wipe: impl FnOnce() -> Result<()>) -> (Result<()>, Result<()>) {
        let _lease = self.renewer.shared.turn().await;
        let revoked = match self.renewer.shared.newest() {
            Ok(Some(credential)) => self.revoke(&credential).await.map(drop),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        let wiped = wipe();
        self.renewer.shared.forget();
        (revoked, wiped)
    }

    /// Checks that Okta knows the app of a sign-in that has not been made yet. It asks Okta to revoke a random
    /// token: Okta then checks client id and secret, and an unknown token is no error (RFC 7009 §2.2).
    pub async fn knows(&self, app: &StoredCredential) -> Result<()> {
        let endpoints = Endpoints::of(&app.org_url)?;
        let nobodys = Secret::text(unique_id()?);
        let exchange = self.renewer.exchange(Asked::AboutToken, None, None);
        revocation::revoke(
            &exchange,
            &endpoints.revoke,
            &app.identity,
            &nobodys,
            "access_token",
        )
        .await
    }

    /// Revokes the refresh token with all its access tokens, or the access token if there is no refresh token.
    /// Returns whether there was a token to revoke. An API token is never revoked, because it may be in use
    /// elsewhere.
    async fn revoke(&self, credential: &StoredCredential) -> Result<bool> {
        let access = credential
            .access_token
            .as_ref()
            .map(|token| (&token.secret, "access_token"));
        let refresh = credential
            .refresh_token
            .as_ref()
            .map(|token| (token, "refresh_token"));
        let Some((token, hint)) = refresh.or(access) else {
            return Ok(false);
        };
        let endpoints = Endpoints::of(&credential.org_url)?;
        let assertion_key = assertion_key(&credential.identity)?;
        let exchange = self
            .renewer
            .exchange(Asked::AboutToken, assertion_key.as_ref(), None);
        let revoke = revocation::revoke(&exchange, &endpoints.revoke, &credential.identity, token, hint);
        revoke.await.map(|()| true)
    }
}

/// Whether revoking one credential would also revoke the other.
fn shares_tokens(one: &StoredCredential, other: &StoredCredential) -> bool {
    one.refresh_token.is_some() && one.refresh_token == other.refresh_token
}
