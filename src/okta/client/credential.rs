//! What proves to Okta who asks, one request at a time: an API token, or tokens that are renewed.

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::{Authorization, Request, Response};
use crate::model::TokenStatus;
use crate::oauth::{Access, TokenSource};
use crate::secret::Secret;

/// What proves to Okta who asks.
#[derive(Clone, Debug)]
pub enum Credential {
    /// Nothing: for questions to strangers.
    None,
    /// An API token, sent as `SSWS` (Okta "API tokens").
    ApiToken(Secret),
    /// Access tokens of an app.
    Tokens(TokenSource),
}

/// Second tries that a refused token or proof gets, each once for a question.
#[derive(Debug, Default)]
pub(in crate::okta) struct SecondTries {
    token: bool,
    proof: bool,
}

impl Credential {
    /// What the next attempt carries. Asked anew for each one, because access tokens expire.
    pub(in crate::okta) async fn access(&self) -> Result<Access> {
        match self {
            Credential::None => Err(Error::new(ErrorCode::NotConnected)),
            Credential::ApiToken(token) => Ok(Access::api_token(token)),
            Credential::Tokens(tokens) => tokens.access().await,
        }
    }

    /// Puts it on a request. A DPoP proof is good for this one only.
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

    /// Whether the question may be asked once more after this refusal: with another token, since the
    /// one sent may have been revoked, or with a proof that has the nonce and the time Okta wants.
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

    /// What an administrator may know of it; none for an API token, of which nothing is known.
    pub(in crate::okta) fn status(&self) -> Option<TokenStatus> {
        match self {
            Credential::None | Credential::ApiToken(_) => None,
            Credential::Tokens(tokens) => tokens
                .credential()
                .map(|credential| credential.status(UnixMillis::now())),
        }
    }
}
