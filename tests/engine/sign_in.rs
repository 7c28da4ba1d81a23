//! What the tests of sign-ins share: an org with the web app of the user's guide, a browser, and what the
//! request log tells of the token endpoint.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use okta_profiles::engine::{ClientSecret, Engine, OAuthClient, ServiceApp};
use okta_profiles::model::{AuthorizationRequest, TokenStatus};
use okta_profiles::secret::Secret;
use okta_sim::{OAuthApp, OktaSim, RefreshTokens, RequestRecord};

/// The redirect URI of the user's guide.
pub const REDIRECT_URI: &str =
    "https://jira.example.com/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page";

/// The web app of the guide, with changes.
pub fn web_app(edit: impl FnOnce(&mut OAuthApp)) -> OAuthApp {
    let mut app = OAuthApp::web(&[REDIRECT_URI]);
    edit(&mut app);
    app
}

pub fn org(users: u32, edit: impl FnOnce(&mut OAuthApp)) -> OktaSim {
    let builder = OktaSim::builder().users(users).seed(7);
    builder.web_app(web_app(edit)).start().unwrap()
}

/// Tokens that change with every use and stay good for 30 s.
pub fn rotating(app: &mut OAuthApp) {
    app.refresh_tokens = RefreshTokens::Rotating {
        grace: Duration::from_secs(30),
    };
}

/// What a plain HTTP server answers to one request.
pub fn http(url: &str, method: &str, form: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Where an answer redirects to.
pub fn location(answer: &str) -> String {
    let mut lines = answer.lines();
    let found = lines.find_map(|line| {
        line.strip_prefix("location: ")
            .or(line.strip_prefix("Location: "))
    });
    found
        .unwrap_or_else(|| panic!("no redirect: {answer}"))
        .to_owned()
}

/// Opens the address as a browser does and gives where Okta sends it back to.
pub fn browse(url: &str) -> String {
    location(&http(url, "GET", ""))
}

/// Begins a sign-in with the org's web app.
pub fn request(engine: &Engine, sim: &OktaSim) -> AuthorizationRequest {
    let app = sim.web_app();
    let secret = Secret::text(app.client_secret);
    let client = OAuthClient {
        org_url: sim.url(),
        client_id: &app.client_id,
        client_secret: ClientSecret::Given(&secret),
        redirect_uri: REDIRECT_URI,
        dpop: false,
    };
    engine.begin_authorization(&client).unwrap()
}

pub fn begin(engine: &Engine, sim: &OktaSim) -> String {
    browse(&request(engine, sim).url)
}

pub fn sign_in(engine: &Engine, sim: &OktaSim) -> TokenStatus {
    engine.complete_authorization(&begin(engine, sim)).unwrap()
}

/// Connects with the org's service app and the key that was made for it.
pub fn connect_service_app(engine: &Engine, sim: &OktaSim, dpop: bool) {
    let key = Secret::text(sim.service_private_key());
    let app = ServiceApp {
        org_url: sim.url(),
        client_id: &sim.service_app().client_id,
        private_key_pem: &key,
        key_id: "",
        dpop,
    };
    engine.connect_service_app(&app).unwrap();
}

/// The requests to the token endpoint with this grant type.
pub fn grant_requests(sim: &OktaSim, grant: &str) -> Vec<RequestRecord> {
    let is_it = |one: &RequestRecord| one.grant_type.as_deref() == Some(grant);
    sim.requests().into_iter().filter(is_it).collect()
}

pub fn grants(sim: &OktaSim, grant: &str) -> usize {
    grant_requests(sim, grant).len()
}
