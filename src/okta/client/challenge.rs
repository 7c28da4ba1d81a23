//! Reads `WWW-Authenticate` (RFC 9110 §11.6.1). This header says what is wrong with an access token, because the
//! body of such an answer is empty. Pure.
//!
//! The addresses in the header are for people only and use plain http. They are never followed.

use crate::http::{Headers, quoted};

/// One challenge: a scheme such as `Bearer` or `DPoP` with its parameters in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::okta) struct Challenge {
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The value of a parameter; names have no case.
    pub(in crate::okta) fn get(&self, name: &str) -> Option<&str> {
        let found = self
            .parameters
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Every challenge of every `WWW-Authenticate` line. Parts that cannot be read are skipped.
pub(in crate::okta) fn challenges(headers: &Headers) -> Vec<Challenge> {
    headers.get_all("www-authenticate").flat_map(parse).collect()
}

fn parse(line: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() {
            return challenges;
        }
        let end = rest.find(['=', ' ', '\t', ',']).unwrap_or(rest.len());
        let (name, after) = (&rest[..end], rest[end..].trim_start());
        let Some(value) = after.strip_prefix('=') else {
            // A word without a value is the scheme of the next challenge.
            challenges.push(Challenge {
                parameters: Vec::new(),
            });
            rest = after;
            continue;
        };
        let Some((value, after)) = parse_value(value.trim_start()) else {
            return challenges;
        };
        if let Some(challenge) = challenges.last_mut() {
            challenge.parameters.push((name.to_owned(), value));
        }
        rest = after;
    }
}

fn parse_value(text: &str) -> Option<(String, &str)> {
    if let Some(after_quote) = text.strip_prefix('"') {
        return quoted::parse(after_quote);
    }
    let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
    Some((text[..end].to_owned(), &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(lines: &[&str]) -> Vec<Challenge> {
        challenges(&lines.iter().map(|line| ("WWW-Authenticate", *line)).collect())
    }

    #[test]
    fn okta_s_own_form() {
        let line = r#"Bearer authorization_uri="http://example.okta.com/oauth2/v1/authorize", realm="http://example.okta.com", scope="okta.groups.read", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.", resource="/api/v1/groups""#;
        let found = read(&[line]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].get("error"), Some("insufficient_scope"));
        assert_eq!(found[0].get("Scope"), Some("okta.groups.read"));
        assert_eq!(found[0].get("resource"), Some("/api/v1/groups"));
    }

    #[test]
    fn other_orders_several_challenges_and_commas_inside() {
        for lines in [
            vec![r#"DPoP algs="RS256 ES256", error="invalid_dpop_proof", error_description="a, b=\"c\"""#],
            vec!["Basic realm=x", "DPoP error=invalid_dpop_proof,algs=\"RS256\""],
            vec![r#"Basic realm="x", DPoP algs="RS256",error = "invalid_dpop_proof""#],
            vec![r#"Negotiate, DPoP error="invalid_dpop_proof""#],
        ] {
            let found = read(&lines);
            let errors: Vec<_> = found
                .iter()
                .filter_map(|challenge| challenge.get("error"))
                .collect();
            assert_eq!(errors, ["invalid_dpop_proof"], "{lines:?}");
        }
    }

    #[test]
    fn damage_is_survived() {
        for line in [
            "",
            ",",
            "Bearer",
            "=",
            "Bearer =x",
            "Bearer error=\"open",
            "error=\"x\"",
        ] {
            assert!(
                read(&[line])
                    .iter()
                    .all(|challenge| challenge.get("error").is_none()),
                "{line}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_to_an_end(line in ".{0,200}") {
            prop_assert!(read(&[&line]).len() <= line.len());
        }
    }
}
