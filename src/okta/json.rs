//! Whether a body is sound JSON at all, before anybody reads meaning into it, and its smallest parts. Pure.
//!
//! A sound body that holds something else than expected is `UnexpectedAnswer`; anything that is not JSON
//! (a sign-in page, a proxy's error page, a body cut off) is `NotJson`, which a retry may cure.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorCode, Result};

/// serde_json's own limit for values that are read; deeper ones would pass unread through this engine
/// and fail in whoever reads the directory. Okta's own answers have less than ten levels.
const MOST_LEVELS: usize = 128;
/// Okta's own profile has 31 attributes, of which most are seldom set.
const USUAL_MEMBERS: usize = 32;

/// The JSON text of a body, without a byte-order mark.
pub(super) fn sound(body: &[u8]) -> Result<&[u8]> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let is_json = std::str::from_utf8(text).is_ok() && serde_json::from_slice::<IgnoredAny>(text).is_ok();
    if !is_json {
        return Err(Error::new(ErrorCode::NotJson));
    }
    if levels(text) > MOST_LEVELS {
        return Err(Error::about(
            ErrorCode::UnexpectedAnswer,
            "the answer is nested too deeply",
        ));
    }
    Ok(text)
}

/// The error for a body that is sound but does not fit. serde's own text is not shown: it quotes values.
pub(super) fn misfit(what: &str) -> Error {
    Error::about(ErrorCode::UnexpectedAnswer, what)
}

/// The members of an object as they stand there, repeated names included, with their values undecoded.
pub(super) struct Members<'a>(pub Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(USUAL_MEMBERS);
                while let Some(name) = map.next_key::<Name<'de>>()? {
                    members.push((name.0, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// A name, borrowed unless it holds an escape.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// How deep arrays and objects are nested in a JSON text.
fn levels(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_text => depth -= 1,
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_json() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        let cases: [(Vec<u8>, Option<ErrorCode>); 13] = [
            (b"[]".to_vec(), None),
            (b"\xef\xbb\xbf {} \n".to_vec(), None),
            (br#"[{"a":"\"[{\\"}]"#.to_vec(), None),
            (nested(128).into(), None),
            (nested(129).into(), Some(ErrorCode::UnexpectedAnswer)),
            (nested(100_000).into(), Some(ErrorCode::UnexpectedAnswer)),
            (Vec::new(), Some(ErrorCode::NotJson)),
            (b"  ".to_vec(), Some(ErrorCode::NotJson)),
            (b"<html>".to_vec(), Some(ErrorCode::NotJson)),
            (br#"[{"id":"00u1""#.to_vec(), Some(ErrorCode::NotJson)),
            (b"[] []".to_vec(), Some(ErrorCode::NotJson)),
            (b"[\"\xff\"]".to_vec(), Some(ErrorCode::NotJson)),
            (b"{]".to_vec(), Some(ErrorCode::NotJson)),
        ];
        for (body, expected) in cases {
            let code = sound(&body).err().map(|error| error.code());
            assert_eq!(
                code,
                expected,
                "{}",
                String::from_utf8_lossy(&body[..body.len().min(40)])
            );
        }
    }
}
