//! User types and the attributes that their profiles may have.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::clock::UnixMillis;

/// A user type of the org (Okta "User Types API").
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserType {
    /// Okta's id of the type; a user names it as `type.id`.
    pub id: String,
    /// The name in the API.
    pub name: String,
    /// The name that people see.
    pub display_name: String,
    /// The description; none if Okta has none.
    pub description: Option<String>,
    /// Whether it is the org's default type.
    pub is_default: bool,
    /// The id of its schema: `default`, or one that begins with `osc`.
    pub schema_id: String,
    /// When its schema last changed.
    pub last_updated: Option<UnixMillis>,
}

/// One attribute of a profile (Okta "Schemas API").
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attribute {
    /// The key in the profile; case matters.
    pub name: String,
    /// The name that people see.
    pub title: String,
    /// The description; none if Okta has none.
    pub description: Option<String>,
    /// `string`, `boolean`, `integer`, `number` or `array`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The type of the elements of an array.
    pub items_type: Option<String>,
    /// The format of a text, such as `email` or `date-time`.
    pub format: Option<String>,
    /// Whether the org added the attribute; Okta's own attributes are the base attributes.
    pub custom: bool,
    /// Whether every user must have it.
    pub required: bool,
    /// The place among the attributes of the type: 0, 1, 2 … in Okta's order, base attributes first.
    pub order: u64,
    /// The allowed values, in order; empty if every value is allowed.
    pub enum_values: Vec<EnumValue>,
}

/// One of the values that an attribute may have.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub struct EnumValue {
    /// The value as it stands in profiles, as JSON, because Okta allows numbers here too.
    pub value: Box<RawValue>,
    /// The name that people see; the value itself if the schema has no name for it.
    pub title: String,
}

impl PartialEq for EnumValue {
    fn eq(&self, other: &EnumValue) -> bool {
        self.value.get() == other.value.get() && self.title == other.title
    }
}

impl Eq for EnumValue {}

/// One attribute of one user, with the name that people see.
#[derive(Clone, Debug, Serialize)]
pub struct TitledValue {
    /// The key in the profile.
    pub name: String,
    /// The title in the schema of the user's type; the key if the schema does not contain it.
    pub title: String,
    /// The value as JSON.
    pub value: Box<RawValue>,
}
