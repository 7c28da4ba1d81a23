//! Reads `Link` headers (RFC 8288 §3): which URL has which relation. Pure.
//!
//! Okta sends one line per link; older orgs and some proxies put all links into one line, separated by commas. A
//! `next` link that cannot be read is an error: if it counted as "no next page", the listing would silently be cut
//! short.

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::{Headers, quoted};

/// One link: its URL as it stands between `<` and `>`, and its relations in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The target, undecoded.
    pub url: String,
    /// The words of the `rel` parameter.
    pub relations: Vec<String>,
}

/// The URL of `rel="next"`; none if there is no such link, which is the end of a listing.
pub fn next(headers: &Headers) -> Result<Option<String>> {
    let mut unreadable_next = false;
    let mut found = None;
    for line in headers.get_all("link") {
        let parsed = parse(line);
        unreadable_next |= parsed.unreadable.is_some_and(mentions_next);
        let is_next = |link: &Link| link.relations.iter().any(|relation| relation == "next");
        found = found.or_else(|| parsed.links.into_iter().find(is_next));
    }
    match found {
        Some(link) => Ok(Some(link.url)),
        None if unreadable_next => {
            let what = "the Link header with the next page cannot be read";
            Err(Error::about(ErrorCode::UnexpectedAnswer, what))
        }
        None => Ok(None),
    }
}

/// What one header line holds.
#[derive(Debug, PartialEq, Eq)]
pub struct ParsedLine<'a> {
    /// The links up to the first fault.
    pub links: Vec<Link>,
    /// The rest of the line from the first fault on.
    pub unreadable: Option<&'a str>,
}

/// Parses one line, which may hold several links.
pub fn parse(line: &str) -> ParsedLine<'_> {
    let mut links = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() {
            return ParsedLine {
                links,
                unreadable: None,
            };
        }
        let Some((link, after)) = parse_link(rest) else {
            return ParsedLine {
                links,
                unreadable: Some(rest),
            };
        };
        links.push(link);
        rest = after;
    }
}

fn mentions_next(text: &str) -> bool {
    text.to_ascii_lowercase().contains("next")
}

/// `<url>` and its parameters up to a comma or the end of the line.
fn parse_link(text: &str) -> Option<(Link, &str)> {
    let (url, mut rest) = text.strip_prefix('<')?.split_once('>')?;
    let mut relations = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(after_semicolon) = rest.strip_prefix(';') else {
            break;
        };
        let (name, value, after) = parse_parameter(after_semicolon)?;
        // RFC 8288 §3.3: only the first `rel` counts.
        if name.eq_ignore_ascii_case("rel") && relations.is_empty() {
            relations = value.split_whitespace().map(str::to_ascii_lowercase).collect();
        }
        rest = after;
    }
    let ended = rest.is_empty() || rest.starts_with(',');
    ended.then(|| {
        (
            Link {
                url: url.trim().to_owned(),
                relations,
            },
            rest,
        )
    })
}

/// `name`, `name=token` or `name="quoted text"`; an empty parameter (`;;`) has no name.
fn parse_parameter(text: &str) -> Option<(&str, String, &str)> {
    let end = text.find(['=', ';', ',']).unwrap_or(text.len());
    let (name, rest) = (text[..end].trim(), &text[end..]);
    let Some(value) = rest.strip_prefix('=') else {
        return Some((name, String::new(), rest));
    };
    let value = value.trim_start();
    if let Some(text_after_quote) = value.strip_prefix('"') {
        let (value, rest) = quoted::parse(text_after_quote)?;
        return Some((name, value, rest));
    }
    let end = value.find([';', ',']).unwrap_or(value.len());
    Some((name, value[..end].trim().to_owned(), &value[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SELF: &str = r#"<https://example.okta.com/api/v1/users?limit=200>; rel="self""#;
    const NEXT: &str = r#"<https://example.okta.com/api/v1/users?after=200u1&limit=200>; rel="next""#;
    const NEXT_URL: &str = "https://example.okta.com/api/v1/users?after=200u1&limit=200";

    fn next_of(lines: &[&str]) -> Result<Option<String>> {
        next(&lines.iter().map(|line| ("link", *line)).collect())
    }

    #[test]
    fn every_arrangement_gives_the_same_next() {
        let folded = format!("{SELF},{NEXT}");
        let reversed = format!("{NEXT} , {SELF}");
        let empty_elements = format!(", ,{SELF},,{NEXT},");
        for lines in [
            vec![SELF, NEXT],
            vec![NEXT, SELF],
            vec![&folded],
            vec![&reversed],
            vec![&empty_elements],
            vec![NEXT],
        ] {
            assert_eq!(
                next_of(&lines).expect("readable").as_deref(),
                Some(NEXT_URL),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn forms_of_parameters() {
        for (line, url) in [
            ("<u>; rel=next", "u"),
            ("<u>;rel=next;title=x", "u"),
            ("<u> ; REL = \"NEXT\"", "u"),
            (r#"<u>; title="a, b; \"c\""; rel="prev next""#, "u"),
            ("<https://x/?a=1,2;b=<3>; rel=\"next\"", "https://x/?a=1,2;b=<3"),
            ("<u>; crossorigin; rel=next", "u"),
            ("<u>;; rel=next;", "u"),
        ] {
            assert_eq!(
                next_of(&[line]).expect("readable").as_deref(),
                Some(url),
                "{line}"
            );
        }
    }

    #[test]
    fn no_next_is_the_end() {
        for lines in [
            vec![],
            vec![SELF],
            vec!["<u>; rel=\"nextish\""],
            vec!["<u>; rel=self; rel=next"],
            vec!["odd"],
        ] {
            assert_eq!(next_of(&lines).expect("readable"), None, "{lines:?}");
        }
    }

    #[test]
    fn an_unreadable_next_is_never_taken_for_the_end() {
        for line in [
            "<https://x/?after=1; rel=\"next\"",
            "<u>; rel=\"next",
            "https://x/; rel=next",
            "<u> rel=next",
        ] {
            assert_eq!(
                next_of(&[line]).expect_err(line).code(),
                ErrorCode::UnexpectedAnswer
            );
            assert_eq!(
                next_of(&[line, NEXT]).expect("the other line").as_deref(),
                Some(NEXT_URL)
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_to_an_end(line in ".{0,200}") {
            let parsed = parse(&line);
            prop_assert!(parsed.links.len() <= line.len());
        }

        #[test]
        fn what_was_written_is_read(url in "[a-z0-9/?=&,;]{1,40}", title in "[a-z ,;=]{0,20}") {
            let line = format!("<{url}>; title=\"{title}\"; rel=\"next\"");
            prop_assert_eq!(next_of(&[&line]).expect("readable"), Some(url));
        }
    }
}
