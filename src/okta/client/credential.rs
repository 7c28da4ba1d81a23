//! Authenticates each request to Okta, with an API token or with access tokens that are renewed.

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::{Authorization, Request, Response};
use crate::model::TokenStatus;
use crate::oauth::{Access, TokenSource};
use crate::secret::Secret;

/// The proof of identity that a request to Okta carries.
#[derive(Clone, Debug)]
pub enum Credential {
    /// No credential, for requests to unproven hosts.
    None,
    /// An API token, sent as `SSWS` (Okta "API tokens").
    ApiToken(Secret),
    /// The access tokens of an app.
    Tokens(TokenSource),
}

/// Which second attempts were already made after a refused token or proof; each is made once per request.
#[derive(Debug, Default)]
pub(in crate::okta) struct SecondTries {
    token: bool,
    proof: bool,
}

impl Credential {
    /// The credential for the next attempt. It is fetched anew each time, because access tokens expire.
    pub(in crate::okta) async fn access(&self) -> Result<Access> {
        match self {
            Credential::None => Err(Error::new(ErrorCode::NotConnected)),
            Credential::ApiToken(token) => Ok(Access::api_token(token)),
            Credential::Tokens(tokens) => tokens.access().await,
        }
    }

    /// Adds the credential to a request. A DPoP proof is valid for this request only.
    pub(in crate::okta) fn put_on(&self, access: &Access, request: &mut Request) -> Result<()> {
        if let Credential::Tokens(tokens) = self
            && let Some(proof) = tokens.proof(access, request.method.name(), &request.url)?
        {
            request.headers.push("DPoP", proof);
        }
        request.authorization = Some(Authorization {
            scheme: access.scheme,
            credential: access.token.clone(),
        });
        Ok(())
    }

    /// Remembers the nonce and the clock of an answer.
    pub(in crate::okta) fn note(&self, response: &Response) {
        if let Credential::Tokens(tokens) = self {
            tokens.note(response);
        }
    }

    /// Whether the request may be sent once more after this refusal. It may be sent with another token, because the
    /// first one may have been revoked, or with a proof that has the nonce and the time that Okta requires.
    pub(in crate::okta) async fn cures(
        &self,
        error: &Error,
        sent: &Access,
        tries: &mut SecondTries,
    ) -> Result<bool> {
        let Credential::Tokens(tokens) = self else {
            return Ok(false);
        };
        let once = |tried: &mut bool| !std::mem::replace(tried, true);
        match error.code() {
            ErrorCode::AccessTokenInvalid if once(&mut tries.token) => {
                tokens.instead_of(sent).await?;
                Ok(true)
            }
            ErrorCode::DpopProofInvalid => Ok(tokens.may_prove_again(error) && once(&mut tries.proof)),
            _ => Ok(false),
        }
    }

    /// What an administrator may know about the credential; none for an API token, because nothing is known about
    /// it.
    pub(in crate::okta) fn status(&self) -> Option<TokenStatus> {
        match self {
            Credential::None | Credential::ApiToken(_) => None,
            Credential::Tokens(tokens) => tokens
                .credential()
                .map(|credential| credential.status(UnixMillis::now())),
        }
    }
}
