//! The three ways to get tokens. The crate oauth2 forms the requests, and [`Exchange`] sends them.

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

/// The client type of the crate, with our lenient answer and the two endpoints that we use.
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
    /// The access token, or the reason why it must not be used. The other members are kept in both cases: only the
    /// rotated refresh token still works.
    pub access_token: std::result::Result<Secret, Error>,
    /// When the access token expires. Its lifetime counts from the moment when the answered request was sent, so
    /// earlier attempts and waits do not shorten it.
    pub expires: UnixMillis,
    pub refresh_token: Option<Secret>,
    /// The scopes of the token; none if the answer does not name them.
    pub scopes: Option<Vec<String>>,
    /// The key that the tokens are bound to.
    pub dpop_key: Option<Secret>,
}

/// A client of the crate oauth2 for one app. The client secret goes into the `Authorization` header, which is
/// Okta's default for a Web app.
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

/// Gets tokens for an authorization code.
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

/// Gets tokens for a refresh token.
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

/// Gets a token for a service app.
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
        // [`Exchange`] handles refusals and unreadable answers before the crate sees them.
        Err(
            RequestTokenError::ServerResponse(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_),
        ) => {
            return Err(Error::internal("the OAuth library refused a token answer"));
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

/// Why a token of this kind must not be used; none if it may be used. A server may ignore the proof in the request,
/// but we asked for a bound token and do not accept one that anybody can use.
fn refuse(kind: TokenKind, proven: bool) -> Option<Error> {
    match (kind, proven) {
        (TokenKind::Bearer, false) | (TokenKind::Dpop, true) => None,
        (TokenKind::Bearer, true) => Some(Error::new(ErrorCode::TokenNotBound)),
        (TokenKind::Dpop, false) => Some(Error::about(
            ErrorCode::UnexpectedAnswer,
            "the access token is bound to a key although no key was sent",
        )),
        (TokenKind::Unknown, _) => Some(Error::about(
            ErrorCode::UnexpectedAnswer,
            "the token endpoint does not say that the access token is of the type Bearer or DPoP",
        )),
    }
}
