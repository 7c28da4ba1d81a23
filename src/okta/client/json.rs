//! Checks that a body is valid JSON, and reads its smallest parts. Pure.
//!
//! A valid body with unexpected content is `UnexpectedAnswer`. A body that is not JSON (a sign-in page, a proxy's
//! error page, a truncated body) is `NotJson`; another attempt may cure it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::{is_object_id, json_text};

/// A little less than serde_json's own limit (128 levels), because stored values are later nested inside other
/// values. A deeper value would pass through this engine and fail in a program that reads the directory. Okta's own
/// answers have fewer than ten levels.
const MOST_LEVELS: usize = 120;
/// The usual number of members: Okta's own profile has 31 attributes, and most of them are rarely set.
const USUAL_MEMBERS: usize = 32;

/// The JSON text of a body, without a byte-order mark. It may be nested to any depth.
pub(in crate::okta) fn whole(body: &[u8]) -> Result<&str> {
    let text = text(body)?;
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Ok(text),
        Err(_) => Err(Error::new(ErrorCode::NotJson)),
    }
}

/// The JSON text of a body. Fails if it is nested deeper than a stored value may be.
pub(in crate::okta) fn sound(body: &[u8]) -> Result<&str> {
    let text = whole(body)?;
    match levels(text) > MOST_LEVELS {
        true => Err(misfit("the answer is nested too deeply")),
        false => Ok(text),
    }
}

/// Reads a value from a body in one pass. Only if that fails, the body is checked for valid JSON. `what` is the
/// error message for a valid body with other content.
pub(in crate::okta) fn read<'a, T: Deserialize<'a>>(body: &'a [u8], what: &str) -> Result<T> {
    let value = serde_json::from_str(text(body)?);
    value.map_err(|_| sound(body).err().unwrap_or_else(|| misfit(what)))
}

/// The elements of a list as JSON text; the elements themselves are not checked.
pub(in crate::okta) fn elements<'a>(body: &'a [u8], what: &str) -> Result<Vec<&'a RawValue>> {
    serde_json::from_str(text(body)?).map_err(|_| whole(body).err().unwrap_or_else(|| misfit(what)))
}

fn text(body: &[u8]) -> Result<&str> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    std::str::from_utf8(text).map_err(|_| Error::new(ErrorCode::NotJson))
}

/// The error for valid JSON with unexpected content. serde's own text is not shown, because it quotes values.
pub(in crate::okta) fn misfit(what: &str) -> Error {
    Error::about(ErrorCode::UnexpectedAnswer, what)
}

/// The members of an object as JSON text. Repeated names are kept; nesting that is too deep is an error.
pub(in crate::okta) struct Members<'a>(pub Vec<(Cow<'a, str>, &'a RawValue)>);

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
                    let value: &RawValue = map.next_value()?;
                    if levels(value.get()) > MOST_LEVELS {
                        return Err(de::Error::custom("nested too deeply"));
                    }
                    members.push((name.0, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// The members of an object whose names need not be valid text, because an escape may stand for half a character.
pub(in crate::okta) struct ByteMembers<'a>(pub Vec<(Cow<'a, [u8]>, &'a RawValue)>);

impl<'de> Deserialize<'de> for ByteMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct ByteMembersVisitor;
        impl<'de> Visitor<'de> for ByteMembersVisitor {
            type Value = ByteMembers<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Bytes(name)) = map.next_key::<Bytes<'de>>()? {
                    members.push((name, map.next_value()?));
                }
                Ok(ByteMembers(members))
            }
        }
        deserializer.deserialize_map(ByteMembersVisitor)
    }
}

/// The id of an object whose other members need not be readable.
pub(in crate::okta) fn id_of(json: &str) -> Option<String> {
    let members: ByteMembers<'_> = serde_json::from_str(json).ok()?;
    let mut named = members.0.into_iter().rev();
    let id = named.find(|(name, _)| name.as_ref() == b"id")?.1;
    json_text(id.get())
        .map(Cow::into_owned)
        .filter(|id| is_object_id(id))
}

/// The ids in a list of objects; `what` names one of them in the error. A row without a usable id does not affect the
/// others.
pub(in crate::okta) fn ids(body: &[u8], what: &str) -> Result<Vec<Result<String>>> {
    let rows = elements(body, &format!("the answer is not a list of {what}s"))?.into_iter();
    let no_id = || misfit(&format!("a {what} has no usable id"));
    Ok(rows.map(|row| id_of(row.get()).ok_or_else(no_id)).collect())
}

/// A name as bytes.
struct Bytes<'a>(Cow<'a, [u8]>);

impl<'de> Deserialize<'de> for Bytes<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct BytesVisitor;
        impl<'de> Visitor<'de> for BytesVisitor {
            type Value = Bytes<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_bytes<E>(self, name: &'de [u8]) -> std::result::Result<Self::Value, E> {
                Ok(Bytes(Cow::Borrowed(name)))
            }

            fn visit_bytes<E>(self, name: &[u8]) -> std::result::Result<Self::Value, E> {
                Ok(Bytes(Cow::Owned(name.to_vec())))
            }
        }
        deserializer.deserialize_bytes(BytesVisitor)
    }
}

/// A name. It is copied only if it contains an escape.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// How many levels deep arrays and objects are nested in a valid JSON text.
fn levels(text: &str) -> usize {
    if !text.trim_start().starts_with(['[', '{']) {
        return 0;
    }
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
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
            (nested(MOST_LEVELS).into(), None),
            (nested(MOST_LEVELS + 1).into(), Some(ErrorCode::UnexpectedAnswer)),
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
