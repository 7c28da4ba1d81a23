//! The options of the program about OAuth apps.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use okta_sim::{OAuthApp, OktaSim, PublicKey, RefreshTokens, Role};
use serde_json::{Value, json};

/// Whether the refresh token changes when it is used.
#[derive(Clone, Copy, ValueEnum)]
enum Rotation {
    Persistent,
    Rotating,
}

/// The web app and the service app of the org.
#[derive(Args)]
#[command(next_help_heading = "OAuth apps")]
pub struct OAuthArguments {
    /// The client id of the web app.
    #[arg(long)]
    client_id: Option<String>,
    /// The client secret of the web app.
    #[arg(long)]
    client_secret: Option<String>,
    /// A sign-in redirect URI of the web app, compared exactly; may be given repeatedly.
    #[arg(long)]
    redirect_uri: Vec<String>,
    /// The Okta API scopes granted to both apps, comma separated; by default those of the user's guide.
    #[arg(long, value_delimiter = ',')]
    granted_scopes: Option<Vec<String>>,
    /// Whether the refresh token changes when it is used.
    #[arg(long, value_enum, default_value = "persistent")]
    refresh_tokens: Rotation,
    /// How long a replaced refresh token stays valid.
    #[arg(long, default_value_t = 30)]
    rotation_grace_seconds: u64,
    /// How long access tokens live.
    #[arg(long, default_value_t = 3_600)]
    access_token_seconds: u64,
    /// How long a refresh token lives, counted from the sign-in.
    #[arg(long, default_value_t = 90 * 86_400)]
    sign_in_seconds: u64,
    /// How long authorization codes live.
    #[arg(long, default_value_t = 300)]
    code_seconds: u64,
    /// Show a page with buttons for consent instead of answering at once.
    #[arg(long)]
    consent_page: bool,
    /// Refuse authorizations without PKCE.
    #[arg(long)]
    requires_pkce: bool,
    /// Bind the tokens of both apps to a key (DPoP).
    #[arg(long)]
    dpop_required: bool,
    /// The admin role of the signing-in user and of the service app.
    #[arg(long, value_parser = role, default_value = "super_admin")]
    role: Role,
    /// The client id of the service app.
    #[arg(long)]
    service_client_id: Option<String>,
    /// A file with the public key of the service app: a JWK or a set of JWKs.
    #[arg(long, conflicts_with = "service_private_key_file")]
    service_public_key: Option<PathBuf>,
    /// Where to write the private key that is made for the service app (PKCS #8, PEM, ES256).
    #[arg(long)]
    service_private_key_file: Option<PathBuf>,
}

fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| format!("no role is called `{name}`"))
}

impl OAuthArguments {
    /// The web app.
    pub fn web_app(&self) -> OAuthApp {
        let plain = OAuthApp::web(&[]);
        let app = OAuthApp {
            client_id: self.client_id.clone().unwrap_or(plain.client_id),
            client_secret: self.client_secret.clone().unwrap_or(plain.client_secret),
            redirect_uris: self.redirect_uri.clone(),
            consent_page: self.consent_page,
            requires_pkce: self.requires_pkce,
            ..OAuthApp::web(&[])
        };
        self.shared(app)
    }

    /// The service app.
    pub fn service_app(&self) -> io::Result<OAuthApp> {
        let keys = match &self.service_public_key {
            None => Vec::new(),
            Some(path) => PublicKey::parse(&std::fs::read_to_string(path)?)
                .ok_or_else(|| io::Error::other("expected a public key as JWK, or a set of them"))?,
        };
        let plain = OAuthApp::service(keys);
        let app = OAuthApp {
            client_id: self.service_client_id.clone().unwrap_or(plain.client_id.clone()),
            ..plain
        };
        Ok(self.shared(app))
    }

    fn shared(&self, app: OAuthApp) -> OAuthApp {
        let grace = Duration::from_secs(self.rotation_grace_seconds);
        OAuthApp {
            granted_scopes: self.granted_scopes.clone().unwrap_or(app.granted_scopes),
            refresh_tokens: match self.refresh_tokens {
                Rotation::Persistent => RefreshTokens::Persistent,
                Rotation::Rotating => RefreshTokens::Rotating { grace },
            },
            access_token_lifetime: Duration::from_secs(self.access_token_seconds),
            sign_in_lifetime: Duration::from_secs(self.sign_in_seconds),
            code_lifetime: Duration::from_secs(self.code_seconds),
            dpop_required: self.dpop_required,
            role: self.role,
            ..app
        }
    }

    /// Writes the private key to its file, if there is such an option.
    pub fn write_files(&self, sim: &OktaSim) -> io::Result<()> {
        match &self.service_private_key_file {
            Some(path) => std::fs::write(path, sim.service_private_key()),
            None => Ok(()),
        }
    }
}

/// The part about the apps in the line that the program prints at its start.
pub fn announcement(sim: &OktaSim) -> Value {
    let web = sim.web_app();
    json!({
        "client_id": web.client_id, "client_secret": web.client_secret,
        "redirect_uris": web.redirect_uris, "granted_scopes": web.granted_scopes,
        "service_client_id": sim.service_app().client_id,
    })
}
