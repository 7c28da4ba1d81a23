//! Walks through the members of a JSON object. Names and values are parts of the text; they are not decoded.
//!
//! It is for texts that were already checked as JSON and that a disk may have damaged since. It does not check
//! every letter, so it takes a quarter of a parser's time.

use std::borrow::Cow;

/// Calls `each` with every member in order; repeated names come repeatedly. Returns false if the text is not an
/// object; then the earlier members do not count.
pub fn each_member<'a>(json: &'a str, mut each: impl FnMut(Cow<'a, str>, &'a str)) -> bool {
    let mut walk = MemberWalk { json, at: 0 };
    walk.members(&mut each).is_some() && walk.is_at_end()
}

/// The content of a JSON text; none if the value is not a text. It is copied only if it contains an escape.
pub fn json_text(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    match inner.contains('\\') {
        true => serde_json::from_str(json).ok().map(Cow::Owned),
        false => Some(Cow::Borrowed(inner)),
    }
}

/// How many bytes come before the first that is a quotation mark, a backslash or a control character; none if there is
/// no such byte. Eight bytes at a time: in each, the highest bit is set of what a subtraction takes below zero.
fn length_of_plain(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHEST: u64 = u64::from_ne_bytes([0x80; 8]);
    let (eights, _) = bytes.as_chunks::<8>();
    for (number, eight) in eights.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        let below = |limit: u64, bytes: u64| bytes.wrapping_sub(ONES * limit) & !bytes;
        let is = |byte: u8| below(1, eight ^ (ONES * u64::from(byte)));
        // A borrow marks a byte wrongly only behind one that is marked rightly.
        let found = (below(0x20, eight) | is(b'"') | is(b'\\')) & HIGHEST;
        if found != 0 {
            return Some(number * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let from = eights.len() * 8;
    let last = bytes[from..]
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\' | ..b' '));
    last.map(|at| from + at)
}

struct MemberWalk<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> MemberWalk<'a> {
    fn members(&mut self, each: &mut impl FnMut(Cow<'a, str>, &'a str)) -> Option<()> {
        self.take(b'{')?;
        if self.take(b'}').is_some() {
            return Some(());
        }
        loop {
            self.skip_blanks();
            let name = json_text(self.text()?)?;
            self.take(b':')?;
            self.skip_blanks();
            each(name, self.value()?);
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    fn value(&mut self) -> Option<&'a str> {
        match self.next()? {
            b'"' => self.text(),
            b'{' | b'[' => self.container(),
            _ => self.scalar(),
        }
    }

    /// A JSON text with its quotes.
    fn text(&mut self) -> Option<&'a str> {
        let from = self.at;
        if self.next()? != b'"' {
            return None;
        }
        self.at += 1;
        loop {
            let rest = self.json.as_bytes().get(self.at..)?;
            let length = length_of_plain(rest)?;
            self.at += length + 1;
            match rest[length] {
                b'"' => return self.json.get(from..self.at),
                b'\\' => self.at += 1,
                _ => return None,
            }
        }
    }

    fn container(&mut self) -> Option<&'a str> {
        let (from, mut depth) = (self.at, 0_usize);
        loop {
            match self.next()? {
                b'"' => drop(self.text()?),
                b'{' | b'[' => (depth, self.at) = (depth + 1, self.at + 1),
                b'}' | b']' => (depth, self.at) = (depth - 1, self.at + 1),
                _ => self.at += 1,
            }
            if depth == 0 {
                return self.json.get(from..self.at);
            }
        }
    }

    /// A number, a boolean or null.
    fn scalar(&mut self) -> Option<&'a str> {
        let rest = self.json.as_bytes().get(self.at..)?;
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        let scalar = self.json.get(self.at..self.at + length)?;
        self.at += length;
        let is_number = scalar.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        (is_number || matches!(scalar, "true" | "false" | "null")).then_some(scalar)
    }

    fn next(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self
            .next()
            .is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
        {
            self.at += 1;
        }
    }

    /// Skips blanks and then this byte; none if another byte follows.
    fn take(&mut self, byte: u8) -> Option<()> {
        self.skip_blanks();
        (self.next()? == byte).then(|| self.at += 1)
    }

    fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde::de::{MapAccess, Visitor};
    use serde_json::value::RawValue;

    use super::*;

    /// The members as serde reads them, for comparison.
    struct Read(Vec<(String, String)>);

    impl<'de> Deserialize<'de> for Read {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct ReadVisitor;
            impl<'de> Visitor<'de> for ReadVisitor {
                type Value = Read;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
                    let mut read = Vec::new();
                    while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                        read.push((name, value.get().to_owned()));
                    }
                    Ok(Read(read))
                }
            }
            deserializer.deserialize_map(ReadVisitor)
        }
    }

    fn walked(json: &str) -> Option<Vec<(String, String)>> {
        let mut walked = Vec::new();
        let is_object = each_member(json, |name, value| {
            walked.push((name.into_owned(), value.to_owned()));
        });
        is_object.then_some(walked)
    }

    fn assert_as_serde(json: &str) {
        let read = serde_json::from_str::<Read>(json).ok().map(|read| read.0);
        assert_eq!(walked(json), read, "{json}");
    }

    #[test]
    fn the_end_of_a_plain_part_is_found_at_every_place() {
        let stops = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        for length in 0..20 {
            for at in 0..length {
                for byte in 0..=255 {
                    for other in [b'a', 0x7F, 0x80, 0xFF, b' ', b'!', b'#', b'[', b']'] {
                        let mut bytes = vec![other; length];
                        bytes[at] = byte;
                        let expected = stops(byte).then_some(at);
                        assert_eq!(length_of_plain(&bytes), expected, "{byte} at {at} among {other}");
                    }
                }
            }
        }
    }

    #[test]
    fn members_are_those_that_a_parser_reads() {
        for json in [
            "{}",
            " {\n}\t",
            r#"{"a":1}"#,
            r#" { "a" : "x" , "a":[1,{"b":"]}"}] , "c" : {"d":{}} , "" : null } "#,
            r#"{"\u0061\"\\":"\\","é😀":"\"}","n":-1.5e+10,"t":true,"f":false}"#,
            r#"{"deep":[[[[[[{"x":[]}]]]]]]}"#,
            "",
            "[]",
            "null",
            "{",
            r#"{"a""#,
            r#"{"a":"#,
            r#"{"a":1"#,
            r#"{"a":1,}"#,
            r#"{"a":1}}"#,
            r#"{"a":"x"#,
            r#"{"a":"x\"#,
            r#"{"a":[1}"#,
            r#"{"a":yes}"#,
            r#"{a:1}"#,
            r#"{"a":1 "b":2}"#,
            "{\"a\":\"line\nbreak\"}",
            r#"{"\ud800":1}"#,
        ] {
            assert_as_serde(json);
        }
    }

    fn value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            ".*".prop_map(Into::into),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                proptest::collection::btree_map(".{0,3}", inner, 0..4)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_object_is_walked_as_a_parser_reads_it(
            members in proptest::collection::btree_map(".{0,4}", value(), 0..6),
            pretty in any::<bool>(),
        ) {
            let object = serde_json::Value::Object(members.into_iter().collect());
            let json = match pretty {
                true => serde_json::to_string_pretty(&object),
                false => serde_json::to_string(&object),
            };
            assert_as_serde(&json.expect("JSON"));
        }

        #[test]
        fn any_text_is_survived(text in r#"[{}\[\]":,a-z0-9\\ é]{0,40}"#) {
            if let Ok(read) = serde_json::from_str::<Read>(&text) {
                prop_assert_eq!(walked(&text), Some(read.0));
            } else {
                walked(&text);
            }
        }
    }
}
