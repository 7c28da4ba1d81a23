//! The validation of a connection: each capability asked once, none hiding another.
//!
//! Quick rather than stubborn: few tries, short waits. What fails is explained in words that tell an
//! administrator what to do; what cannot be known is said to be unknown.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::check::{blank, failed, in_words};
use super::client::{OktaClient, Question, read_json};
use super::groups::everyone_count;
use super::organization::{Organization, organization};
use super::user_query::UserQuery;
use super::users::{PageSize, first_cursor, users_page};
use crate::clock::UnixMillis;
use crate::config::{Key, Settings};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Capability, Check, OktaUser, Outcome, ValidationReport};

/// Tries of one question, and the longest single wait: an administrator watches.
const ATTEMPTS: u32 = 3;
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Clocks further apart than this are worth a look; Okta refuses assertions that are minutes off.
const TOLERATED_SKEW_SECONDS: i64 = 120;

/// Asks everything. Fails only when cancelled.
pub async fn validate(client: OktaClient, settings: &Settings) -> Result<ValidationReport> {
    let client = client.impatient(ATTEMPTS, LONGEST_WAIT);
    let mut probe = Probe {
        client: &client,
        settings,
        checks: Vec::new(),
        latency: None,
    };
    probe.run().await?;
    let checks = probe.checks;
    let works = |check: &Check| matches!(check.outcome, Outcome::Ok | Outcome::Warning);
    Ok(ValidationReport {
        usable: checks.iter().filter(|check| check.required).all(works),
        org_url: client.org().base(),
        org_url_note: String::new(),
        checks,
    })
}

struct Probe<'a> {
    client: &'a OktaClient,
    settings: &'a Settings,
    checks: Vec<Check>,
    /// How long a request for users took.
    latency: Option<Duration>,
}

