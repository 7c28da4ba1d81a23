//! Points in time in Okta's form: UTC, always with milliseconds; objects have whole seconds.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

/// Whole seconds since 1970 of the wall clock.
pub(crate) fn now_seconds() -> u32 {
    u32::try_from(now_millis() / 1_000).unwrap_or(u32::MAX)
}

/// Milliseconds since 1970 of the wall clock.
pub(crate) fn now_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// `2024-01-15T09:30:00.000Z`.
pub(crate) fn iso(seconds: u32) -> String {
    iso_millis(i64::from(seconds) * 1_000)
}

/// `2024-01-15T09:30:00.123Z`.
pub(crate) fn iso_millis(millis: i64) -> String {
    let stamp = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{stamp:.3}")
}

/// Any RFC 3339 form, as milliseconds since 1970.
pub(crate) fn parse_millis(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(|stamp| stamp.as_millisecond())
}

/// The form of the HTTP `Date` header.
pub(crate) fn http_date(seconds: i64) -> String {
    let stamp = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&stamp)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_milliseconds() {
        assert_eq!(iso(1_705_311_000), "2024-01-15T09:30:00.000Z");
        assert_eq!(parse_millis("2024-01-15T09:30:00Z"), Some(1_705_311_000_000));
        assert_eq!(
            parse_millis("2024-01-15T10:30:00.5+01:00"),
            Some(1_705_311_000_500)
        );
        assert_eq!(http_date(1_705_311_000), "Mon, 15 Jan 2024 09:30:00 GMT");
    }
}
