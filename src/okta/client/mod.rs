//! Sends one request to Okta and returns the answer, or the reason why there is none. It waits for the rate limit,
//! adds the credential, sends, judges the answer and retries.
//!
//! The credential is sent to the org's own host only. Other files interpret the content of an answer.
//!
//! `ask` is a request and its answer, `gate` waits for the rate limit, `credential` adds the token. `api_error` and
//! `challenge` say what a refusal means. `page`, `page_size` and `walk` read listings; `json`, `object` and `mended` read
//! bodies; `org_url` checks the address; `user_fields` chooses attributes.

pub mod api_error;
pub(super) mod ask;
pub(super) mod challenge;
pub(super) mod credential;
mod gate;
pub(super) mod json;
pub(super) mod mended;
pub(super) mod object;
pub(super) mod org_url;
pub(super) mod page;
pub(super) mod page_size;
#[cfg(test)]
pub(super) mod tests;
pub(super) mod user_fields;
pub(super) mod walk;

use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use url::Url;

use crate::cancel::CancelToken;
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, Settings};
use crate::http::rate_limit::RateHeaders;
use crate::http::rate_window::{Bucket, Flight, RateWindows, Room};
use crate::http::retry::{self, AfterFailure, RetryPolicy, Tally};
use crate::http::{Meter, Method, Request, Response, Transport};
use crate::logging::{Level, Log, redact};
use crate::model::TokenStatus;
use crate::oauth::{Access, ProvenHosts};
use crate::okta::client::ask::{Answer, Ask};
use crate::okta::client::credential::{Credential, SecondTries};
use crate::okta::client::org_url::OrgUrl;
use crate::okta::client::page_size::{PageSize, Suspicion};
use crate::okta::client::user_fields::UserFields;

/// A connection to one org for the length of one call.
pub struct OktaClient {
    org: OrgUrl,
    credential: Credential,
    /// The hosts that the credential may be sent to.
    pub(super) proven: ProvenHosts,
    transport: Transport,
    policy: RetryPolicy,
    windows: Mutex<RateWindows>,
    log: Log,
    cancel: CancelToken,
    meter: Meter,
    /// The attributes that are requested and kept of each user.
    pub(super) wanted: UserFields,
}

impl OktaClient {
    /// A client with the settings of this call.
    pub fn new(
        org: OrgUrl,
        credential: Credential,
        transport: Transport,
        settings: &Settings,
        log: Log,
        cancel: CancelToken,
        meter: Meter,
    ) -> OktaClient {
        let policy = RetryPolicy::from_settings(settings);
        let reserve = u32::try_from(settings.integer(Key::RateLimitReserve)).unwrap_or(0);
        let windows = Mutex::new(RateWindows::new(reserve, policy.max_rate_wait));
        OktaClient {
            org,
            credential,
            proven: ProvenHosts::default(),
            transport,
            policy,
            windows,
            log,
            cancel,
            meter,
            wanted: UserFields::default(),
        }
    }

    /// The same client for a call whose user waits at the screen: few attempts, no long wait. Its few requests may
    /// use the reserve.
    pub fn brief(mut self) -> OktaClient {
        self.policy = self.policy.brief();
        self.windows = Mutex::new(RateWindows::new(0, self.policy.max_rate_wait));
        self
    }

    /// The same client, with the hosts that have already proved to be Okta orgs.
    pub fn knowing(self, proven: ProvenHosts) -> OktaClient {
        OktaClient { proven, ..self }
    }

    /// Notes that the host is this org. From now on the credential may go there, and links to the org's other
    /// addresses are accepted.
    pub fn learn(&mut self, alternates: &[Url]) {
        self.proven.add(self.org.url());
        self.org = self.org.clone().with_alternates(alternates.to_vec());
    }

    /// Requests only these attributes of users from now on, and keeps no others.
    pub fn want(&mut self, wanted: UserFields) {
        self.wanted = wanted;
    }

    /// The org that requests are sent to.
    pub fn org(&self) -> &OrgUrl {
        &self.org
    }

    /// What is known about the tokens of the client; none with an API token.
    pub fn token_status(&self) -> Option<TokenStatus> {
        self.credential.status()
    }

    /// How many requests the rate limit of this path leaves; none before the first request to it.
    pub(super) fn room(&self, path: &str) -> Option<Room> {
        let bucket = Bucket::of(Method::Get, path);
        self.windows().room(bucket, Instant::now())
    }

