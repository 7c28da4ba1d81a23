//! The end of a sign-in: gets tokens for the code that Okta sent, and replaces the credential by them.

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::{Identity, PendingAuthorization, StoredCredential};
use crate::oauth::endpoints::Endpoints;
use crate::oauth::grant;
use crate::oauth::refusal::Asked;
use crate::oauth::renewer::with_granted;
use crate::oauth::token_source::TokenSource;
use crate::secret::Secret;

impl TokenSource {
    /// Completes a sign-in: gets tokens for the code and stores them in place of the present credential.
    pub async fn complete(&self, pending: PendingAuthorization, code: Secret) -> Result<StoredCredential> {
        let source = self.clone();
        self.renewer
            .to_the_end(async move { source.complete_now(&pending, &code).await })
            .await
    }

    async fn complete_now(&self, pending: &PendingAuthorization, code: &Secret) -> Result<StoredCredential> {
        let _lease = self.renewer.lease().await?;
        let endpoints = Endpoints::of(&pending.org_url)?;
        let (client_id, client_secret) = (&pending.client_id, pending.client_secret.as_ref());
        let redirect_uri = Some(pending.redirect_uri.as_str());
        let client = grant::client(&endpoints, client_id, client_secret, redirect_uri)?;
        let exchange = self.renewer.exchange(Asked::Code, None, pending.dpop_key.clone());
        let granted = grant::by_code(&client, &exchange, code, &pending.code_verifier).await?;
        let missing = || Error::new(ErrorCode::RefreshTokenMissing);
        let unusable = granted.access_token.as_ref().err().cloned();
        let unusable = unusable.or_else(|| granted.refresh_token.is_none().then(missing));
        let identity = Identity::App {
            client_id: pending.client_id.clone(),
            client_secret: pending.client_secret.clone(),
            redirect_uri: pending.redirect_uri.clone(),
        };
        let credential = StoredCredential::new(&pending.org_url, identity);
        let credential = with_granted(credential, granted);
        if let Some(error) = unusable {
            self.revoke_unused(&credential).await;
            return Err(error);
        }
        let kept = self.put_in_place(credential).await?;
        self.renewer.context.log.info("the sign-in with Okta is complete");
        Ok(self.renewer.learn_end(kept).await)
    }
}
