//! Sends one form to the authorization server and returns its answer, or the reason why there is none. Each attempt
//! makes a new client assertion and a new DPoP proof. Nonces, clock differences and retries are handled here.
//!
//! If a call is cancelled, a request that may rotate the refresh token still runs to its end: the answer may be the
//! only copy of the new token.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use url::{Url, form_urlencoded};

use crate::cancel::CancelToken;
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::retry::{self, AfterFailure, RetryPolicy, Tally};
use crate::http::{Authorization, Method, Request, Response, Transport};
use crate::logging::Log;
use crate::oauth::client_assertion::{ASSERTION_TYPE, AssertionKey};
use crate::oauth::dpop::{DpopKey, Proof};
use crate::oauth::proven_hosts::{HostProof, ProvenHosts};
use crate::oauth::refusal::{self, Asked};
use crate::oauth::token_answer::TokenAnswer;
use crate::oauth::under_way::UnderWay;
use crate::secret::Secret;

/// A smaller difference between the two clocks is ignored; Okta tolerates five minutes.
const TOLERATED_SKEW_MS: i64 = 30_000;

/// What the requests of one call need.
#[derive(Clone)]
pub struct Context {
    /// How requests are sent.
    pub transport: Transport,
    /// How often and how long the call retries.
    pub policy: RetryPolicy,
    /// The longest wait for one answer.
    pub timeout: Duration,
    /// Asks a host to prove that it is an Okta org.
    pub host_proof: Arc<dyn HostProof>,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// The engine's log.
    pub log: Log,
    /// Cancels the call.
    pub cancel: CancelToken,
    /// The renewals of the call. They go on for a moment after a cancel.
    pub under_way: UnderWay,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// What we remember about one of Okta's servers between two requests: its nonce and its clock.
#[derive(Debug, Default)]
pub(super) struct ServerMemory(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    nonce: Option<String>,
    skew_ms: i64,
}

impl ServerMemory {
    pub(super) fn nonce(&self) -> Option<String> {
        self.lock().nonce.clone()
    }

    /// The time by the server's clock; by this machine's clock if no difference is known.
    pub(super) fn now(&self) -> UnixMillis {
        UnixMillis(UnixMillis::now().0 + self.lock().skew_ms)
    }

    /// Whether the server's clock is known to differ.
    pub(super) fn skew_is_known(&self) -> bool {
        self.lock().skew_ms != 0
    }