    /// The counters of the call.
    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// How many requests a bucket leaves; unlimited until an answer has announced a limit.
    pub fn room_in(&self, bucket: Bucket) -> Room {
        let room = self.windows().room(bucket, Instant::now());
        room.unwrap_or(Room {
            now: u64::MAX,
            each_window: u64::MAX,
            spare: u64::MAX,
        })
    }

    /// The log of the client.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Sends a GET to a path with query, or to a whole URL on the org. The answer must be JSON.
    pub async fn get(&self, target: &str) -> Result<Answer> {
        self.ask(&Ask::new(target)).await
    }

    /// Sends a request whose answer must be JSON.
    pub async fn ask(&self, ask: &Ask<'_>) -> Result<Answer> {
        self.read(ask, |body| {
            json::whole(&body).map(|text| text.as_bytes().to_vec())
        })
        .await
    }

    /// Sends the request until `decode` can read the answer, or until there is an error that another attempt cannot
    /// cure. A body that is not JSON may be complete the next time, so that is tried again.
    pub async fn read<T>(&self, ask: &Ask<'_>, decode: impl Fn(Vec<u8>) -> Result<T>) -> Result<Answer<T>> {
        let mut url = self.resolve(ask.target)?;
        let label = format!("{} {}", ask.method.name(), redact(url.path()));
        let mut tally = Tally::default();
        let mut suspicion = Suspicion::default();
        let mut first_request_id = None;
        let mut second_tries = SecondTries::default();
        let bucket = Bucket::of(ask.method, url.path());
        loop {
            let mut sent = None;
            let rows = ask.page_size.map(PageSize::rows);
            rows.inspect(|rows| PageSize::apply(*rows, &mut url));
            let outcome = match self.pass_gate(bucket, &label).await {
                Ok(()) => {
                    let _flight = Flight(&self.windows, bucket);
                    // The credential is fetched after the gate, because a token may expire during the wait. Tokens
                    // have retries of their own, so an error here is final.
                    sent = self.access(ask).await?;
                    let retry_for = first_request_id.as_deref();
                    let response = self.attempt(ask, &url, &label, &tally, retry_for, sent.as_ref());
                    response
                        .await
                        .and_then(|answered| self.judge(ask, answered, &decode))
                }
                Err(error) => Err(error),
            };
            let error = match outcome {
                Ok(answer) => {
                    ask.page_size.inspect(|size| size.note_success());
                    return Ok(answer);
                }
                Err(error) if error.code() == ErrorCode::Cancelled => return Err(error),
                Err(error) => error,
            };
            if let Some(sent) = &sent
                && self.credential.cures(&error, sent, &mut second_tries).await?
            {
                continue;
            }
            if !ask.may_repeat(&error) {
                return Err(error.context(&label));
            }
            tally.count(&error);
            if error.code() == ErrorCode::ConcurrencyLimited {
                self.meter.count_concurrency_limit();
            }
            first_request_id = first_request_id.or_else(|| error.request_id().map(str::to_owned));
            let size = ask.page_size.zip(rows);
            if let Some(rows) = size.and_then(|(size, rows)| size.note_failure(&error, rows, &mut suspicion))
            {
                let why = match error.code() {
                    ErrorCode::BodyTooLarge => "the page is larger than http.max_body_bytes",
                    _ => "Okta cannot deliver the page",
                };
                self.log.warn(format!("{label}: {why}, asking for {rows} rows"));
            }
            // A smaller page needs fewer rows and not more time, so the request is repeated at once.
            if error.code() == ErrorCode::BodyTooLarge && size.is_some_and(|(size, rows)| size.rows() < rows)
            {
                continue;
            }
            match retry::decide(&self.policy, &tally, &error, fastrand::f64()) {
                AfterFailure::GiveUp => return Err(error.context(&label)),
                AfterFailure::RetryAfter(wait) => self.wait(&label, &error, tally.attempts(), wait).await?,
            }
        }
    }

    /// The address on the org. A URL on an alternate address is rewritten to the org's own host, so that the
    /// credential goes to one host only.
    fn resolve(&self, target: &str) -> Result<Url> {
        if target.starts_with('/') {
            return self.org.join(target);
        }
        let foreign = || Error::new(ErrorCode::ForeignHost);
        let url = Url::parse(target).map_err(|_| foreign())?;
        if !self.org.same_host(&url) {
            return Err(foreign());
        }
        self.org
            .join(&url[url::Position::BeforePath..url::Position::AfterQuery])
    }

