//! The three ways to get tokens, formed by the crate oauth2 and sent by [`Exchange`].

use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{
    AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    TokenResponse, TokenUrl,
};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::oauth::endpoints::Endpoints;
use crate::oauth::exchange::Exchange;
use crate::oauth::token_answer::{TokenAnswer, TokenKind};
use crate::secret::Secret;

/// The crate's client with our lenient answer and the two endpoints it is used for.
pub(super) type OAuth2Client = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The result of a grant.
#[derive(Debug)]
pub(super) struct Granted {
    /// The access token, or why it must not be used. The rest is kept in any case: a rotated refresh token is
    /// the only one that still works.
    pub access_token: std::result::Result<Secret, Error>,
    /// When it expires: its lifetime, counted from the answered request. Earlier attempts and the waits
    /// between them do not shorten it.
    pub expires: UnixMillis,
    pub refresh_token: Option<Secret>,
    /// The scopes in the token; none if the answer does not tell.
    pub scopes: Option<Vec<String>>,
    /// The key that the tokens are bound to.
    pub dpop_key: Option<Secret>,
}

/// A client of the crate for one app. The secret goes into the `Authorization` header, as Okta sets a Web app
/// up.
pub(super) fn client(
    endpoints: &Endpoints,
    client_id: &str,
    client_secret: Option<&Secret>,
    redirect_uri: Option<&str>,
) -> Result<OAuth2Client> {
    let client = Client::new(ClientId::new(client_id.to_owned()))
        .set_auth_uri(AuthUrl::from_url(endpoints.authorize.clone()))
        .set_token_uri(TokenUrl::from_url(endpoints.token.clone()));
    let client = match client_secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
        None => client,
    };
    Ok(match redirect_uri {
        Some(uri) => client.set_redirect_uri(redirect_url(uri)?),
        None => client,
    })
}

fn redirect_url(uri: &str) -> Result<RedirectUrl> {
    let what = "the redirect URI is not a web address";
    RedirectUrl::new(uri.to_owned()).map_err(|_| Error::about(ErrorCode::InvalidArgument, what))
}

/// Tokens for an authorization code.
pub(super) async fn by_code(
    client: &OAuth2Client,
    exchange: &Exchange<'_>,
    code: &Secret,
    verifier: &Secret,
) -> Result<Granted> {
    let answer = client
        .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()))
        .request_async(exchange)
        .await;
    granted(answer, exchange)
}

/// Tokens for a refresh token.
pub(super) async fn by_refresh_token(
    client: &OAuth2Client,
    exchange: &Exchange<'_>,
    refresh_token: &Secret,
) -> Result<Granted> {
    let refresh_token = RefreshToken::new(refresh_token.expose().to_owned());
    let answer = client
        .exchange_refresh_token(&refresh_token)
        .request_async(exchange)
        .await;
    granted(answer, exchange)
}

/// A token for a service app.
pub(super) async fn by_client_credentials(client: &OAuth2Client, exchange: &Exchange<'_>) -> Result<Granted> {
    let scopes = exchange.context.scopes.iter().cloned().map(Scope::new);
    let answer = client
        .exchange_client_credentials()
        .add_scopes(scopes)
        .request_async(exchange)
        .await;
    granted(answer, exchange)
}

fn granted(
    answer: std::result::Result<TokenAnswer, RequestTokenError<Error, BasicErrorResponse>>,
    exchange: &Exchange<'_>,
) -> Result<Granted> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(RequestTokenError::Request(error)) => return Err(error),
        // Refusals and unreadable answers are handled before the crate sees them.
        Err(
            RequestTokenError::ServerResponse(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_),
        ) => {
            return Err(Error::internal("a token answer was not taken"));
        }
    };
    let malformed = |_| Error::about(ErrorCode::UnexpectedAnswer, "the token endpoint");
    let secret = |text: &str| Secret::credential(text).map_err(malformed);
    let dpop_key = exchange.dpop_key().clone();
    let access_token = match refuse(*answer.token_type(), dpop_key.is_some()) {
        Some(error) => Err(error),
        None => Ok(secret(answer.access_token().secret())?),
    };
    let refresh_token = answer.refresh_token().map(|token| token.secret().as_str());
    Ok(Granted {
        access_token,
        expires: exchange.sent_at().plus(answer.expires_in().unwrap_or_default()),
        refresh_token: refresh_token
            .filter(|token| !token.is_empty())
            .map(secret)
            .transpose()?,
        scopes: answer
            .scopes()
            .map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
        dpop_key,
    })
}

/// Why a token of this kind must not be used. A server may ignore the proof in the request, but a token that
/// anybody can use is not what was asked for.
fn refuse(kind: TokenKind, proven: bool) -> Option<Error> {
    match (kind, proven) {
        (TokenKind::Bearer, false) | (TokenKind::Dpop, true) => None,
        (TokenKind::Bearer, true) => Some(Error::new(ErrorCode::TokenNotBound)),
        (TokenKind::Dpop, false) => Some(Error::about(
            ErrorCode::UnexpectedAnswer,
            "the access token is bound to a key that nobody has",
        )),
        (TokenKind::Unknown, _) => Some(Error::about(
            ErrorCode::UnexpectedAnswer,
            "the token endpoint does not say that the access token is of the type Bearer or DPoP",
        )),
    }
}
