//! Reads the answer of a token endpoint (RFC 6749 §5.1) as leniently as possible. If the answer holds a rotated
//! refresh token, refusing it because of a detail would lock us out.

use std::time::Duration;

use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse, TokenType};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The lifetime of every access token of Okta's org authorization server (Okta "Token lifetime").
const USUAL_LIFETIME: Duration = Duration::from_secs(3_600);
/// No server issues access tokens for longer; a greater number is a mistake of the server.
const LONGEST_LIFETIME: u64 = 86_400;

/// A successful answer.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TokenAnswer {
    access_token: AccessToken,
    #[serde(default, deserialize_with = "kind")]
    token_type: TokenKind,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    refresh_token: Option<RefreshToken>,
    #[serde(default, rename = "scope", deserialize_with = "scopes")]
    scopes: Option<Vec<Scope>>,
}

/// How a token may be used. A client that does not know the type must not use the token (RFC 6749 §7.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum TokenKind {
    /// Anybody who has the token may use it.
    Bearer,
    /// Only the holder of a key may use the token.
    Dpop,
    /// The answer names no type, or one that we do not know.
    #[default]
    Unknown,
}

impl TokenType for TokenKind {}

/// The type of the token; upper and lower case are the same.
fn kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<TokenKind, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(match value.as_str() {
        Some(name) if name.eq_ignore_ascii_case("Bearer") => TokenKind::Bearer,
        Some(name) if name.eq_ignore_ascii_case("DPoP") => TokenKind::Dpop,
        _ => TokenKind::Unknown,
    })
}

/// The scopes, which are separated by blanks. A value that is not text counts as missing.
fn scopes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Scope>>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let words = |text: &str| {
        text.split_whitespace()
            .map(|word| Scope::new(word.to_owned()))
            .collect()
    };
    Ok(value.as_str().map(words))
}

impl TokenResponse for TokenAnswer {
    type TokenType = TokenKind;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &TokenKind {
        &self.token_type
    }

    /// How long the token is valid; the usual lifetime if the answer says nothing or something absurd.
    fn expires_in(&self) -> Option<Duration> {
        let seconds = match &self.expires_in {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let sensible = seconds.filter(|seconds| (1..=LONGEST_LIFETIME).contains(seconds));
        Some(sensible.map_or(USUAL_LIFETIME, Duration::from_secs))
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.scopes.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifetime(expires_in: &str) -> u64 {
        let body = format!(r#"{{"access_token":"a","token_type":"Bearer"{expires_in}}}"#);
        let answer: TokenAnswer = serde_json::from_str(&body).expect(expires_in);
        answer.expires_in().expect("always").as_secs()
    }

    #[test]
    fn a_missing_or_absurd_lifetime_is_the_usual_one() {
        assert_eq!(lifetime(r#","expires_in":2"#), 2);
        assert_eq!(lifetime(r#","expires_in":"300""#), 300);
        for absurd in [
            "",
            r#","expires_in":null"#,
            r#","expires_in":0"#,
            r#","expires_in":-5"#,
            r#","expires_in":1e300"#,
            r#","expires_in":99999999999999999999"#,
            r#","expires_in":"soon""#,
            r#","expires_in":{}"#,
        ] {
            assert_eq!(lifetime(absurd), 3_600, "{absurd}");
        }
    }

    #[test]
    fn everything_but_the_access_token_may_be_missing_or_odd() {
        let answer: TokenAnswer = serde_json::from_str(r#"{"access_token":"a","scope":7}"#).expect("lenient");
        assert!(answer.scopes().is_none() && *answer.token_type() == TokenKind::Unknown);
        let answer: TokenAnswer =
            serde_json::from_str(r#"{"access_token":"a","scope":"a  b","token_type":"dpop","more":[]}"#)
                .expect("lenient");
        assert_eq!(answer.scopes().expect("two").len(), 2);
        assert_eq!(*answer.token_type(), TokenKind::Dpop);
        assert!(serde_json::from_str::<TokenAnswer>(r#"{"error":"x"}"#).is_err());
    }

    #[test]
    fn debug_hides_the_tokens() {
        let body = r#"{"access_token":"00secret","refresh_token":"00other"}"#;
        let answer: TokenAnswer = serde_json::from_str(body).expect("lenient");
        assert!(!format!("{answer:?}").contains("00"));
    }
}
