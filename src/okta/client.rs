//! Asks Okta: credential, rate limits, retries, log, meter. One client serves one call.
//!
//! The credential goes to the org's own origin only. A question is asked until it is answered, until
//! its failure is final, or until the call is cancelled.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use super::api_error::api_error;
use super::org_url::OrgUrl;
use crate::cancel::CancelToken;
use crate::config::{Key, Settings};
use crate::error::{Error, ErrorCode, Result};
use crate::http::rate_limit::{Buckets, RateLimit, bucket_of};
use crate::http::retry::{Attempts, RetryPolicy};
use crate::http::{Meter, Request, Response, Transport};
use crate::logging::Log;
use crate::secret::Secret;

/// What proves who asks.
#[derive(Clone, Debug)]
pub enum Credential {
    /// An API token, sent as `SSWS` (Okta: reference/core-okta-api).
    ApiToken(Secret),
}

impl Credential {
    fn authorization(&self) -> Secret {
        match self {
            Credential::ApiToken(token) => token.with_scheme("SSWS"),
        }
    }
}

/// A question and how to read its answer.
pub struct Question<'a, T> {
    /// The URL; asked anew before each try, since a failure may change it.
    pub url: &'a dyn Fn() -> Result<Url>,
    /// Headers besides the usual ones.
    pub headers: &'a [(&'static str, &'static str)],
    /// Whether the credential goes with it.
    pub with_credential: bool,
    /// Reads an answer of status 2xx. A failure of kind [`ErrorCode::NotJson`] is tried again.
    pub read: &'a dyn Fn(&Response) -> Result<T>,
    /// Told of each failed try.
    pub failed: &'a dyn Fn(ErrorCode),
}

/// The way to one org, for one call.
pub struct OktaClient {
    org: OrgUrl,
    credential: Credential,
    transport: Transport,
    log: Log,
    cancel: CancelToken,
    meter: Meter,
    policy: RetryPolicy,
    longest_wait: Duration,
    state: Mutex<State>,
}

struct State {
    buckets: Buckets,
    last_seen: HashMap<&'static str, RateLimit>,
    /// Other origins of the same org, learned from the org itself (custom domain and original URL).
    alternates: Vec<Url>,
}

impl OktaClient {
    /// A client with the settings of the call.
    pub fn new(
        org: OrgUrl,
        credential: Credential,
        transport: Transport,
        settings: &Settings,
        log: Log,
        cancel: CancelToken,
        meter: Meter,
    ) -> OktaClient {
        let longest_wait = settings.seconds(Key::RateLimitMaxWait);
        let buckets = Buckets::new(settings.integer(Key::RateLimitReserve), longest_wait);
        OktaClient {
            org,
            credential,
            transport,
            log,
            cancel,
            meter,
            policy: RetryPolicy::from_settings(settings),
            longest_wait,
            state: Mutex::new(State {
                buckets,
                last_seen: HashMap::new(),
                alternates: Vec::new(),
            }),
        }
    }

    /// Gives up sooner: at most `attempts` tries and no single wait longer than `longest_wait`.
    pub fn impatient(mut self, attempts: u32, longest_wait: Duration) -> OktaClient {
        self.policy.max_attempts = self.policy.max_attempts.min(attempts);
        self.policy.max_delay = self.policy.max_delay.min(longest_wait);
        self.longest_wait = self.longest_wait.min(longest_wait);
        self
    }

    /// The org.
    pub fn org(&self) -> &OrgUrl {
        &self.org
    }

    /// The rate-limit headers of the last answer of this bucket's endpoints.
    pub fn rate_limit_of(&self, bucket: &str) -> Option<RateLimit> {
        self.state().last_seen.get(bucket).copied()
    }

    /// Remembers another origin of the same org, to which its own links may point.
    pub fn learn_alternate(&self, url: Url) {
        self.state().alternates.push(url);
    }

    /// Whether a link of the org's answers stays within the org.
    pub fn is_own(&self, url: &Url) -> bool {
        let alternates = &self.state().alternates;
        self.org.same_origin(url) || alternates.iter().any(|known| known.origin() == url.origin())
    }

