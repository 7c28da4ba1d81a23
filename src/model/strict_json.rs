//! Turns numbers that some readers of JSON refuse into texts. Pure.
//!
//! JSON has no greatest number, but readers have: `1e999` is infinite in binary floating point, and a strict reader
//! then refuses the whole profile. Every other number stays as Okta wrote it, with all its digits.

use std::borrow::Cow;

/// A number with at most this many digits is never too large for 64-bit floating point (1.8e308).
const SAFE_LENGTH: usize = 300;

/// The value with such numbers as texts, and how many there were. The value must be valid JSON.
pub(super) fn strict(json: &str) -> (Cow<'_, str>, u64) {
    // Nearly every value is a text, a boolean or null.
    if !json.starts_with(|first: char| first.is_ascii_digit() || "-[{".contains(first)) {
        return (Cow::Borrowed(json), 0);
    }
    let mut strict = String::new();
    let (mut kept_to, mut quoted) = (0, 0);
    for (at, number) in numbers(json) {
        if is_read_by_everybody(number) {
            continue;
        }
        strict.push_str(&json[kept_to..at]);
        strict.extend(["\"", number, "\""]);
        kept_to = at + number.len();
        quoted += 1;
    }
    if quoted == 0 {
        return (Cow::Borrowed(json), 0);
    }
    strict.push_str(&json[kept_to..]);
    (Cow::Owned(strict), quoted)
}

fn is_read_by_everybody(number: &str) -> bool {
    let is_short = number.len() < SAFE_LENGTH && !number.contains(['e', 'E']);
    is_short || number.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Every number outside of texts, with its position.
fn numbers(json: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = json.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => at = end_of_text(bytes, at),
                b'-' | b'0'..=b'9' => {
                    let rest = &json[at..];
                    let length = rest
                        .find(|letter: char| !letter.is_ascii_alphanumeric() && !"+-.".contains(letter))
                        .unwrap_or(rest.len());
                    let number = (at, &rest[..length]);
                    at += length;
                    return Some(number);
                }
                _ => at += 1,
            }
        }
        None
    })
}

/// The position after the text that begins at `start`.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_that_somebody_refuses_become_texts() {
        let long = format!("-1{}", "0".repeat(400));
        let long_text = format!("\"{long}\"");
        for (json, expected, count) in [
            ("1e999", "\"1e999\"", 1),
            ("-1E+400", "\"-1E+400\"", 1),
            (long.as_str(), long_text.as_str(), 1),
            ("12345678901234567890123", "12345678901234567890123", 0),
            ("-0", "-0", 0),
            ("0.50", "0.50", 0),
            ("1e-999", "1e-999", 0),
            ("true", "true", 0),
            (r#""1e999""#, r#""1e999""#, 0),
            (
                r#"[1,2e999 , "\"3e999",{"a":4e999}]"#,
                r#"[1,"2e999" , "\"3e999",{"a":"4e999"}]"#,
                2,
            ),
        ] {
            assert_eq!(strict(json), (Cow::Borrowed(expected), count), "{json}");
            assert!(
                serde_json::from_str::<serde_json::Value>(expected).is_ok(),
                "{expected}"
            );
        }
    }
}
