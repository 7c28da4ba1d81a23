//! Quoted texts inside header fields (RFC 9110 §5.6.4), as `Link` and `WWW-Authenticate` use them. Pure.

/// Parses a quoted text; `text` begins after the opening quote. Returns the content, in which `\x` became `x`, and
/// the text after the closing quote. None if there is no closing quote.
pub fn parse(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(letters.next()?.1),
            letter => value.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_the_rest() {
        assert_eq!(parse(r#"a \"b\" c", d"#), Some((r#"a "b" c"#.to_owned(), ", d")));
        assert_eq!(parse(r#"" "#), Some((String::new(), " ")));
        assert_eq!(parse("no end"), None);
        assert_eq!(parse("\\"), None);
    }
}
