//! How users are selected, and how a profile names a manager.

use crate::contract::settings::{Key, Settings};
use crate::model::OktaKey;

/// A condition on an Okta user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserCriterion<'a> {
    /// A profile attribute has this value, without regard to case. If the attribute is a list, one of its elements
    /// has it.
    Attribute {
        /// The key in the profile; case matters.
        name: &'a str,
        /// The value as text.
        value: &'a str,
    },
    /// Okta's status of the user.
    Status(&'a str),
    /// The user is in the group with this id or name; if several groups have the name, in any of them.
    Group(&'a str),
    /// The user reports to this user: by Jira key, Okta id, Jira username, login or e-mail.
    Manager(&'a str),
}

impl<'a> UserCriterion<'a> {
    /// Reads a criterion from its two words. `group`, `manager` and `status` have a meaning of their own; every
    /// other name is an attribute, and `profile.NAME` always is.
    pub fn from_words(name: &'a str, value: &'a str) -> UserCriterion<'a> {
        match name {
            "group" => UserCriterion::Group(value),
            "manager" => UserCriterion::Manager(value),
            "status" => UserCriterion::Status(value),
            name => UserCriterion::Attribute {
                name: name.strip_prefix("profile.").unwrap_or(name),
                value,
            },
        }
    }
}

/// How a profile names the manager of its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagerRule {
    /// The attribute that holds the value, such as `managerId`.
    pub attribute: String,
    /// Which value of the manager the attribute contains; none if it is Okta's user id.
    pub refers_to: Option<OktaKey>,
}

impl ManagerRule {
    /// Reads the settings `managers.attribute` and `managers.refers_to`. None if the setting names no attribute.
    pub fn from_settings(settings: &Settings) -> Option<ManagerRule> {
        let attribute = settings.text(Key::ManagersAttribute);
        let refers_to = match settings.text(Key::ManagersRefersTo) {
            "id" | "" => None,
            "login" => Some(OktaKey::Login),
            "email" => Some(OktaKey::Email),
            "login_local_part" => Some(OktaKey::LoginLocalPart),
            name => Some(OktaKey::Attribute(
                name.strip_prefix("attribute:").unwrap_or(name).to_owned(),
            )),
        };
        (!attribute.is_empty()).then(|| ManagerRule {
            attribute: attribute.to_owned(),
            refers_to,
        })
    }
}
