//! When a group that Okta refused is tried again, and when asking for other groups is useless. Pure.

use crate::contract::errors::{Error, ErrorCode};

/// The greatest number of passes between two tries.
const MOST_PASSES: i64 = 16;
/// If this many groups in a row fail after every retry, the cause is not the groups. Failed groups are tried
/// last in the next pass, so that it gets further.
const MOST_IN_A_ROW: u32 = 25;

/// The pass in which a group refused in `pass` is asked for again, after `before` earlier refusals in a row:
/// the next pass at first, then after 2, 4, 8 and at most 16.
pub fn tried_again(pass: i64, before: u32) -> i64 {
    let patience = 1_i64.checked_shl(before).unwrap_or(MOST_PASSES);
    pass + patience.clamp(1, MOST_PASSES)
}

/// Failures without a success between them.
#[derive(Debug, Default)]
pub struct InARow(u32);

impl InARow {
    /// Notes a success.
    pub fn end(&mut self) {
        self.0 = 0;
    }

    /// Notes a failure. Returns true after so many in a row that asking for the others is useless now. A
    /// refusal that costs a single request does not count.
    pub fn is_hopeless_after(&mut self, error: &Error) -> bool {
        use ErrorCode::*;
        let was_retried = matches!(
            error.code(),
            TimedOut
                | ConnectionLost
                | NotJson
                | OktaUnavailable
                | OktaInternal
                | Conflict
                | SearchUnparsable
        );
        self.0 += u32::from(was_retried);
        self.0 >= MOST_IN_A_ROW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_and_has_an_end() {
        let tried: Vec<i64> = (0..7).map(|before| tried_again(100, before)).collect();
        assert_eq!(tried, [101, 102, 104, 108, 116, 116, 116]);
        assert_eq!(tried_again(1, u32::MAX), 17);
    }

    #[test]
    fn an_org_that_fails_for_everybody_is_left_alone() {
        let mut failures = InARow::default();
        let failed = Error::new(ErrorCode::OktaUnavailable);
        assert!((1..MOST_IN_A_ROW).all(|_| !failures.is_hopeless_after(&failed)));
        assert!(failures.is_hopeless_after(&failed));
        failures.end();
        assert!(!failures.is_hopeless_after(&failed));
        let refused = Error::new(ErrorCode::RoleMissing);
        assert!((0..1_000).all(|_| !failures.is_hopeless_after(&refused)));
    }
}