    /// Asks until there is an answer or a final failure.
    pub async fn ask<T>(&self, question: &Question<'_, T>) -> Result<T> {
        let mut attempts = Attempts::default();
        let mut first_request_id: Option<String> = None;
        loop {
            let error = match self
                .attempt(question, attempts, first_request_id.as_deref())
                .await
            {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            match error.code() {
                ErrorCode::RateLimited | ErrorCode::ConcurrencyLimited => attempts.limited += 1,
                _ => attempts.failed += 1,
            }
            (question.failed)(error.code());
            let announced = error.retry_after_hint();
            let Some(wait) = self
                .policy
                .wait(error.code(), attempts, announced, fastrand::f64())
            else {
                return Err(error);
            };
            if first_request_id.is_none() {
                first_request_id = error.request_id().map(str::to_owned);
            }
            self.log.info(format!(
                "a request is tried again in {} ms: {error}",
                wait.as_millis()
            ));
            self.wait(wait).await?;
        }
    }

    async fn attempt<T>(
        &self,
        question: &Question<'_, T>,
        attempts: Attempts,
        first_id: Option<&str>,
    ) -> Result<T> {
        self.cancel.check()?;
        let url = (question.url)()?;
        if question.with_credential && !self.org.same_origin(&url) {
            return Err(Error::new(ErrorCode::ForeignHost));
        }
        let bucket = bucket_of(url.path());
        self.wait_for_bucket(bucket).await?;
        let tries = attempts.failed + attempts.limited;
        let path = url.path().to_owned();
        let request = self.request(question, url, tries, first_id);
        self.meter.request(tries > 0);
        let response = self.transport.send(request, &self.cancel).await?;
        self.meter.received(response.body.len());
        self.log.debug(format!(
            "GET {path} {} {} bytes",
            response.status,
            response.body.len()
        ));
        self.observe(bucket, &response);
        if !(200..300).contains(&response.status) {
            return Err(api_error(&response, self.longest_wait));
        }
        (question.read)(&response)
            .map_err(|error| error.okta_request_id(response.headers.first("x-okta-request-id")))
    }

    fn request<T>(
        &self,
        question: &Question<'_, T>,
        url: Url,
        tries: u32,
        first_id: Option<&str>,
    ) -> Request {
        let mut headers = vec![("accept", "application/json".to_owned())];
        headers.extend(
            question
                .headers
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        if let (Some(id), true) = (first_id, tries > 0) {
            // Okta asks clients to say which request they repeat (reference/rate-limits).
            headers.push(("x-okta-retry-for", id.to_owned()));
            headers.push(("x-okta-retry-count", tries.to_string()));
        }
        let authorization = question.with_credential.then(|| self.credential.authorization());
        Request {
            url,
            headers,
            authorization,
        }
    }

    /// Waits while the bucket has only the share left that belongs to others.
    async fn wait_for_bucket(&self, bucket: &'static str) -> Result<()> {
        let wait = self.state().buckets.wait_before(bucket, Instant::now());
        let Some(wait) = wait.map(|wait| wait.min(self.longest_wait)) else {
            return Ok(());
        };
        self.log.info(format!(
            "the rate limit of {bucket} is used up; waiting {} ms",
            wait.as_millis()
        ));
        self.wait(wait).await
    }

    async fn wait(&self, wait: Duration) -> Result<()> {
        let began = Instant::now();
        self.meter.wait_begins(wait);
        let outcome = self.cancel.sleep(wait).await;
        self.meter.wait_ended(began.elapsed());
        outcome
    }

    fn observe(&self, bucket: &'static str, response: &Response) {
        let seen = RateLimit::read(&response.headers);
        let mut state = self.state();
        state.buckets.observe(bucket, &seen, Instant::now());
        state.last_seen.insert(bucket, seen);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Changes are whole assignments: a panic elsewhere leaves a usable state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads a JSON body: what is no JSON at all may be a proxy's page and passes, what is JSON of another
/// form stays so.
pub fn read_json<'a, T: serde::Deserialize<'a>>(response: &'a Response) -> Result<T> {
    serde_json::from_slice(&response.body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Error::new(ErrorCode::UnexpectedAnswer),
        serde_json::error::Category::Io
        | serde_json::error::Category::Syntax
        | serde_json::error::Category::Eof => Error::new(ErrorCode::NotJson),
    })
}
