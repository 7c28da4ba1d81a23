//! What an administrator of the org can do with apps and sign-ins, and what a test can read about them.

use super::OAuthApp;
use crate::org::Org;

impl Org {
    /// The web app, for the sign-in of a user.
    pub fn web_app(&self) -> OAuthApp {
        self.oauth().web.clone()
    }

    /// The service app, which has no user.
    pub fn service_app(&self) -> OAuthApp {
        self.oauth().service.clone()
    }

    /// Changes the web app, as an administrator does.
    pub fn change_web_app(&self, edit: impl FnOnce(&mut OAuthApp)) {
        edit(&mut self.oauth().web);
    }

    /// Changes the service app, as an administrator does.
    pub fn change_service_app(&self, edit: impl FnOnce(&mut OAuthApp)) {
        edit(&mut self.oauth().service);
    }

    /// The private key that goes with the service app's default public key: PKCS #8, PEM, ES256.
    pub fn service_private_key(&self) -> String {
        self.oauth().service_private_key().to_owned()
    }

    /// Lets the next request to the authorization endpoint end with this error.
    pub fn fail_next_authorize(&self, error: &str, description: &str) {
        self.oauth().next_authorize_error = Some((error.to_owned(), description.to_owned()));
    }

    /// From now on the token endpoint requires a new nonce, which no client has yet.
    pub fn renew_dpop_nonce(&self) {
        self.oauth().renew_dpop_nonce();
    }

    /// Lets all access tokens expire now; refresh tokens stay valid.
    pub fn expire_access_tokens(&self) {
        let now = self.clock_millis();
        self.credentials_mut().expire_bearers(now);
    }

    /// Ends all sign-ins, with their refresh tokens and access tokens.
    pub fn end_sign_ins(&self) {
        let ended = self.oauth().end_sign_ins();
        let mut credentials = self.credentials_mut();
        for number in ended {
            credentials.revoke_sign_in(number);
        }
    }

    /// How many sign-ins there were, and how many are still valid.
    pub fn sign_ins(&self) -> (usize, usize) {
        self.oauth().grants.counts(self.clock_millis())
    }

    /// How often a code or a refresh token was used again although that is not allowed. Each time the whole sign-in
    /// was ended.
    pub fn token_reuses(&self) -> u64 {
        self.oauth().reuses()
    }
}