    async fn attempt(
        &self,
        ask: &Ask<'_>,
        url: &Url,
        label: &str,
        tally: &Tally,
        first_request_id: Option<&str>,
        access: Option<&Access>,
    ) -> Result<Answered> {
        let bucket = Bucket::of(ask.method, url.path());
        let mut request = self.request(ask, url, access)?;
        if let Some(id) = first_request_id {
            // Okta's own SDKs send these headers too. They let Okta distinguish a retry from a new request.
            request.headers.push("X-Okta-Retry-For", id);
            request
                .headers
                .push("X-Okta-Retry-Count", tally.attempts().to_string());
        }
        let url = request.url.clone();
        self.meter.count_request(tally.attempts() > 0);
        let began = Instant::now();
        let response = self.transport.send(request, &self.cancel).await?;
        let latency = began.elapsed();
        self.credential.note(&response);
        let rate = self.observe(bucket, &response);
        if let Some(date) = response.headers.get("date").and_then(UnixMillis::parse_http_date) {
            self.meter.note_date(date, latency);
        }
        self.log_answer(label, &response, latency);
        Ok(Answered {
            response,
            url,
            latency,
            rate,
        })
    }

    async fn access(&self, ask: &Ask<'_>) -> Result<Option<Access>> {
        if !ask.with_credential {
            return Ok(None);
        }
        self.prove_host().await?;
        self.credential.access().await.map(Some)
    }

    fn request(&self, ask: &Ask<'_>, url: &Url, access: Option<&Access>) -> Result<Request> {
        let mut request = Request::get(url.clone());
        request.method = ask.method;
        request.headers.push("Accept", "application/json");
        if let Some(body) = ask.body {
            request.headers.push("Content-Type", "application/json");
            request.body = Some(body.to_vec());
        }
        for (name, value) in ask.headers {
            request.headers.push(*name, *value);
        }
        if let Some(access) = access {
            self.credential.put_on(access, &mut request)?;
        }
        Ok(request)
    }

    fn judge<T>(
        &self,
        ask: &Ask<'_>,
        answered: Answered,
        decode: impl Fn(Vec<u8>) -> Result<T>,
    ) -> Result<Answer<T>> {
        let mut response = answered.response;
        self.meter.count_mended(mended::mend(&mut response.body));
        let is_done = ask.method != Method::Get && response.status == 204;
        if !response.is_whole() && !is_done {
            return Err(api_error::from_response(&response, self.policy.max_rate_wait));
        }
        let request_id = response.headers.get("x-okta-request-id");
        let body = decode(response.body).map_err(|error| error.okta_request_id(request_id))?;
        let date = response.headers.get("date").and_then(UnixMillis::parse_http_date);
        Ok(Answer {
            body,
            headers: response.headers,
            rate: answered.rate,
            date,
            url: answered.url,
            latency: answered.latency,
        })
    }

    async fn wait(&self, label: &str, error: &Error, attempts: u32, wait: Duration) -> Result<()> {
        let what = format!(
            "{label}: {}, attempt {} in {}",
            error.code().name(),
            attempts + 1,
            seconds(wait)
        );
        let is_limit = matches!(
            error.code(),
            ErrorCode::RateLimited | ErrorCode::ConcurrencyLimited
        );
        self.log
            .write(if is_limit { Level::Info } else { Level::Warn }, &what);
        let _waiting = self.meter.begin_wait(wait, error.code());
        self.cancel.sleep(wait).await
    }

    fn log_answer(&self, label: &str, response: &Response, latency: Duration) {
        let request_id = response.headers.get("x-okta-request-id").unwrap_or("none");
        self.log.debug(format!(
            "{label}: {} in {} ms, {} bytes, request {request_id}",
            response.status,
            latency.as_millis(),
            response.body.len(),
        ));
    }
}

impl fmt::Debug for OktaClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OktaClient")
            .field("org", &self.org.base())
            .finish_non_exhaustive()
    }
}

/// An answer before it is judged.
struct Answered {
    response: Response,
    url: Url,
    latency: Duration,
    rate: RateHeaders,
}

fn seconds(wait: Duration) -> String {
    format!("{:.1} s", wait.as_secs_f64())
}
