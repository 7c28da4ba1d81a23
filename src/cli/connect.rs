//! `connect`, `token`, `refresh`, `disconnect`, `rekey`: the credential.
//!
//! A sign-in prints the address to open and waits for Okta's answer on a loopback port. If the redirect URI is
//! elsewhere, the user pastes the answer.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Args;
use okta_profiles::clock::UnixMillis;
use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::engine::{ClientSecret, Engine, OAuthClient, ServiceApp, Trial};
use okta_profiles::logging::Level;
use okta_profiles::model::{AuthorizationRequest, CredentialKind, TokenStatus};
use okta_profiles::secret::Secret;
use serde_json::json;

use super::callback::Listener;
use super::interrupt::read_line;
use super::output::{confirm, output_failed, say};
use super::{json, secret_file};

/// Arguments of `connect`.
#[derive(Debug, Args)]
pub struct ConnectArguments {
    /// The Okta URL or issuer URI, such as https://example.okta.com.
    #[arg(long, env = "OKTA_ORG_URL", value_name = "URL")]
    pub org_url: String,
    /// The client id of the app.
    #[arg(long, value_name = "ID", required_unless_present = "token_file")]
    pub client_id: Option<String>,
    /// File that holds the client secret; without it the app is a public client.
    #[arg(long, value_name = "FILE", conflicts_with = "service_app")]
    pub client_secret_file: Option<PathBuf>,
    /// Sign in again with the stored client secret, for the org and the client id of the present sign-in.
    #[arg(long, conflicts_with_all = ["client_secret_file", "service_app", "token_file"])]
    pub stored_secret: bool,
    /// The redirect URI as registered with the app; without it http://localhost:PORT/callback. If it is not on this
    /// machine, you paste the answer.
    #[arg(long, value_name = "URL", conflicts_with = "service_app")]
    pub redirect_uri: Option<String>,
    /// The loopback port that waits for Okta's answer.
    #[arg(long, default_value_t = 8765, conflicts_with = "redirect_uri")]
    pub port: u16,
    /// Do not open a browser, only print the address.
    #[arg(long)]
    pub no_browser: bool,
    /// Connect as a service app, with a private key.
    #[arg(long, requires = "key_file")]
    pub service_app: bool,
    /// File with the private key of the service app: PEM, not encrypted.
    #[arg(long, value_name = "FILE", requires = "service_app")]
    pub key_file: Option<PathBuf>,
    /// The id of the app's public key in Okta; needed if the app has several keys.
    #[arg(long, value_name = "ID", requires = "service_app")]
    pub key_id: Option<String>,
    /// Bind the tokens to a key (DPoP). If the app demands it, it happens without this option.
    #[arg(long)]
    pub dpop: bool,
    /// Connect with the API token in this file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["client_id", "service_app"])]
    pub token_file: Option<PathBuf>,
    /// Keep the API token or the service app without trying it. Without this option it replaces the present credential
    /// only if it works.
    #[arg(long)]
    pub force: bool,
}

impl ConnectArguments {
    /// The client id, which clap has demanded.
    pub fn client_id(&self) -> Result<&str> {
        let missing = || Error::about(ErrorCode::InvalidArgument, "--client-id is missing");
        self.client_id.as_deref().ok_or_else(missing)
    }
}

/// Connects in the way that the arguments ask for.
pub fn run(
    engine: &Engine,
    arguments: &ConnectArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let trial = match arguments.force {
        true => Trial::Never,
        false => Trial::Always,
    };
    if let Some(key_file) = arguments.key_file.as_deref().filter(|_| arguments.service_app) {
        let key = secret_of(key_file, "private key")?;
        let app = ServiceApp {
            org_url: &arguments.org_url,
            client_id: arguments.client_id()?,
            private_key_pem: &key,
            key_id: arguments.key_id.as_deref().unwrap_or_default(),
            dpop: arguments.dpop,
        };
        engine.connect_service_app_with(&app, trial)?;
    } else if let Some(token_file) = &arguments.token_file {
        engine.connect_with(
            &arguments.org_url,
            secret_of(token_file, "token")?.expose(),
            trial,
        )?;
    } else if arguments.force {
        let what = "--force needs --token-file or --service-app; a sign-in is kept only after it has worked";
        return Err(Error::with_message(ErrorCode::InvalidArgument, what));
    } else {
        sign_in(engine, arguments)?;
    }
    warn(engine);
    print(&engine.token_status()?, as_json, out)
}

/// Shows warnings, such as a replaced sign-in that could not be revoked.
fn warn(engine: &Engine) {
    for line in engine.log(0, usize::MAX) {
        if line.level == Level::Warn {
            say(format_args!("warning: {}", line.message));
        }
    }
}

