//! The faults of the token endpoint observably do what they say.

use okta_sim::{Fault, OktaSim};
use serde_json::Value;

use crate::client::get;
use crate::faults::{LIST, struck_by};
use crate::sign_in::{org_with, sign_in, try_post};

/// What a refresh meets: status, error word or code; none without an answer.
fn refreshed(sim: &OktaSim) -> Option<(u16, String)> {
    let app = sim.web_app();
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "unknown"),
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.as_str()),
    ];
    let answer = try_post(sim, "/oauth2/v1/token", &pairs, &[]).ok()?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let word = body["error"].as_str().or(body["errorCode"].as_str());
    Some((answer.status, word.unwrap_or_default().to_owned()))
}

/// The request reaches the org, or does not; its repetition is answered.
pub fn fails_once(fault: Fault) {
    let sim = struck_by(fault);
    let first = refreshed(&sim);
    let expected = match fault {
        Fault::TokenServerError => Some((500, "server_error")),
        Fault::TokenGrantErrorIn500 => Some((500, "invalid_grant")),
        Fault::TokenUnavailable => Some((400, "temporarily_unavailable")),
        Fault::TokenRateLimit => Some((429, "E0000047")),
        Fault::TokenUserRateLimit => Some((429, "invalid_grant")),
        Fault::TokenBadGateway => Some((502, "")),
        _ => None,
    };
    let expected = expected.map(|(status, word)| (status, word.to_owned()));
    assert_eq!(first, expected, "{fault}");
    assert_eq!(refreshed(&sim), Some((400, "invalid_grant".into())), "{fault}");
    let log = sim.requests();
    assert_eq!(log[0].faults, [fault]);
    let processed = if fault == Fault::TokenLostResponse { 400 } else { 0 };
    if first.is_none() {
        assert_eq!(log[0].status, processed, "{fault}");
    }
    assert_eq!(
        get(&sim, LIST).rows().len(),
        50,
        "{fault}: only the token endpoint"
    );
}

/// Tokens come, but are not said to be what they are.
pub fn odd_types(fault: Fault) {
    let sim = org_with(|_| {});
    sim.set_faults(&[fault]);
    let tokens = sign_in(&sim);
    assert!(tokens["access_token"].is_string() && tokens["refresh_token"].is_string());
    let expected = match fault {
        Fault::TokenWithoutType => Value::Null,
        Fault::TokenOfOtherType => "mac".into(),
        _ => "Bearer".into(),
    };
    assert_eq!(tokens["token_type"], expected, "{fault}");
}

pub fn dead_ends(fault: Fault) {
    let sim = struck_by(fault);
    let expected = match fault {
        Fault::TokenAlwaysServerError => (500, "server_error"),
        Fault::TokenAlwaysRateLimited => (429, "E0000047"),
        Fault::TokenRedirect => (307, ""),
        Fault::TokenPartial => (206, ""),
        Fault::TokenChanged => (203, ""),
        _ => (200, ""),
    };
    for _ in 0..3 {
        assert_eq!(
            refreshed(&sim),
            Some((expected.0, expected.1.to_owned())),
            "{fault}"
        );
    }
}
