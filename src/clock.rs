//! Points in time as milliseconds since 1970-01-01 UTC, as they stand in the directory.
//!
//! Only [`UnixMillis::now`] reads a clock; everything that decides by time takes it as an argument.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// The present by this machine's clock.
    pub fn now() -> UnixMillis {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMillis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    /// Parses any RFC 3339 form (Okta sends `2024-01-15T09:30:00.000Z`, sometimes without the fraction).
    pub fn parse(text: &str) -> Option<UnixMillis> {
        text.parse::<jiff::Timestamp>()
            .ok()
            .map(|at| UnixMillis(at.as_millisecond()))
    }

    /// Parses the value of an HTTP `Date` header (RFC 9110 §5.6.7).
    pub fn parse_http_date(text: &str) -> Option<UnixMillis> {
        jiff::fmt::rfc2822::parse(text)
            .ok()
            .map(|at| UnixMillis(at.timestamp().as_millisecond()))
    }

    /// The form that Okta reads and sends: RFC 3339 in UTC with milliseconds.
    pub fn to_rfc3339(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => format!("{at:.3}"),
            Err(_) => String::new(),
        }
    }

    /// How long ago this was at `now`; zero if it lies ahead.
    pub fn age(self, now: UnixMillis) -> Duration {
        Duration::from_millis(u64::try_from(now.0.saturating_sub(self.0)).unwrap_or(0))
    }

    /// This moment moved into the future.
    pub fn plus(self, span: Duration) -> UnixMillis {
        UnixMillis(
            self.0
                .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// This moment moved into the past.
    pub fn minus(self, span: Duration) -> UnixMillis {
        UnixMillis(
            self.0
                .saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_okta_sends() {
        assert_eq!(
            UnixMillis::parse("2024-01-15T09:30:00.344Z"),
            Some(UnixMillis(1_705_311_000_344))
        );
        assert_eq!(
            UnixMillis::parse("2025-09-22T17:31:41Z"),
            Some(UnixMillis(1_758_562_301_000))
        );
        assert_eq!(UnixMillis::parse("yesterday"), None);
    }

    #[test]
    fn reads_http_dates_and_writes_rfc3339() {
        let at = UnixMillis::parse_http_date("Mon, 15 Jan 2024 09:30:00 GMT").expect("an HTTP date");
        assert_eq!(at.to_rfc3339(), "2024-01-15T09:30:00.000Z");
    }
}
