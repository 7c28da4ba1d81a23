//! Repairs the texts of a JSON body, before anybody reads the body. Pure.
//!
//! JSON can write half a character: `"\ud800"` is a code that no valid text contains (RFC 8259 §8.2). Some readers
//! refuse it. Others, SQLite among them, turn it into bytes that are not UTF-8; one such value of one user would
//! then break every query on its attribute. So every answer is repaired here: the escape becomes U+FFFD, the
//! replacement character.

/// Length of an escape such as `\ud800`.
const ESCAPE: usize = 6;
const REPLACEMENT: &[u8] = b"FFFD";

/// Replaces every escape that stands for half a character without its other half, and returns how many there were.
/// The length of the body stays the same. A body that is not JSON may be changed too; it is refused anyway.
pub(in crate::okta) fn mend(body: &mut [u8]) -> u64 {
    // Nearly every body contains no escape. Searching for one byte costs a hundredth of reading the page.
    if !body.contains(&b'\\') {
        return 0;
    }
    let (mut at, mut mended) = (0, 0);
    while let Some(found) = body
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\\'))
    {
        at += found;
        match half_at(body, at) {
            None => at += if code_at(body, at).is_some() { ESCAPE } else { 2 },
            Some(Half::First) if matches!(half_at(body, at + ESCAPE), Some(Half::Second)) => at += 2 * ESCAPE,
            Some(_) => {
                body[at + 2..at + ESCAPE].copy_from_slice(REPLACEMENT);
                mended += 1;
                at += ESCAPE;
            }
        }
    }
    mended
}

/// Which half of a character an escape stands for.
enum Half {
    First,
    Second,
}

fn half_at(body: &[u8], at: usize) -> Option<Half> {
    match code_at(body, at)? {
        0xD800..=0xDBFF => Some(Half::First),
        0xDC00..=0xDFFF => Some(Half::Second),
        _ => None,
    }
}

/// The code that the escape at this place stands for; none if there is no escape here.
fn code_at(body: &[u8], at: usize) -> Option<u16> {
    let digits = body.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
    // `from_str_radix` would also accept a sign.
    let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mended(text: &str) -> (String, u64) {
        let mut body = text.as_bytes().to_vec();
        let count = mend(&mut body);
        (String::from_utf8(body).expect("UTF-8"), count)
    }

    #[test]
    fn half_a_character_is_replaced_and_nothing_else() {
        for (body, expected, count) in [
            (r#"{"nick":"\ud800x"}"#, r#"{"nick":"\uFFFDx"}"#, 1),
            (r#"{"nick":"x\uDfff"}"#, r#"{"nick":"x\uFFFD"}"#, 1),
            (r#"["\ud83d\ude00"]"#, r#"["\ud83d\ude00"]"#, 0),
            (r#"["\ud83d\ud83d\ude00"]"#, r#"["\uFFFD\ud83d\ude00"]"#, 1),
            (r#"["\ude00\ud83d"]"#, r#"["\uFFFD\uFFFD"]"#, 2),
            (r#"{"\ud800":1}"#, r#"{"\uFFFD":1}"#, 1),
            (r#"["\\ud800"]"#, r#"["\\ud800"]"#, 0),
            (r#"["\\\ud800"]"#, r#"["\\\uFFFD"]"#, 1),
            (r#"["\u00e9\n"]"#, r#"["\u00e9\n"]"#, 0),
            (r#"["\ud80"#, r#"["\ud80"#, 0),
            (r"\", r"\", 0),
            (r#"["\u+123"]"#, r#"["\u+123"]"#, 0),
        ] {
            assert_eq!(mended(body), (expected.to_owned(), count), "{body}");
        }
    }

    proptest! {
        #[test]
        fn what_is_mended_reads_as_text(escapes in prop::collection::vec((any::<u16>(), "[a-z\\\\]{0,2}"), 0..12)) {
            let inner: String = escapes
                .iter()
                .map(|(code, letters)| format!("\\u{code:04x}{}", letters.replace('\\', "\\\\")))
                .collect();
            let (body, _) = mended(&format!("[\"{inner}\"]"));
            prop_assert!(serde_json::from_str::<Vec<String>>(&body).is_ok(), "{body}");
            prop_assert_eq!(mended(&body).1, 0);
        }
    }
}
