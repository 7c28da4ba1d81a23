//! How a command reaches the org: the URL and the token that it was given, or the directory's own connection.

use std::path::PathBuf;

use clap::Args;
use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::engine::Engine;
use okta_profiles::model::CredentialKind;
use zeroize::Zeroizing;

use super::secret_file;

/// How to reach the org. If none is given, the connection of the directory is used.
#[derive(Debug, Args)]
pub struct ConnectionArguments {
    /// The Okta URL or issuer URI, such as https://example.okta.com.
    #[arg(long, env = "OKTA_ORG_URL", value_name = "URL")]
    pub org_url: Option<String>,
    /// File that holds the API token; without it the token is taken from OKTA_API_TOKEN.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

impl ConnectionArguments {
    /// The token from the file or the environment; none if neither has one.
    pub fn api_token(&self) -> Result<Option<Zeroizing<String>>> {
        let Some(file) = &self.token_file else {
            return Ok(std::env::var("OKTA_API_TOKEN").ok().map(Zeroizing::new));
        };
        secret_file::read(file, "token").map(Some)
    }
}

/// Connects with the token that was given. Without one, the connection of the directory is used. A token replaces
/// another credential only if it works.
pub fn connect_if_asked(engine: &Engine, connection: &ConnectionArguments) -> Result<()> {
    match given(engine, connection)? {
        Some((org_url, token)) => engine.connect(org_url, &token),
        None => Ok(()),
    }
}

/// The Okta URL and the API token to use; none if the connection of the directory is to be used.
pub fn given<'a>(
    engine: &Engine,
    connection: &'a ConnectionArguments,
) -> Result<Option<(&'a str, Zeroizing<String>)>> {
    let missing = |what: &str| Err(Error::with_message(ErrorCode::NotConnected, what));
    let kept = engine.token_status()?.kind;
    // A token that somebody left in the environment must not end a sign-in; a token in a file is given on purpose.
    if connection.token_file.is_none() && matches!(kept, CredentialKind::Oauth | CredentialKind::ServiceApp) {
        return Ok(None);
    }
    match (&connection.org_url, connection.api_token()?) {
        (Some(org_url), Some(token)) => Ok(Some((org_url, token))),
        _ if kept != CredentialKind::None => Ok(None),
        (Some(_), None) => missing(
            "give the API token in the environment variable OKTA_API_TOKEN or with --token-file, or use `connect`",
        ),
        (None, _) => missing("give the Okta URL with --org-url, or use `connect`"),
    }
}
