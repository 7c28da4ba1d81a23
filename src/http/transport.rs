//! Sends one request and reads its answer: TLS, proxy, time-outs, no redirects, no cookies, a cap on
//! the body. Decides nothing about retries; errors name the host at most, never the query.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use reqwest::{Client, NoProxy, Proxy, redirect};
use url::{Host, Url};

use super::tls;
use crate::cancel::CancelToken;
use crate::config::{Key, Settings};
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// A GET request.
#[derive(Debug)]
pub struct Request {
    /// Where to.
    pub url: Url,
    /// Headers besides those the transport sets itself.
    pub headers: Vec<(&'static str, String)>,
    /// The value of `Authorization`; none to send no credential.
    pub authorization: Option<Secret>,
}

/// The headers of an answer. Names are compared without case; a name may come several times.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Headers from names and values.
    pub fn from_pairs(pairs: impl Iterator<Item = (String, String)>) -> Headers {
        Headers(pairs.collect())
    }

    /// Every value of this name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The first value of this name.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }
}

/// A whole answer, whatever its status.
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body after decompression.
    pub body: Vec<u8>,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body holds people's profiles.
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish()
    }
}

/// The way to the network. Made for one call; clones share its connections.
#[derive(Clone, Debug)]
pub struct Transport {
    direct: Client,
    proxied: Client,
    max_body: u64,
}

/// Idle connections kept for the next request of the same call.
const IDLE_CONNECTIONS: usize = 16;

impl Transport {
    /// Makes a transport from the `http.*` settings. Needs no runtime yet.
    pub fn new(settings: &Settings) -> Result<Transport> {
        let tls = tls::client_config(settings.text(Key::HttpCaFile))?;
        let builder = || {
            Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .redirect(redirect::Policy::none())
                .connect_timeout(settings.seconds(Key::HttpConnectTimeout))
                .read_timeout(settings.seconds(Key::HttpReadTimeout))
                .timeout(settings.seconds(Key::HttpRequestTimeout))
                .pool_max_idle_per_host(IDLE_CONNECTIONS)
                .tcp_keepalive(Duration::from_secs(60))
                .user_agent(concat!("okta-profiles/", env!("CARGO_PKG_VERSION")))
                .no_proxy()
        };
        let direct = builder()
            .build()
            .map_err(|_| Error::internal("the HTTP client cannot be made"))?;
        let proxied = match proxy(settings)? {
            Some(proxy) => builder()
                .proxy(proxy)
                .build()
                .map_err(|_| Error::new(ErrorCode::ProxyInvalid))?,
            None => direct.clone(),
        };
        Ok(Transport {
            direct,
            proxied,
            max_body: settings.integer(Key::HttpMaxBody),
        })
    }

    /// Sends the request and reads the whole answer, or fails as soon as `cancel` is set.
    pub async fn send(&self, request: Request, cancel: &CancelToken) -> Result<Response> {
        cancel.race(self.exchange(request)).await?
    }

    async fn exchange(&self, request: Request) -> Result<Response> {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let loopback = is_loopback(&request.url);
        if request.url.scheme() != "https" && !loopback {
            return Err(Error::new(ErrorCode::OrgUrlNotHttps));
        }
        let client = if loopback { &self.direct } else { &self.proxied };
        let mut building = client.get(request.url);
        for (name, value) in request.headers {
            building = building.header(name, value);
        }
        if let Some(authorization) = request.authorization {
            let mut value = reqwest::header::HeaderValue::from_str(authorization.expose())
                .map_err(|_| Error::new(ErrorCode::CredentialMalformed))?;
            value.set_sensitive(true);
            building = building.header(reqwest::header::AUTHORIZATION, value);
        }
        let answer = building
            .send()
            .await
            .map_err(|error| describe(&error, &host, false))?;
        self.read(answer, &host).await
    }

    async fn read(&self, mut answer: reqwest::Response, host: &str) -> Result<Response> {
        let too_large = || Error::about(ErrorCode::BodyTooLarge, host);
        if answer
            .content_length()
            .is_some_and(|length| length > self.max_body)
        {
            return Err(too_large());
        }
        let status = answer.status().as_u16();
        let headers = Headers::from_pairs(answer.headers().iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        }));
        let mut body = Vec::new();
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| describe(&error, host, true))?
        {
            if (body.len() + chunk.len()) as u64 > self.max_body {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status,
            headers,
            body,
        })
    }
}

/// The proxy from the settings; loopback never goes through it.
fn proxy(settings: &Settings) -> Result<Option<Proxy>> {
    let (address, exceptions) = match settings.text(Key::HttpProxy) {
        "" => return Ok(None),
        "system" => (variable("https_proxy"), variable("no_proxy")),
        address => (address.to_owned(), settings.text(Key::HttpNoProxy).to_owned()),
    };
    if address.is_empty() {
        return Ok(None);
    }
    let invalid = || Error::new(ErrorCode::ProxyInvalid);
    let url = Url::parse(&address).map_err(|_| invalid())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(invalid());
    }
    // Java writes a leading `*.`, the environment a leading dot; both mean every subdomain.
    let exceptions = exceptions.replace("*.", ".");
    let proxy = Proxy::all(url.as_str()).map_err(|_| invalid())?;
    Ok(Some(proxy.no_proxy(NoProxy::from_string(&exceptions))))
}

/// A variable of the environment in lower or upper case; empty if there is none.
fn variable(name: &str) -> String {
    std::env::var(name)
        .or_else(|_| std::env::var(name.to_uppercase()))
        .unwrap_or_default()
}

/// Whether the URL points to this machine itself.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Finds the code in the chain of causes; their texts may hold URLs and are not passed on.
fn describe(error: &reqwest::Error, host: &str, reading: bool) -> Error {
    let code = classify(error, reading);
    Error::about(code, host)
}

fn classify(error: &reqwest::Error, reading: bool) -> ErrorCode {
    let mut causes = String::new();
    let mut source = error.source();
    while let Some(cause) = source {
        if is_tls(cause) {
            return ErrorCode::TlsFailed;
        }
        causes.push_str(&cause.to_string().to_ascii_lowercase());
        causes.push('\n');
        source = cause.source();
    }
    if error.is_timeout() {
        return ErrorCode::TimedOut;
    }
    if reading || !error.is_connect() {
        return ErrorCode::ConnectionLost;
    }
    // The connector's kinds are private to its crate; the words are stable (hyper-util 0.1).
    if causes.contains("tunnel") || causes.contains("proxy") {
        ErrorCode::ProxyFailed
    } else if causes.contains("dns error") {
        ErrorCode::NameNotResolved
    } else {
        ErrorCode::ConnectFailed
    }
}

/// Whether a cause is a TLS failure, perhaps wrapped in I/O errors, whose `source` passes over what
/// they wrap.
fn is_tls(cause: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = cause
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    cause.is::<rustls::Error>() || wrapped.is_some_and(|wrapped| is_tls(wrapped))
}