fn sign_in(engine: &Engine, arguments: &ConnectArguments) -> Result<TokenStatus> {
    let secret = arguments
        .client_secret_file
        .as_deref()
        .map(|file| secret_of(file, "client secret"))
        .transpose()?;
    let listener = match &arguments.redirect_uri {
        Some(uri) => Listener::for_redirect_uri(uri)?,
        None => Some(Listener::on_port(arguments.port)?),
    };
    let redirect_uri = match (&arguments.redirect_uri, &listener) {
        (Some(uri), _) => uri.clone(),
        (None, Some(listener)) => listener.redirect_uri(),
        (None, None) => return Err(Error::internal("no redirect URI")),
    };
    let request = engine.begin_authorization(&OAuthClient {
        org_url: &arguments.org_url,
        client_id: arguments.client_id()?,
        client_secret: match &secret {
            Some(secret) => ClientSecret::Given(secret),
            None if arguments.stored_secret => ClientSecret::Stored,
            None => ClientSecret::Public,
        },
        redirect_uri: &redirect_uri,
        dpop: arguments.dpop,
    })?;
    say(format_args!(
        "Open this address in a browser and sign in to Okta:\n\n  {}\n",
        request.url
    ));
    let callback = match listener {
        Some(listener) => {
            if !arguments.no_browser && io::stderr().is_terminal() {
                open_browser(&listener.start_page());
            }
            listener.wait(&request)?
        }
        None => pasted(&request)?,
    };
    engine.complete_authorization(callback.expose())
}

/// Opens a page of ours, which leads on to Okta's. Every user of the machine can read the arguments of a process, so
/// Okta's address is not among them.
fn open_browser(start_page: &str) {
    let mut command = Command::new("xdg-open");
    command
        .arg(start_page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // If no browser opens, the user opens the printed address.
    drop(command.spawn());
}

fn pasted(request: &AuthorizationRequest) -> Result<Secret> {
    say(format_args!(
        "Okta will send the browser to the redirect URI. Paste that whole address here (until {}):",
        request.expires.to_rfc3339()
    ));
    read_line()?.ok_or_else(|| Error::about(ErrorCode::AuthorizationUnknown, "no address was given"))
}

/// Shows the credential and how long it is valid.
pub fn token(engine: &Engine, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    print(&engine.token_status()?, as_json, out)
}

/// Renews the access token unless another process has done it since this one was started.
pub fn refresh(engine: &Engine, started: UnixMillis, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    print(&engine.refresh_token_unless_newer(started)?, as_json, out)
}

/// Ends the connection and confirms what was ended.
pub fn disconnect(engine: &Engine, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    let before = engine.token_status()?;
    engine.disconnect()?;
    let was_connected = before.kind != CredentialKind::None;
    let record = json!({"disconnected": {"org_url": before.org_url, "was_connected": was_connected}});
    let text = match was_connected {
        true => format!(
            "Disconnected from {}; the credential is erased here.",
            before.org_url
        ),
        false => "There was no connection.".to_owned(),
    };
    confirm(as_json, out, &record, text)?;
    Ok(ExitCode::SUCCESS)
}

/// Seals the credential under a new key.
pub fn rekey(engine: &Engine, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    engine.rekey(None)?;
    let text = "The credential is sealed under a new key, which is in the key file beside the directory.";
    confirm(as_json, out, &json!({"rekeyed": true}), text)?;
    Ok(ExitCode::SUCCESS)
}

fn secret_of(file: &Path, what: &str) -> Result<Secret> {
    secret_file::read(file, what).map(|mut text| Secret::text(std::mem::take(&mut *text)))
}

fn print(status: &TokenStatus, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    if as_json {
        writeln!(out, "{}", json::line(status)).map_err(output_failed)?;
    } else {
        print_status(status, out).map_err(output_failed)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_status(status: &TokenStatus, out: &mut dyn Write) -> io::Result<()> {
    let kind = match status.kind {
        CredentialKind::None => return writeln!(out, "Not connected."),
        CredentialKind::ApiToken => "API token",
        CredentialKind::Oauth => "sign-in with Okta",
        CredentialKind::ServiceApp => "service app",
    };
    let bound = if status.dpop {
        ", bound to a key (DPoP)"
    } else {
        ""
    };
    writeln!(out, "Connected to {} by {kind}{bound}", status.org_url)?;
    if !status.client_id.is_empty() {
        writeln!(out, "  client id     {}", status.client_id)?;
    }
    if !status.scopes.is_empty() {
        writeln!(out, "  scopes        {}", status.scopes.join(" "))?;
    }
    if let Some(expires) = status.access_token_expires {
        writeln!(out, "  access token  until {}", expires.to_rfc3339())?;
    }
    if let Some(ends) = status.sign_in_ends {
        let warning = if status.sign_in_warning {
            "  connect again soon"
        } else {
            ""
        };
        writeln!(out, "  sign-in       until {}{warning}", ends.to_rfc3339())?;
    }
    if let Some(problem) = ErrorCode::from_number(status.problem) {
        writeln!(out, "  problem       {} ({})", problem.text(), problem.number())?;
    }
    Ok(())
}