    pub(super) fn note(&self, response: &Response) {
        let mut known = self.lock();
        if let Some(nonce) = response
            .headers
            .get("dpop-nonce")
            .filter(|nonce| !nonce.is_empty())
        {
            known.nonce = Some(nonce.to_owned());
        }
        if let Some(date) = response.headers.get("date").and_then(UnixMillis::parse_http_date) {
            let skew = date.0 - UnixMillis::now().0;
            known.skew_ms = if skew.abs() > TOLERATED_SKEW_MS { skew } else { 0 };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        // Each member is replaced as a whole, so a poisoned lock is safe to use.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request and its attempts.
pub(super) struct Exchange<'a> {
    pub context: &'a Context,
    pub server: &'a ServerMemory,
    pub proven: &'a ProvenHosts,
    pub asked: Asked,
    /// Signs client assertions, for a service app.
    pub assertion_key: Option<&'a AssertionKey>,
    /// The key that the tokens are bound to. A new key is made here if the app requires one.
    pub dpop_key: Mutex<Option<Secret>>,
    /// When the latest attempt was sent.
    pub sent: Mutex<UnixMillis>,
}

/// Cures that were already tried for this request; each is tried only once.
#[derive(Default)]
struct Tried {
    nonce: bool,
    dpop: bool,
    clock: bool,
    last_chance: bool,
}

impl Exchange<'_> {
    /// Sends the form until there is an answer, or an error that another attempt cannot cure.
    pub(super) async fn send(&self, request: HttpRequest) -> Result<HttpResponse> {
        let url = Url::parse(&request.uri().to_string())
            .map_err(|_| Error::internal("the address of the authorization server"))?;
        if !self.proven.holds(&url) {
            self.context.host_proof.prove(&url).await?;
        }
        let label = format!("POST {}", url.path());
        let mut tally = Tally::default();
        let mut tried = Tried::default();
        loop {
            let error = match self.attempt(&request, &url, &label).await {
                Ok(response) => return into_oauth2(response),
                Err(error) => error,
            };
            if self.cure(&error, &mut tried)? {
                continue;
            }
            tally.count(&error);
            match retry::decide(&self.context.policy, &tally, &error, fastrand::f64()) {
                AfterFailure::GiveUp => return Err(error.context(&label)),
                AfterFailure::RetryAfter(wait) => self.wait(&label, &error, wait, &mut tried).await?,
            }
        }
    }

    async fn attempt(&self, request: &HttpRequest, url: &Url, label: &str) -> Result<Response> {
        let dpop_key = self.dpop_key().clone();
        let proven = dpop_key.is_some();
        let request = self.build(request, url, dpop_key.as_ref())?;
        // A refresh is never cancelled, because its answer may hold a new token. The time-out bounds the wait.
        let never = CancelToken::new();
        let cancel = if self.asked == Asked::Refresh {
            &never
        } else {
            self.context.under_way.wind_down()
        };
        *self.sent() = UnixMillis::now();
        let sending = self.context.transport.send(request, cancel);
        let response = match tokio::time::timeout(self.context.timeout, sending).await {
            Ok(response) => response?,
            Err(_) => return Err(Error::new(ErrorCode::TimedOut)),
        };
        self.server.note(&response);
        let request_id = response.headers.get("x-okta-request-id").unwrap_or("none");
        self.context
            .log
            .debug(format!("{label}: {}, request {request_id}", response.status));
        if !response.is_whole() {
            let longest_wait = self.context.policy.max_rate_wait;
            return Err(refusal::from_response(
                &response,
                self.asked,
                proven,
                longest_wait,
            ));
        }
        let is_sound = match self.asked {
            Asked::Code | Asked::Refresh | Asked::ClientCredentials => {
                serde_json::from_slice::<TokenAnswer>(&response.body).is_ok()
            }
            Asked::AboutToken => true,
        };
        // An unreadable answer is treated like a lost one, because the request can be repeated.
        if is_sound {
            Ok(response)
        } else {
            Err(Error::new(ErrorCode::NotJson))
        }
    }

    fn build(&self, request: &HttpRequest, url: &Url, dpop_key: Option<&Secret>) -> Result<Request> {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let mut built = Request::get(url.clone());
        built.method = Method::Post;
        built.headers.push("Accept", "application/json");
        built
            .headers
            .push("Content-Type", "application/x-www-form-urlencoded");
        if let Some(credential) = header("authorization").and_then(|value| value.strip_prefix("Basic ")) {
            built.authorization = Some(Authorization {
                scheme: "Basic",
                credential: Secret::credential(credential)?,
            });
        }
        if let Some(kept) = dpop_key {
            let nonce = self.server.nonce();
            let proof = Proof {
                method: "POST",
                url,
                access_token: None,
                nonce: nonce.as_deref(),
                now: self.server.now(),
            };
            built
                .headers
                .push("DPoP", DpopKey::from_kept(kept)?.sign(&proof)?);
        }
        built.body = Some(match self.assertion_key {
            Some(key) => with_assertion(request.body(), &key.assertion(url.as_str(), self.server.now())?),
            None => request.body().clone(),
        });
        Ok(built)
    }

    /// Removes the cause of the error if possible. Returns whether another attempt makes sense at once.
    fn cure(&self, error: &Error, tried: &mut Tried) -> Result<bool> {
        let once = |tried: &mut bool| !std::mem::replace(tried, true);
        if error.okta_error() == Some("use_dpop_nonce") && self.server.nonce().is_some() {
            // A server may ask for a nonce although no DPoP key was used yet.
            self.ensure_dpop_key()?;
            return Ok(once(&mut tried.nonce));
        }
        if error.code() == ErrorCode::DpopRequired {
            self.ensure_dpop_key()?;
            return Ok(once(&mut tried.dpop));
        }
        let is_about_time = matches!(
            error.code(),
            ErrorCode::AssertionRejected | ErrorCode::DpopProofInvalid | ErrorCode::ClockSkewed
        );
        Ok(is_about_time && self.server.skew_is_known() && once(&mut tried.clock))
    }

    fn ensure_dpop_key(&self) -> Result<()> {
        let mut key = self.dpop_key();
        if key.is_none() {
            *key = Some(DpopKey::generate()?);
        }
        Ok(())
    }

    async fn wait(&self, label: &str, error: &Error, wait: Duration, tried: &mut Tried) -> Result<()> {
        let log = &self.context.log;
        log.warn(format!(
            "{label}: {}, again in {:.1} s",
            error.code().name(),
            wait.as_secs_f64()
        ));
        let waited = self.context.under_way.wind_down().sleep(wait).await;
        // Okta may have used up the old token, and the new one may be lost on its way. So the request is sent once
        // more, within Okta's grace period, before the cancel takes effect.
        let may_be_spent = self.asked == Asked::Refresh && error.code() != ErrorCode::RateLimited;
        match waited {
            Err(_) if may_be_spent && !std::mem::replace(&mut tried.last_chance, true) => Ok(()),
            outcome => outcome,
        }
    }

    /// When the answered request was sent.
    pub(super) fn sent_at(&self) -> UnixMillis {
        *self.sent()
    }

    fn sent(&self) -> MutexGuard<'_, UnixMillis> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn dpop_key(&self) -> MutexGuard<'_, Option<Secret>> {
        self.dpop_key.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The crate oauth2 sends its requests through this implementation.
impl<'c> AsyncHttpClient<'c> for Exchange<'_> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// The form with the assertion and without the bare client id: Okta accepts exactly one kind of client
/// authentication.
fn with_assertion(form: &[u8], assertion: &str) -> Vec<u8> {
    let mut serializer = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(form).filter(|(name, _)| name != "client_id") {
        serializer.append_pair(&name, &value);
    }
    serializer.append_pair("client_assertion_type", ASSERTION_TYPE);
    serializer.append_pair("client_assertion", assertion);
    serializer.finish().into_bytes()
}

/// Leaves the content type out, so that a token is not lost when a proxy changes that header.
fn into_oauth2(response: Response) -> Result<HttpResponse> {
    oauth2::http::Response::builder()
        .status(200)
        .body(response.body)
        .map_err(|_| Error::internal("an answer cannot be handed on"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    fn response(fields: &[(&str, &str)]) -> Response {
        Response {
            status: 400,
            headers: fields.iter().copied().collect::<Headers>(),
            body: Vec::new(),
        }
    }

    #[test]
    fn the_server_s_clock_and_nonce_are_remembered() {
        let server = ServerMemory::default();
        assert!(!server.skew_is_known() && server.nonce().is_none());
        let date = "Mon, 15 Jan 2024 09:30:00 GMT";
        server.note(&response(&[("Date", date), ("DPoP-Nonce", "n1")]));
        let expected = UnixMillis::parse_http_date(date).expect("a date");
        assert!(server.skew_is_known());
        assert!(
            server.now().0.abs_diff(expected.0) < 5_000,
            "signed statements carry Okta's time"
        );
        assert_eq!(server.nonce().as_deref(), Some("n1"));
        // An answer without nonce and date changes nothing.
        server.note(&response(&[]));
        assert!(server.skew_is_known() && server.nonce().is_some());
    }

    #[test]
    fn an_assertion_takes_the_place_of_the_bare_client_id() {
        let form = with_assertion(b"grant_type=client_credentials&client_id=0oa1&scope=a+b", "x.y.z");
        let text = String::from_utf8(form).expect("a form");
        assert_eq!(
            text,
            "grant_type=client_credentials&scope=a+b&client_assertion_type=\
             urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=x.y.z"
        );
    }
}
