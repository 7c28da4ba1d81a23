//! The `WWW-Authenticate` header (RFC 9110 §11.6.1, RFC 6750 §3): all that Okta says when an OAuth
//! access token is refused, because the body is then empty. Pure.

/// The parameters of the first challenge: `scheme name="value", name="value"` in any order.
#[derive(Debug, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// `Bearer` or `DPoP`.
    pub scheme: &'a str,
    parameters: Vec<(&'a str, String)>,
}

impl<'a> Challenge<'a> {
    /// Reads a header value; what is not of the form is passed over.
    pub fn parse(value: &'a str) -> Challenge<'a> {
        let (scheme, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
        Challenge {
            scheme,
            parameters: parameters(rest),
        }
    }

    /// A parameter by its name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

fn parameters(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches([' ', ',', '\t']);
        let (value, after) = value(after);
        found.push((name, value));
        rest = after;
    }
    found
}

/// A quoted string with its escapes undone, or a bare word; and what follows.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.trim_start().strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            _ => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_in_any_order() {
        let challenge = Challenge::parse(
            r#"Bearer authorization_uri="http://example.okta.com/oauth2/v1/authorize", realm="x", scope="okta.groups.read", error="insufficient_scope", error_description="a, \"b\" = c", resource="/api/v1/groups""#,
        );
        assert_eq!(challenge.scheme, "Bearer");
        assert_eq!(challenge.get("scope"), Some("okta.groups.read"));
        assert_eq!(challenge.get("error"), Some("insufficient_scope"));
        assert_eq!(challenge.get("error_description"), Some(r#"a, "b" = c"#));
        assert_eq!(challenge.get("resource"), Some("/api/v1/groups"));
    }

    #[test]
    fn odd_values_are_no_trouble() {
        assert_eq!(
            Challenge::parse("DPoP error=invalid_dpop_proof, x").get("error"),
            Some("invalid_dpop_proof")
        );
        for text in [
            "",
            "Bearer",
            "Bearer error=\"open",
            "=",
            ",,=,",
            "Bearer \"",
            "Bearer error=\"\\",
        ] {
            assert_ne!(
                Challenge::parse(text).get("error"),
                Some("insufficient_scope"),
                "{text}"
            );
        }
    }
}
