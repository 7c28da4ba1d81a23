//! Points in time as milliseconds since 1970-01-01 UTC, which is also their form in the directory.
//!
//! Only [`UnixMillis::now`] reads a clock. Code that decides by time takes the time as an argument.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// The present time by this machine's clock.
    pub fn now() -> UnixMillis {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMillis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    /// Parses any RFC 3339 form (Okta sends `2024-01-15T09:30:00.000Z`, sometimes without the fraction).
    pub fn parse(text: &str) -> Option<UnixMillis> {
        let at = usual_form(text).or_else(|| text.parse().ok())?;
        Some(UnixMillis(at.as_millisecond()))
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

    /// How long ago this time was at `now`; zero if it is in the future.
    pub fn age(self, now: UnixMillis) -> Duration {
        Duration::from_millis(u64::try_from(now.0.saturating_sub(self.0)).unwrap_or(0))
    }

    /// The time that is later by `span`.
    pub fn plus(self, span: Duration) -> UnixMillis {
        UnixMillis(
            self.0
                .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// The time that is earlier by `span`.
    pub fn minus(self, span: Duration) -> UnixMillis {
        UnixMillis(
            self.0
                .saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

/// Reads `2024-01-15T09:30:00.000Z` only. Every user has six times of this form, and a parser for every form takes
/// ten times as long.
fn usual_form(text: &str) -> Option<Timestamp> {
    let text: &[u8; 24] = text.as_bytes().try_into().ok()?;
    let is_there = |(at, byte): &(usize, u8)| text[*at] == *byte;
    if !SEPARATORS.iter().all(is_there) {
        return None;
    }
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |number, digit| {
            let digit = digit.is_ascii_digit().then(|| i16::from(digit - b'0'))?;
            Some(number * 10 + digit)
        })
    };
    let small = |from: usize| number(&text[from..from + 2]).and_then(|number| i8::try_from(number).ok());
    let (year, millis) = (number(&text[..4])?, i32::from(number(&text[20..23])?));
    let (month, day) = (small(5)?, small(8)?);
    let (hour, minute, second) = (small(11)?, small(14)?, small(17)?);
    let at = DateTime::new(year, month, day, hour, minute, second, millis * 1_000_000).ok()?;
    Offset::UTC.to_timestamp(at).ok()
}

const SEPARATORS: [(usize, u8); 7] = [
    (4, b'-'),
    (7, b'-'),
    (10, b'T'),
    (13, b':'),
    (16, b':'),
    (19, b'.'),
    (23, b'Z'),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn the_usual_form_is_read_as_any_other(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]\\.[0-9]{3}Z|.{24}"
        ) {
            let general: Option<Timestamp> = text.parse().ok();
            let usual = usual_form(&text);
            prop_assert!(usual.is_none() || usual == general, "{}", text);
            prop_assert_eq!(UnixMillis::parse(&text), general.map(|at| UnixMillis(at.as_millisecond())));
        }
    }

    #[test]
    fn reads_http_dates_and_writes_rfc3339() {
        let at = UnixMillis::parse_http_date("Mon, 15 Jan 2024 09:30:00 GMT").expect("an HTTP date");
        assert_eq!(at.to_rfc3339(), "2024-01-15T09:30:00.000Z");
    }
}
