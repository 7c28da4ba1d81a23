//! The setting `matching.rules` as a list of rules: `login=username, email=email, …`.
//!
//! A rule has the same name in the setting and in every report.

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::{JiraKey, MatchRule, OktaKey};

/// A longer name was pasted by mistake; Okta allows much shorter ones only.
const MAX_ATTRIBUTE_NAME: usize = 255;

/// Reads the rules in their order. An empty part between two commas, an unknown word or a repeated rule is
/// [`ErrorCode::MatchingRulesInvalid`], and the message quotes the part.
pub fn parse_rules(text: &str) -> Result<Vec<MatchRule>> {
    let mut rules = Vec::new();
    for part in text.split(',').map(str::trim) {
        let rule = parse_rule(part)?;
        if rules.contains(&rule) {
            return Err(invalid(part, "is there twice"));
        }
        rules.push(rule);
    }
    Ok(rules)
}

fn parse_rule(part: &str) -> Result<MatchRule> {
    if part.is_empty() {
        return Err(Error::about(ErrorCode::MatchingRulesInvalid, "a rule is empty"));
    }
    // The last equals sign separates the sides, because an attribute may contain one and the names of Jira's side
    // do not.
    let (okta, jira) = part
        .rsplit_once('=')
        .ok_or_else(|| invalid(part, "has no equals sign"))?;
    let okta = match okta.trim() {
        "login" => OktaKey::Login,
        "email" => OktaKey::Email,
        "login_local_part" => OktaKey::LoginLocalPart,
        other => match other.strip_prefix("attribute:").map(str::trim) {
            None => {
                let expected = "must begin with login, email, login_local_part or attribute:NAME";
                return Err(invalid(part, expected));
            }
            Some("") => return Err(invalid(part, "names no attribute")),
            Some(name) if name.len() > MAX_ATTRIBUTE_NAME || name.chars().any(char::is_control) => {
                return Err(invalid(
                    part,
                    "names an attribute that is too long or has control characters",
                ));
            }
            Some(name) => OktaKey::Attribute(name.to_owned()),
        },
    };
    let jira = match jira.trim() {
        "username" => JiraKey::Username,
        "email" => JiraKey::Email,
        "key" => JiraKey::Key,
        _ => return Err(invalid(part, "must end in username, email or key")),
    };
    Ok(MatchRule { okta, jira })
}

/// The error for a part of the setting. It quotes the part, cut if it is long, without characters that cannot be
/// printed.
fn invalid(part: &str, what: &str) -> Error {
    let shown: String = part
        .chars()
        .filter(|letter| !letter.is_control())
        .take(80)
        .collect();
    Error::about(ErrorCode::MatchingRulesInvalid, format!("`{shown}` {what}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contract::settings::{Key, Settings};

    #[test]
    fn the_default_of_the_setting_can_be_read() {
        let settings = Settings::default();
        let rules = parse_rules(settings.text(Key::MatchingRules)).expect("rules");
        let names: Vec<String> = rules.iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            ["login=username", "email=email", "login_local_part=username"]
        );
    }

    #[test]
    fn blanks_are_tolerated_around_every_word() {
        let rules = parse_rules(" login = username ,attribute: employee.Number = key\n").expect("rules");
        assert_eq!(rules[1].okta, OktaKey::Attribute("employee.Number".to_owned()));
        assert_eq!(rules[1].jira, JiraKey::Key);
    }

    #[test]
    fn a_wrong_part_is_named() {
        for (text, named) in [
            ("", "empty"),
            (" ", "empty"),
            ("login=username,", "empty"),
            ("login=username,,email=email", "empty"),
            ("login", "`login`"),
            ("Login=username", "`Login=username`"),
            ("login=name", "`login=name`"),
            ("login=username=email", "`login=username=email`"),
            ("attribute:=key", "`attribute:=key`"),
            ("attribute=key", "`attribute=key`"),
            ("attribute:a\u{7}b=key", "`attribute:ab=key`"),
            ("email=email, email = email", "`email = email` is there twice"),
        ] {
            let error = parse_rules(text).expect_err(text);
            assert_eq!(error.code(), ErrorCode::MatchingRulesInvalid, "{text}");
            assert!(error.message().contains(named), "{text}: {error}");
        }
    }

    fn any_rule() -> impl Strategy<Value = MatchRule> {
        let okta = prop_oneof![
            Just(OktaKey::Login),
            Just(OktaKey::Email),
            Just(OktaKey::LoginLocalPart),
            "[A-Za-z_=:.\"]([A-Za-z_=:. \"]*[A-Za-z_=:.\"])?".prop_map(OktaKey::Attribute),
        ];
        let jira = prop_oneof![Just(JiraKey::Username), Just(JiraKey::Email), Just(JiraKey::Key)];
        (okta, jira).prop_map(|(okta, jira)| MatchRule { okta, jira })
    }

    proptest! {
        #[test]
        fn what_a_rule_is_called_reads_back_as_the_rule(rule in any_rule()) {
            prop_assert_eq!(parse_rules(&rule.to_string()).expect("rule"), vec![rule]);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = parse_rules(&text);
        }
    }
}