impl Probe<'_> {
    async fn run(&mut self) -> Result<()> {
        let found = organization(self.client).await;
        let organization = self.note(Capability::Organization, found, |found| {
            (format!("This is the Okta org {}.", found.id), found.id.clone())
        })?;
        let Some(organization) = organization else {
            self.skip_from(
                Capability::Credential,
                "Not checked, because the org was not reached.",
            );
            return Ok(());
        };
        let owner = self.first_user("/api/v1/users/me").await;
        let owner = self.note(Capability::Credential, owner, |owner| {
            ("The API token is valid.".to_owned(), owner.clone())
        })?;
        // A token that may not even read its owner still lives; only a refusal of the token itself ends it.
        let refused = self
            .checks
            .last()
            .is_some_and(|check| check.outcome == Outcome::Refused);
        if owner.is_none() && refused {
            self.skip_from(
                Capability::ReadUsers,
                "Not checked, because the credential was refused.",
            );
            self.replace_clock_skew(&organization);
            return Ok(());
        }
        self.check_users().await?;
        self.check_plain(
            Capability::ReadGroups,
            "/api/v1/groups?limit=1",
            "Groups can be read.",
        )
        .await?;
        self.check_plain(
            Capability::ReadSchemas,
            "/api/v1/meta/schemas/user/default",
            "Profile schemas can be read.",
        )
        .await?;
        self.check_plain(
            Capability::ReadEventHooks,
            "/api/v1/eventHooks",
            "Event hooks can be read.",
        )
        .await?;
        self.check_size().await?;
        self.clock_skew(&organization);
        Ok(())
    }

    async fn check_users(&mut self) -> Result<()> {
        let began = Instant::now();
        let one = PageSize::new(1);
        let mut found = users_page(self.client, &first_cursor(&UserQuery::All, &one), &one).await;
        let search_refused = found
            .as_ref()
            .is_err_and(|error| error.code() == ErrorCode::SearchRefused);
        if search_refused {
            let cursor = first_cursor(&UserQuery::NotDeprovisioned, &one);
            found = users_page(self.client, &cursor, &one).await;
        }
        self.latency = Some(began.elapsed());
        let nobody = found
            .as_ref()
            .is_ok_and(|page| page.items.is_empty() && page.next.is_none());
        if nobody {
            self.push_suspiciously_empty();
            return Ok(());
        }
        self.note(Capability::ReadUsers, found, |page| {
            let how = if search_refused {
                " The org refuses search; users are listed by status."
            } else {
                ""
            };
            let status = page
                .items
                .first()
                .map(|user: &OktaUser| user.status.clone())
                .unwrap_or_default();
            (format!("Users can be read.{how}"), status)
        })?;
        Ok(())
    }

    /// An org always has users, its administrators at least: an empty list is a missing role in disguise.
    fn push_suspiciously_empty(&mut self) {
        let mut check = blank(Capability::ReadUsers);
        check.outcome = Outcome::MissingRole;
        check.error_code = ErrorCode::NobodySeen.number();
        check.advice =
            "Okta answered with an empty list of users, which no org has: the credential's admin role \
                        does not see any user. Give it a role such as Read-only Administrator."
                .to_owned();
        self.checks.push(check);
    }

    async fn check_plain(&mut self, capability: Capability, path: &str, works: &str) -> Result<()> {
        let found = self
            .get(path, &|response| read_json::<IgnoredAny>(response).map(drop))
            .await;
        self.note(capability, found, |()| (works.to_owned(), String::new()))?;
        Ok(())
    }

    /// Rate limit, number of users and what follows from both.
    async fn check_size(&mut self) -> Result<()> {
        let seen = self.client.rate_limit_of("/api/v1/users");
        let limit = seen.and_then(|seen| seen.limit).filter(|limit| *limit > 0);
        match limit {
            Some(limit) => self.push(
                Capability::RateLimit,
                Outcome::Ok,
                format!("The credential may list users {limit} times a minute."),
                limit.to_string(),
            ),
            None => self.push(
                Capability::RateLimit,
                Outcome::NotChecked,
                "Okta's answers do not say the rate limit.".to_owned(),
                String::new(),
            ),
        }
        let count = everyone_count(self.client).await;
        let unknown = "The number of users cannot be had without reading groups; the sync works without it.";
        let count = match count {
            Err(error) if error.code() == ErrorCode::Cancelled => return Err(error),
            Err(_) | Ok(None) => None,
            Ok(count) => count,
        };
        match count {
            Some(count) => self.push(
                Capability::UserCount,
                Outcome::Ok,
                format!("The org has about {count} users."),
                count.to_string(),
            ),
            None => self.push(
                Capability::UserCount,
                Outcome::NotChecked,
                unknown.to_owned(),
                String::new(),
            ),
        }
        match count.map(|count| self.expected_seconds(count, limit)) {
            Some(seconds) => {
                let words = format!("A full sync will take about {}.", in_words(seconds));
                self.push(Capability::SyncDuration, Outcome::Ok, words, seconds.to_string());
            }
            None => self.push(
                Capability::SyncDuration,
                Outcome::NotChecked,
                "Unknown without the number of users.".to_owned(),
                String::new(),
            ),
        }
        Ok(())
    }

    /// Pages one after the other, or as many a minute as the rate limit leaves, whichever is slower.
    fn expected_seconds(&self, users: u64, limit: Option<u64>) -> u64 {
        let pages = users.div_ceil(self.settings.integer(Key::SyncPageSize)).max(1);
        let by_latency = self.latency.unwrap_or_default().as_secs_f64() * pages as f64;
        let share = 100 - self.settings.integer(Key::RateLimitReserve);
        let by_limit = limit.map_or(0.0, |limit| {
            let allowed = (limit * share / 100).max(1);
            // The first window is free; each further one costs its minute.
            (pages.saturating_sub(1) / allowed) as f64 * 60.0
        });
        by_latency.max(by_limit).ceil().max(1.0) as u64
    }

    fn clock_skew(&mut self, organization: &Organization) {
        let Some(clock) = organization.clock else {
            let words = "Okta's answer does not say the time.".to_owned();
            self.push(Capability::ClockSkew, Outcome::NotChecked, words, String::new());
            return;
        };
        let seconds = (clock.0 - UnixMillis::now().0) / 1_000;
        let (outcome, words) = if seconds.abs() <= TOLERATED_SKEW_SECONDS {
            (
                Outcome::Ok,
                "The clocks of this machine and of Okta agree.".to_owned(),
            )
        } else {
            let words = format!(
                "The clocks of this machine and of Okta are {} apart; synchronise this machine's clock.",
                in_words(seconds.unsigned_abs())
            );
            (Outcome::Warning, words)
        };
        self.push(Capability::ClockSkew, outcome, words, seconds.to_string());
    }

    fn replace_clock_skew(&mut self, organization: &Organization) {
        self.checks.pop();
        self.clock_skew(organization);
    }

    async fn get<T>(&self, path: &str, read: &dyn Fn(&crate::http::Response) -> Result<T>) -> Result<T> {
        self.client
            .ask(&Question {
                url: &|| self.client.org().join(path),
                headers: &[],
                with_credential: true,
                read,
                failed: &|_| {},
            })
            .await
    }

    /// The id of the one user that a path answers with.
    async fn first_user(&self, path: &str) -> Result<String> {
        #[derive(Deserialize)]
        struct Owner {
            id: String,
        }
        let owner: Owner = self.get(path, &|response| read_json(response)).await?;
        let known_form = owner.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if known_form {
            Ok(owner.id)
        } else {
            Err(Error::new(ErrorCode::UnexpectedAnswer))
        }
    }

    /// Turns an answer or a failure into a line of the report; gives the answer back.
    fn note<T>(
        &mut self,
        capability: Capability,
        found: Result<T>,
        words: impl Fn(&T) -> (String, String),
    ) -> Result<Option<T>> {
        match found {
            Ok(found) => {
                let (advice, value) = words(&found);
                self.push(capability, Outcome::Ok, advice, value);
                Ok(Some(found))
            }
            Err(error) if error.code() == ErrorCode::Cancelled => Err(error),
            Err(error) => {
                self.checks.push(failed(capability, &error));
                Ok(None)
            }
        }
    }

    fn push(&mut self, capability: Capability, outcome: Outcome, advice: String, value: String) {
        self.checks.push(Check {
            outcome,
            advice,
            value,
            ..blank(capability)
        });
    }

    fn skip_from(&mut self, first: Capability, why: &str) {
        for capability in Capability::ALL
            .into_iter()
            .skip_while(|capability| *capability != first)
        {
            self.push(capability, Outcome::NotChecked, why.to_owned(), String::new());
        }
    }
}
