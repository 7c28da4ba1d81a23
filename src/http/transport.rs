//! Sends one request and reads one complete answer. The same rules hold for every request: https only (plain http
//! to loopback hosts), no redirect is followed, no cookie is kept, every wait has a bound, and the body has a
//! largest size, counted after decompression.
//!
//! It does not retry and does not judge a status. It needs a tokio runtime only while it sends.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

use crate::cancel::CancelToken;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, Settings};
use crate::http::body;
use crate::http::failure::from_reqwest;
use crate::http::proxy::{ProxyChoice, ProxyRules, is_loopback};
use crate::http::proxy_login;
use crate::http::{Authorization, Headers, Method, Request, Response, TlsCache};

/// The `User-Agent` of every request; Okta asks for a meaningful one (core-okta-api).
const USER_AGENT: &str = concat!("okta-profiles/", env!("CARGO_PKG_VERSION"));

/// How long a proxy may take to say which logins it accepts.
const PROXY_PATIENCE: Duration = Duration::from_secs(5);

/// A pool of connections, with the settings of one call. Clones share it.
#[derive(Clone)]
pub struct Transport(Arc<Shared>);

struct Shared {
    through_proxy: reqwest::Client,
    direct: reqwest::Client,
    proxy_rules: ProxyRules,
    max_body_bytes: usize,
}

impl Transport {
    /// A transport with the TLS, proxy, time-out and size settings of the call.
    pub fn new(settings: &Settings, tls: &TlsCache) -> Result<Transport> {
        let proxy_rules = ProxyRules::from_settings(settings)?;
        let builder = || client_builder(settings, tls);
        let direct = build(builder()?.no_proxy())?;
        let through_proxy = match proxy_rules.proxy() {
            ProxyChoice::None => direct.clone(),
            ProxyChoice::System => build(builder()?)?,
            ProxyChoice::Url(url) => {
                let invalid = |_| Error::new(ErrorCode::ProxyInvalid);
                build(builder()?.proxy(reqwest::Proxy::all(url.as_str()).map_err(invalid)?))?
            }
        };
        let max_body_bytes = usize::try_from(settings.integer(Key::HttpMaxBody)).unwrap_or(usize::MAX);
        Ok(Transport(Arc::new(Shared {
            through_proxy,
            direct,
            proxy_rules,
            max_body_bytes,
        })))
    }

    /// Sends the request and reads the answer to its end, whatever its status.
    pub async fn send(&self, request: Request, cancel: &CancelToken) -> Result<Response> {
        let secure = match request.url.scheme() {
            "https" => true,
            "http" => is_loopback(&request.url),
            _ => false,
        };
        if !secure {
            return Err(Error::new(ErrorCode::OrgUrlNotHttps));
        }
        // Boxed, because the type of a dozen nested futures becomes too large for the compiler.
        cancel.race(Box::pin(self.exchange(request))).await?
    }

    async fn exchange(&self, request: Request) -> Result<Response> {
        let host = host_label(&request.url);
        let target = request.url.clone();
        let client = match self.0.proxy_rules.is_direct(&request.url) {
            true => &self.0.direct,
            false => &self.0.through_proxy,
        };
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut builder = client
            .request(method, request.url)
            .headers(header_map(&request.headers)?)
            .header(ACCEPT_ENCODING, "gzip");
        if let Some(authorization) = &request.authorization {
            builder = builder.header(AUTHORIZATION, authorization_value(authorization)?);
        }
        if let Some(body) = request.body {
            builder = builder.body(body);
        }
        let answer = match builder.send().await {
            Ok(answer) => answer,
            Err(error) => return Err(self.explain(from_reqwest(&host, &error), &target).await),
        };
        self.read(&host, answer).await
    }

    /// Improves the message for a refused proxy login: the proxy may accept only kinds of login that we do not
    /// support.
    async fn explain(&self, error: Error, target: &Url) -> Error {
        let ProxyChoice::Url(proxy) = self.0.proxy_rules.proxy() else {
            return error;
        };
        if error.code() != ErrorCode::ProxyInvalid {
            return error;
        }
        let schemes = proxy_login::schemes(proxy, target, PROXY_PATIENCE).await;
        proxy_login::unsupported(&schemes).unwrap_or(error)
    }

    async fn read(&self, host: &str, answer: reqwest::Response) -> Result<Response> {
        Ok(Response {
            status: answer.status().as_u16(),
            headers: read_headers(answer.headers()),
            body: body::read(host, answer, self.0.max_body_bytes).await?,
        })
    }
}

/// Shows none of the settings, because the URL of a proxy may contain a password.
impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

fn client_builder(settings: &Settings, tls: &TlsCache) -> Result<reqwest::ClientBuilder> {
    let tls = tls.config(settings.text(Key::HttpCaFile))?;
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured((*tls).clone())
        .user_agent(USER_AGENT)
        .connect_timeout(settings.seconds(Key::HttpConnectTimeout))
        .read_timeout(settings.seconds(Key::HttpReadTimeout))
        .timeout(settings.seconds(Key::HttpRequestTimeout))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // reqwest repeats some requests by itself. That is off, because the caller counts every attempt.
        .retry(reqwest::retry::never()))
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client> {
    builder
        .build()
        .map_err(|_| Error::internal("the HTTP client could not be built"))
}

fn header_map(headers: &Headers) -> Result<HeaderMap> {
    let mut map = HeaderMap::new();
    for (name, value) in headers.iter() {
        let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) else {
            return Err(Error::internal("a request header cannot be sent"));
        };
        map.append(name, value);
    }
    Ok(map)
}

fn authorization_value(authorization: &Authorization) -> Result<HeaderValue> {
    let text = Zeroizing::new(format!(
        "{} {}",
        authorization.scheme,
        authorization.credential.expose()
    ));
    let mut value = HeaderValue::from_str(&text).map_err(|_| Error::new(ErrorCode::CredentialMalformed))?;
    // Hidden in Debug, and never put into HTTP/2's compression table.
    value.set_sensitive(true);
    Ok(value)
}

fn read_headers(map: &HeaderMap) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in map {
        headers.push(name.as_str(), String::from_utf8_lossy(value.as_bytes()));
    }
    headers
}

/// The host, with its port if that is not the usual one.
fn host_label(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
