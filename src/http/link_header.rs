//! The `Link` header (RFC 8288 §3): where a listing goes on. Pure.
//!
//! Okta sends several lines, proxies fold them into one with commas; both are read, in any order.

/// The target of the first link with this relation, from all `Link` lines of an answer.
pub fn target<'a>(lines: impl IntoIterator<Item = &'a str>, relation: &str) -> Option<&'a str> {
    lines
        .into_iter()
        .flat_map(links)
        .find(|link| link.relations().any(|rel| rel == relation))
        .map(|link| link.url)
}

struct Link<'a> {
    url: &'a str,
    parameters: &'a str,
}

impl<'a> Link<'a> {
    /// The words of `rel="…"`, which may hold several separated by blanks.
    fn relations(&self) -> impl Iterator<Item = &'a str> {
        split_outside_quotes(self.parameters, ';')
            .filter_map(|parameter| parameter.trim().split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("rel"))
            .flat_map(|(_, value)| value.trim().trim_matches('"').split_ascii_whitespace())
    }
}

/// The links of one line. What is not `<url>` with parameters is passed over.
fn links(line: &str) -> impl Iterator<Item = Link<'_>> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once('<')?;
        let (url, after) = after.split_once('>')?;
        let end = split_outside_quotes(after, ',')
            .next()
            .map_or(after.len(), str::len);
        rest = &after[end..];
        Some(Link {
            url: url.trim(),
            parameters: &after[..end],
        })
    })
}

/// Splits at `separator` where it does not stand inside double quotes.
fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |letter| {
        quoted ^= letter == '"';
        letter == separator && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SELF: &str = r#"<https://example.okta.com/api/v1/users?limit=200>; rel="self""#;
    const NEXT: &str = r#"<https://example.okta.com/api/v1/users?after=200u1&limit=200>; rel="next""#;
    const NEXT_URL: &str = "https://example.okta.com/api/v1/users?after=200u1&limit=200";

    #[test]
    fn lines_of_their_own_and_folded_ones_in_any_order() {
        let folded = format!("{SELF}, {NEXT}");
        let reversed = format!("{NEXT},{SELF}");
        for lines in [
            vec![SELF, NEXT],
            vec![NEXT, SELF],
            vec![folded.as_str()],
            vec![reversed.as_str()],
        ] {
            assert_eq!(target(lines.clone(), "next"), Some(NEXT_URL), "{lines:?}");
        }
        assert_eq!(target([SELF], "next"), None);
    }

    #[test]
    fn commas_and_semicolons_inside_urls_and_quotes_do_not_split() {
        let line = r#"<https://a/?x=1,2;3>; title="a, b; rel=next"; rel="prev", <https://a/?n>; rel=next"#;
        assert_eq!(target([line], "next"), Some("https://a/?n"));
        assert_eq!(target([line], "prev"), Some("https://a/?x=1,2;3"));
        assert_eq!(target([r#"<u>; rel="last next""#], "next"), Some("u"));
    }

    #[test]
    fn what_is_no_link_is_passed_over() {
        for line in [
            "",
            "<",
            "<>",
            "rel=next",
            "<https://a",
            ";;;,,,",
            "<a>; rel",
            "\"<a>\"",
        ] {
            assert_eq!(target([line], "next"), None, "{line}");
        }
    }
}
