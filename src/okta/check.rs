//! Lines of the validation report: from a failure to an outcome with advice. Pure.

use crate::error::{Error, ErrorCode};
use crate::model::{Capability, Check, Outcome};

/// A line about a capability that has not been checked yet.
pub fn blank(capability: Capability) -> Check {
    let required = matches!(
        capability,
        Capability::Organization | Capability::Credential | Capability::ReadUsers
    );
    Check {
        capability,
        outcome: Outcome::NotChecked,
        required,
        error_code: 0,
        advice: String::new(),
        value: String::new(),
        missing_scope: String::new(),
        okta_error_code: String::new(),
        okta_request_id: String::new(),
    }
}

/// The line about a capability whose check failed.
pub fn failed(capability: Capability, error: &Error) -> Check {
    Check {
        outcome: outcome_of(error.code()),
        error_code: error.code().number(),
        advice: error.message().to_owned(),
        missing_scope: error.scope().unwrap_or_default().to_owned(),
        okta_error_code: error.okta_error().unwrap_or_default().to_owned(),
        okta_request_id: error.request_id().unwrap_or_default().to_owned(),
        ..blank(capability)
    }
}

fn outcome_of(code: ErrorCode) -> Outcome {
    match code {
        ErrorCode::RoleMissing => Outcome::MissingRole,
        ErrorCode::ScopeMissing => Outcome::MissingScope,
        ErrorCode::FeatureOff => Outcome::FeatureOff,
        code if code.block() == 2 => Outcome::Refused,
        _ => Outcome::Unreachable,
    }
}

/// A span as people say it.
pub fn in_words(seconds: u64) -> String {
    match seconds {
        0..=90 => format!("{seconds} s"),
        91..=5_400 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3_600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_its_outcome() {
        for (code, outcome) in [
            (ErrorCode::RoleMissing, Outcome::MissingRole),
            (ErrorCode::ScopeMissing, Outcome::MissingScope),
            (ErrorCode::FeatureOff, Outcome::FeatureOff),
            (ErrorCode::TokenRejected, Outcome::Refused),
            (ErrorCode::AuthorizationRejected, Outcome::Refused),
            (ErrorCode::TimedOut, Outcome::Unreachable),
            (ErrorCode::RateLimited, Outcome::Unreachable),
        ] {
            let check = failed(
                Capability::ReadGroups,
                &Error::new(code).okta_error_code("E0000006"),
            );
            assert_eq!((check.outcome, check.error_code), (outcome, code.number()));
            assert_eq!(
                (check.required, check.okta_error_code.as_str()),
                (false, "E0000006")
            );
        }
    }

    #[test]
    fn spans_are_said_in_words() {
        assert_eq!(
            [in_words(30), in_words(120), in_words(7_200)],
            ["30 s", "2 min", "2 h"]
        );
    }
}
