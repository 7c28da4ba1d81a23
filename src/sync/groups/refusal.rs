//! When a group that Okta refused is tried again, and when it is of no use to ask for others. Pure.

use crate::contract::errors::{Error, ErrorCode};

/// The longest patience, in passes.
const MOST_PASSES: i64 = 16;
/// So many groups in a row that failed after every retry are no fault of theirs. Those which failed are tried again
/// behind all others, so that the next pass gets further.
const MOST_IN_A_ROW: u32 = 25;

/// From which pass on an object that was refused in `pass` is asked for again, having been refused `before` times
/// in a row: in the next pass at first, then after 2, 4, 8 and at most 16.
pub fn tried_again(pass: i64, before: u32) -> i64 {
    let patience = 1_i64.checked_shl(before).unwrap_or(MOST_PASSES);
    pass + patience.clamp(1, MOST_PASSES)
}

/// Failures without a success between them.
#[derive(Debug, Default)]
pub struct InARow(u32);

impl InARow {
    /// Okta delivered.
    pub fn end(&mut self) {
        self.0 = 0;
    }

    /// Okta refused one object. True if so many in a row that asking for the others is of no use now. A refusal that
    /// costs a single request does not count.
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
