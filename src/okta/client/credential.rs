//! Authenticates requests to Okta, one at a time: with an API token, or with tokens that are renewed.

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::{Authorization, Request, Response};
use crate::model::TokenStatus;
use crate::oauth::{Access, TokenSource};
use crate::secret::Secret;

/// What proves to Okta who asks.
#[derive(Clone, Debug)]
pub enum Credential {
    /// No credential, for requests to unproven hosts.
    None,
    /// An API token, sent as `SSWS` (Okta "API tokens").
    ApiToken(Secret),
    /// Access tokens of an app.
    Tokens(TokenSource),
}

/// The second tries after a refused token or proof, each once for a request.
#[derive(Debug, Default)]
pub(in crate::okta) struct SecondTries {
    token: bool,
    proof: bool,
}

impl Credential {
    /// The credential for the next attempt; fetched for each one, because access tokens expire.
    pub(in crate::okta) async fn access(&self) -> Result<Access> {
        match self {
            Credential::None => Err(Error::new(ErrorCode::NotConnected)),
            Credential::ApiToken(token) => Ok(Access::api_token(token)),
            Credential::Tokens(tokens) => tokens.access().await,
        }
    }

    /// Adds it to a request. A DPoP proof is valid for this request only.
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

    /// Remembers what an answer says about nonces and clocks.
    pub(in crate::okta) fn note(&self, response: &Response) {
        if let Credential::Tokens(tokens) = self {
            tokens.note(response);
        }
    }

    /// Whether the request may be sent once more after this refusal: with another token, because the one sent
    /// may have been revoked, or with a proof that has the nonce and the time that Okta wants.
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

    /// What an administrator may know about it; none for an API token, about which nothing is known.
    pub(in crate::okta) fn status(&self) -> Option<TokenStatus> {
        match self {
            Credential::None | Credential::ApiToken(_) => None,
            Credential::Tokens(tokens) => tokens
                .credential()
                .map(|credential| credential.status(UnixMillis::now())),
        }
    }
}
