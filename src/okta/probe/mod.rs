//! Validates a connection: one check after the other, each with advice.
//!
//! A failed check never hides the results of the others. The credential is sent only to a host that has proved,
//! without the credential, that it is an Okta org. A validation changes nothing anywhere.
//!
//! `credential` and `users` hold the checks with the most cases, `scopes` draws conclusions from the scopes alone,
//! `estimate` computes the duration of a sync, and `advice` writes the advice.

mod advice;
pub(super) mod credential;
pub(super) mod estimate;
mod scopes;
#[cfg(test)]
mod tests;
mod users;

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, Settings};
use crate::model::{Capability, Check, Outcome, TokenStatus, TokenStore, ValidationReport, asked_scopes};
use crate::okta::client::OktaClient;
use crate::okta::client::ask::Answer;
use crate::okta::probe::advice::{failed, not_checked, outcome, passed};
use crate::okta::probe::credential::{Shown, show};
use crate::okta::probe::estimate::{SyncEstimate, clock_skew_seconds, in_words};
use crate::okta::probe::scopes::ScopeView;
use crate::okta::probe::users::{UsersSeen, see_users};
use crate::okta::schemas::{self, user_types};
use crate::okta::{event_hooks, groups, organization, system_log};

/// The longest time for one check with its retries: the user waits at the screen.
const CHECK_DEADLINE: Duration = Duration::from_secs(30);
/// After this many checks in a row without a connection the others are skipped, because they would only cost time.
const DEAD_CHECKS_BEFORE_STOPPING: u32 = 2;
/// A larger difference of the clocks gets a warning. API tokens do not depend on the clock, but Okta refuses DPoP
/// proofs older than five minutes. At a smaller difference the log lines of both sides already stop matching.
const CLOCK_SKEW_WARNING_SECONDS: i64 = 60;

/// Validates the connection of `client`, whose credential is in `store`. `url_note` says what was repaired in the
/// URL. Fails only if the call is cancelled; every other problem is in the report.
pub async fn validate(
    client: OktaClient,
    store: &dyn TokenStore,
    url_note: Option<&str>,
    settings: &Settings,
) -> Result<ValidationReport> {
    let mut probe = Probe::new(client.brief(), store, settings);
    if probe.check_organization().await? && probe.check_credential().await? {
        probe.check_reading().await?;
    }
    Ok(probe.report(url_note.unwrap_or_default()))
}

/// Validates an app before anybody has signed in with it. `known` asks Okta whether it knows the app; it is called
/// only after the host has proved to be an Okta org.
pub async fn validate_app(
    stranger: OktaClient,
    store: &dyn TokenStore,
    url_note: Option<&str>,
    settings: &Settings,
    known: impl Future<Output = Result<()>>,
) -> Result<ValidationReport> {
    let mut probe = Probe::new(stranger.brief(), store, settings);
    probe.before_sign_in = true;
    if probe.check_organization().await? {
        let known = within_deadline(known).await;
        let advice = "Okta knows the app by this client ID and secret. After the sign-in you can see what the app may do.";
        probe.record_simple(Capability::Credential, known, advice)?;
    }
    Ok(probe.report(url_note.unwrap_or_default()))
}

struct Probe<'a> {
    client: OktaClient,
    store: &'a dyn TokenStore,
    scopes: ScopeView<'a>,
    page_size: u64,
    in_flight: u64,
    reserve_percent: u64,
    checks: Vec<Check>,
    dead_checks: u32,
    skew_seconds: Option<i64>,
    /// Nobody has signed in yet, so nothing can be read.
    before_sign_in: bool,
}

