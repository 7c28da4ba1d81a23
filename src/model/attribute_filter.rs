//! Decides which profile attributes the directory keeps.

use std::collections::BTreeSet;
use std::fmt;

use crate::contract::settings::{Key, Settings};
use crate::model::{ManagerRule, MatchRule, OktaKey};

/// The attributes that an administrator wants, read from `attributes.keep` and `attributes.drop`.
///
/// Login, e-mail, and the attributes that matching rules and managers need are always kept, because the directory
/// cannot work without them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeFilter {
    /// The attributes to keep; none means all.
    keep: Option<BTreeSet<String>>,
    /// The attributes to drop, even if `keep` names them.
    drop: BTreeSet<String>,
}

impl AttributeFilter {
    /// Reads the settings; `rules` are the matching rules in force.
    pub fn from_settings(settings: &Settings, rules: &[MatchRule]) -> AttributeFilter {
        let always = always(settings, rules);
        let names = |key| settings.names(key).into_iter().collect::<BTreeSet<String>>();
        let drop: BTreeSet<String> = names(Key::AttributesDrop).difference(&always).cloned().collect();
        let keep = names(Key::AttributesKeep);
        let keep = (!keep.is_empty()).then(|| {
            let wanted: BTreeSet<String> = keep.union(&always).cloned().collect();
            wanted.difference(&drop).cloned().collect()
        });
        AttributeFilter { keep, drop }
    }

    /// Whether every attribute is kept.
    pub fn keeps_all(&self) -> bool {
        self.keep.is_none() && self.drop.is_empty()
    }

    /// Whether an attribute is kept.
    pub fn keeps(&self, name: &str) -> bool {
        match &self.keep {
            Some(keep) => keep.contains(name),
            None => !self.drop.contains(name),
        }
    }

    /// The names of all attributes that are kept; none if everything but some names is kept.
    pub fn kept(&self) -> Option<&BTreeSet<String>> {
        self.keep.as_ref()
    }
}

impl fmt::Display for AttributeFilter {
    /// Writes the form that is stored with a run; equal filters give equal texts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(",");
        match &self.keep {
            Some(keep) => write!(f, "only {}", list(keep)),
            None if self.drop.is_empty() => f.write_str("all"),
            None => write!(f, "all but {}", list(&self.drop)),
        }
    }
}

fn always(settings: &Settings, rules: &[MatchRule]) -> BTreeSet<String> {
    let mut always = BTreeSet::from(["login".to_owned(), "email".to_owned()]);
    let attribute = |key: &OktaKey| match key {
        OktaKey::Attribute(name) => Some(name.clone()),
        OktaKey::Login | OktaKey::Email | OktaKey::LoginLocalPart => None,
    };
    always.extend(rules.iter().filter_map(|rule| attribute(&rule.okta)));
    if let Some(rule) = ManagerRule::from_settings(settings) {
        always.extend(rule.refers_to.as_ref().and_then(attribute));
        always.insert(rule.attribute);
    }
    always
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::JiraKey;

    fn filter(keep: &str, drop: &str) -> AttributeFilter {
        let mut settings = Settings::default();
        settings.set("attributes.keep", keep).expect("a text");
        settings.set("attributes.drop", drop).expect("a text");
        settings
            .set("managers.refers_to", "employeeNumber")
            .expect("a text");
        let rule = MatchRule {
            okta: OktaKey::Attribute("badge".to_owned()),
            jira: JiraKey::Key,
        };
        AttributeFilter::from_settings(&settings, &[rule])
    }

    #[test]
    fn what_matching_and_managers_need_stays_whatever_is_set() {
        for filter in [
            filter("title", "title, login, badge"),
            filter("", "login, email, badge, managerId, employeeNumber, city"),
        ] {
            for name in ["login", "email", "badge", "managerId", "employeeNumber"] {
                assert!(filter.keeps(name), "{name} by {filter}");
            }
            assert!(!filter.keeps_all());
        }
        assert!(!filter("title", "title").keeps("title"), "drop wins");
        assert!(filter("title", "").keeps("title") && !filter("title", "").keeps("city"));
        assert!(filter("", "city").keeps("title") && !filter("", "city").keeps("city"));
        assert!(filter("", "").keeps_all() && filter("", "login").keeps_all());
        assert_eq!(filter("", "b, a").to_string(), "all but a,b");
        assert_eq!(
            filter("title", "").to_string(),
            "only badge,email,employeeNumber,login,managerId,title"
        );
    }
}