impl<'a> Probe<'a> {
    fn new(client: OktaClient, store: &'a dyn TokenStore, settings: &'a Settings) -> Probe<'a> {
        Probe {
            client,
            store,
            scopes: ScopeView {
                status: status(store),
                asked: asked_scopes(settings),
                settings,
            },
            page_size: settings.integer(Key::SyncPageSize),
            in_flight: settings.integer(Key::SyncMaxInFlight),
            reserve_percent: settings.integer(Key::RateLimitReserve),
            checks: Vec::new(),
            dead_checks: 0,
            skew_seconds: None,
            before_sign_in: false,
        }
    }

    /// Checks the host. Returns whether further requests may go to it.
    async fn check_organization(&mut self) -> Result<bool> {
        let found = within_deadline(organization::ask(&self.client)).await;
        match self.record_failure(Capability::Organization, found)? {
            Ok((organization, answer)) => {
                self.note_clock(&answer);
                self.client.learn(&organization.alternates);
                let advice = "The host is an Okta org.";
                self.pass(Capability::Organization, Outcome::Ok, advice, organization.id);
                Ok(true)
            }
            Err(_) => Ok(false),
        }
    }

    /// Checks the credential. Returns whether further requests may use it.
    async fn check_credential(&mut self) -> Result<bool> {
        let shown = within_deadline(show(&self.client, &self.scopes.status)).await;
        // The check may have fetched an access token, so the status is read again.
        self.scopes.status = status(self.store);
        match self.record_failure(Capability::Credential, shown)? {
            Ok(Shown {
                outcome,
                advice,
                owner,
            }) => {
                self.pass(Capability::Credential, outcome, advice, owner);
                Ok(true)
            }
            Err(error) => Ok(outcome(error.code()) != Outcome::Refused),
        }
    }

    async fn check_reading(&mut self) -> Result<()> {
        self.checks
            .extend([self.scopes.scopes(), self.scopes.sign_in(UnixMillis::now())]);
        let told = Capability::ALL
            .into_iter()
            .filter_map(|capability| self.scopes.without_asking(capability));
        self.checks.extend(told.collect::<Vec<_>>());
        let seen = match self.has_result(Capability::ReadUsers) {
            true => None,
            false => {
                let seen = within_deadline(see_users(&self.client)).await;
                self.record_failure(Capability::ReadUsers, seen)?.ok()
            }
        };
        let count = self.check_count().await?;
        if let Some(seen) = seen {
            self.checks.push(seen.check(count, self.scopes.status.kind));
            self.pass_rate_limit(&seen);
            self.pass_duration(&seen, count);
        }
        if self.may_ask(Capability::ReadGroups) {
            let found = within_deadline(groups::check_read(&self.client)).await;
            self.record_simple(Capability::ReadGroups, found, "Groups can be read.")?;
        }
        if self.may_ask(Capability::ReadSchemas) {
            let found = within_deadline(schemas::check_read(&self.client)).await;
            self.record_simple(Capability::ReadSchemas, found, "Profile schemas can be read.")?;
        }
        if self.may_ask(Capability::ReadUserTypes) {
            let found = within_deadline(user_types::check_read(&self.client)).await;
            self.record_simple(Capability::ReadUserTypes, found, "User types can be read.")?;
        }
        if self.may_ask(Capability::ReadEventHooks) {
            let found = within_deadline(event_hooks::check_read(&self.client)).await;
            self.record_simple(Capability::ReadEventHooks, found, "Event hooks can be read.")?;
        }
        if self.may_ask(Capability::ReadLog) {
            let found = within_deadline(system_log::check_read(&self.client)).await;
            self.record_simple(Capability::ReadLog, found, "The System Log can be read.")?;
        }
        Ok(())
    }

    /// Whether a conclusion from the scopes already answers it.
    fn has_result(&self, capability: Capability) -> bool {
        self.checks.iter().any(|check| check.capability == capability)
    }

    fn may_ask(&self, capability: Capability) -> bool {
        self.is_alive() && !self.has_result(capability)
    }

    /// Reads Okta's own count of users, which needs the right to read groups. An unknown count is no failure.
    async fn check_count(&mut self) -> Result<Option<u64>> {
        if !self.may_ask(Capability::ReadGroups) {
            return Ok(None);
        }
        match within_deadline(groups::count_of_everyone(&self.client)).await {
            Err(error) if error.code() == ErrorCode::Cancelled => Err(error),
            Err(error) => {
                self.note_life(Some(&error));
                let advice = "The number of users cannot be read with this credential; a synchronization does not need it.".to_owned();
                let check = failed(Capability::UserCount, Outcome::NotChecked, &error);
                self.checks.push(Check { advice, ..check });
                Ok(None)
            }
            Ok(None) => {
                // Okta "Groups API", listGroups: Everyone is not shown to group admins.
                let advice = "Okta does not show its group Everyone to this credential; if its role is limited to some groups, only their users are synchronized.";
                self.pass(Capability::UserCount, Outcome::NotChecked, advice, String::new());
                Ok(None)
            }
            Ok(Some(count)) => {
                let advice =
                    format!("The org has about {count} users, by Okta's own count of its group Everyone.");
                self.pass(Capability::UserCount, Outcome::Ok, &advice, count.to_string());
                Ok(Some(count))
            }
        }
    }

    fn pass_rate_limit(&mut self, seen: &UsersSeen) {
        if let Some(limit) = seen.limit {
            let advice = format!(
                "Okta allows about {limit} requests a minute for listing users; {} % of them are left to others.",
                self.reserve_percent
            );
            self.pass(Capability::RateLimit, Outcome::Ok, &advice, limit.to_string());
        }
    }

    fn pass_duration(&mut self, seen: &UsersSeen, count: Option<u64>) {
        let Some(users) = count.filter(|_| seen.anybody()) else {
            return;
        };
        let estimate = SyncEstimate {
            users,
            page_size: self.page_size,
            in_flight: self.in_flight,
            requests_a_minute: seen.limit.map(u64::from),
            window: None,
            reserve_percent: self.reserve_percent,
            latency: seen.latency,
        };
        let seconds = estimate.duration().as_secs().max(1);
        let advice = format!(
            "A full synchronization will take up to about {}.",
            in_words(seconds)
        );
        self.pass(
            Capability::SyncDuration,
            Outcome::Ok,
            &advice,
            seconds.to_string(),
        );
    }

    fn note_clock(&mut self, answer: &Answer) {
        self.skew_seconds = answer
            .date
            .map(|date| clock_skew_seconds(date, UnixMillis::now(), answer.latency));
    }

    fn pass_clock(&mut self) {
        let Some(seconds) = self.skew_seconds else {
            return;
        };
        if seconds.abs() <= CLOCK_SKEW_WARNING_SECONDS {
            let advice = "The clocks of this machine and of Okta agree.";
            return self.pass(Capability::ClockSkew, Outcome::Ok, advice, seconds.to_string());
        }
        let advice = format!(
            "The clocks of this machine and of Okta are {} apart; set this machine's clock by NTP.",
            in_words(seconds.unsigned_abs())
        );
        let check = passed(
            Capability::ClockSkew,
            Outcome::Warning,
            &advice,
            seconds.to_string(),
        );
        self.checks.push(Check {
            error_code: ErrorCode::ClockSkewed.number(),
            ..check
        });
    }

    fn pass(&mut self, capability: Capability, outcome: Outcome, advice: &str, value: String) {
        self.checks.push(passed(capability, outcome, advice, value));
    }

    /// Writes a failed check into the report. The outer error is a cancel, which ends the validation.
    fn record_failure<T>(&mut self, capability: Capability, found: Result<T>) -> Result<Result<T>> {
        self.note_life(found.as_ref().err());
        match found {
            Err(error) if error.code() == ErrorCode::Cancelled => Err(error),
            Err(error) => {
                self.checks
                    .push(failed(capability, outcome(error.code()), &error));
                Ok(Err(error))
            }
            Ok(value) => Ok(Ok(value)),
        }
    }

    fn record_simple(&mut self, capability: Capability, found: Result<()>, advice: &str) -> Result<()> {
        if self.record_failure(capability, found)?.is_ok() {
            self.pass(capability, Outcome::Ok, advice, String::new());
        }
        Ok(())
    }

    fn note_life(&mut self, error: Option<&Error>) {
        use ErrorCode::*;
        let is_dead = |error: &Error| {
            matches!(
                error.code(),
                NameNotResolved | ConnectFailed | TlsFailed | ProxyFailed | TimedOut
            )
        };
        self.dead_checks = if error.is_some_and(is_dead) {
            self.dead_checks + 1
        } else {
            0
        };
    }

    fn is_alive(&self) -> bool {
        self.dead_checks < DEAD_CHECKS_BEFORE_STOPPING
    }

    fn report(mut self, url_note: &str) -> ValidationReport {
        self.pass_clock();
        let mut made = std::mem::take(&mut self.checks);
        let got_to_reading = made.iter().any(|check| check.capability == Capability::ReadUsers);
        let failed = made.iter().any(|check| check.error_code != 0);
        let mut checks = Vec::new();
        for capability in Capability::ALL {
            let at = made.iter().position(|check| check.capability == capability);
            checks.push(match at {
                Some(at) => made.remove(at),
                None => {
                    let why = match self.before_sign_in && !failed {
                        true => "Known after the sign-in.",
                        false => not_checked(capability, got_to_reading),
                    };
                    passed(capability, Outcome::NotChecked, why, String::new())
                }
            });
        }
        for check in &mut checks {
            check.required |= self.scopes.requires(check.capability);
        }
        let works = |check: &Check| matches!(check.outcome, Outcome::Ok | Outcome::Warning);
        ValidationReport {
            usable: checks.iter().filter(|check| check.required).all(works),
            org_url: self.client.org().base().to_owned(),
            org_url_note: url_note.to_owned(),
            credential_kind: self.scopes.status.kind,
            granted_scopes: self.scopes.status.scopes.clone(),
            missing_scopes: self.scopes.missing(),
            unneeded_scopes: self.scopes.unneeded(),
            checks,
        }
    }
}

/// What is known about the credential now. The store can be read, because otherwise the call would have ended
/// before.
fn status(store: &dyn TokenStore) -> TokenStatus {
    match store.load() {
        Ok(Some(credential)) => credential.status(UnixMillis::now()),
        Ok(None) | Err(_) => TokenStatus::none(),
    }
}

async fn within_deadline<T>(check: impl Future<Output = Result<T>>) -> Result<T> {
    match tokio::time::timeout(CHECK_DEADLINE, check).await {
        Ok(found) => found,
        Err(_) => Err(Error::new(ErrorCode::TimedOut)),
    }
}
