//! Reads the schemas of profiles (Okta "Schemas API", getUserSchema): which attributes exist, their titles and
//! their order.

pub(super) mod user_types;

use std::collections::HashSet;

use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::{Attribute, EnumValue, Feature, UserType, allows, json_text};
use crate::okta::client::OktaClient;
use crate::okta::client::api_error::concerns_one;
use crate::okta::client::json::misfit;
use crate::okta::client::object::Object;
use crate::okta::schemas::user_types::user_types;

/// The user types and attributes of an org.
pub struct SchemasRead {
    /// The user types with their attributes, in Okta's order; the attributes are none if the schema could not be
    /// read.
    pub types: Vec<(UserType, Option<Vec<Attribute>>)>,
    /// Why only the default type was read; none if all types were read.
    pub only_default: Option<Error>,
    /// The single types or schemas that could not be read, and why.
    pub unreadable: Vec<(String, Error)>,
}

/// Checks that the schema of the default user type can be read.
pub(super) async fn check_read(client: &OktaClient) -> Result<()> {
    client.get("/api/v1/meta/schemas/user/default").await.map(drop)
}

/// Reads all user types with their schemas. To list the types is a separate permission; without it only the default
/// type is read.
pub async fn schemas(client: &OktaClient) -> Result<SchemasRead> {
    // Both are requested at once, because most orgs have no type except the default one.
    let (listed, default) = tokio::join!(types_if_allowed(client), read(client, "default"));
    match listed {
        // Every org has its default type, so an empty list is wrong, and the stored types are kept.
        Ok((listed, _)) if listed.is_empty() => Err(misfit("the org lists no user types")),
        Ok((listed, rows)) => each_schema(client, listed, default, rows).await,
        Err(error) if is_refusal(error.code()) => {
            let (user_type, attributes) = default?.into_default_type();
            Ok(SchemasRead {
                types: vec![(user_type, Some(attributes))],
                only_default: Some(error),
                unreadable: Vec::new(),
            })
        }
        Err(error) => Err(error),
    }
}

/// Reads the schema of each type. A schema that cannot be read does not affect the others.
async fn each_schema(
    client: &OktaClient,
    listed: Vec<UserType>,
    default: Result<Schema>,
    rows: Vec<Error>,
) -> Result<SchemasRead> {
    let row = |error| ("A row of the user types".to_owned(), error);
    let mut unreadable: Vec<(String, Error)> = rows.into_iter().map(row).collect();
    let mut types = Vec::with_capacity(listed.len());
    let mut default = Some(default);
    for user_type in listed {
        let schema = match default.take_if(|_| user_type.is_default) {
            Some(default) => default,
            None => read(client, &user_type.schema_id).await,
        };
        types.push(match schema {
            Ok(schema) => (
                UserType {
                    last_updated: schema.last_updated,
                    ..user_type
                },
                Some(schema.attributes),
            ),
            Err(error) if concerns_one(error.code()) => {
                unreadable.push((format!("The schema of the user type {}", user_type.id), error));
                (user_type, None)
            }
            Err(error) => return Err(error),
        });
    }
    if types.iter().all(|(_, attributes)| attributes.is_none())
        && let Some((_, error)) = unreadable.pop()
    {
        return Err(error);
    }
    Ok(SchemasRead {
        types,
        only_default: None,
        unreadable,
    })
}

/// The user types. They are not requested if the scopes of the token already show that Okta will refuse.
async fn types_if_allowed(client: &OktaClient) -> Result<(Vec<UserType>, Vec<Error>)> {
    let scope = Feature::UserTypes.scope();
    let granted = client
        .token_status()
        .map(|status| status.scopes)
        .unwrap_or_default();
    if !granted.is_empty() && !allows(&granted, scope) {
        return Err(Error::new(ErrorCode::ScopeMissing).missing_scope(Some(scope)));
    }
    user_types(client).await
}

/// Whether Okta refuses the credential. Other errors may pass.
fn is_refusal(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::RoleMissing | ErrorCode::ScopeMissing | ErrorCode::FeatureOff | ErrorCode::OktaNotFound
    )
}

pub(super) struct Schema {
    type_id: Option<String>,
    title: String,
    last_updated: Option<UnixMillis>,
    attributes: Vec<Attribute>,
}

impl Schema {
    fn into_default_type(self) -> (UserType, Vec<Attribute>) {
        let user_type = UserType {
            id: self.type_id.unwrap_or_else(|| "default".to_owned()),
            name: "user".to_owned(),
            display_name: self.title,
            description: None,
            is_default: true,
            schema_id: "default".to_owned(),
            last_updated: self.last_updated,
        };
        (user_type, self.attributes)
    }
}

async fn read(client: &OktaClient, schema_id: &str) -> Result<Schema> {
    let answer = client
        .get(&format!("/api/v1/meta/schemas/user/{schema_id}"))
        .await?;
    let request_id = answer.headers.get("x-okta-request-id");
    decode(&answer.body).map_err(|error| error.okta_request_id(request_id))
}

pub(super) fn decode(body: &[u8]) -> Result<Schema> {
    let schema = Object::of_body(body, "a schema")?;
    let mut attributes = Vec::new();
    if let Some(definitions) = schema.object("definitions") {
        for (part, custom) in [("base", false), ("custom", true)] {
            if let Some(part) = definitions.object(part) {
                push_attributes(&mut attributes, &part, custom);
            }
        }
    }
    Ok(Schema {
        type_id: schema.linked_id("type"),
        title: schema.text("title").unwrap_or_default(),
        last_updated: schema.moment("lastUpdated"),
        attributes,
    })
}

/// Adds the attributes of one part of a schema. A list names the required attributes, or each attribute says so
/// itself, or both.
fn push_attributes(attributes: &mut Vec<Attribute>, part: &Object<'_>, custom: bool) {
    let required: HashSet<String> = part
        .elements("required")
        .into_iter()
        .filter_map(|name| json_text(name.get()).map(std::borrow::Cow::into_owned))
        .collect();
    let Some(properties) = part.object("properties") else {
        return;
    };
    for (name, value) in properties.members().0 {
        let Some(property) = Object::parse(value.get()) else {
            continue;
        };
        let items = property.object("items");
        let enum_values = enum_values(items.as_ref().unwrap_or(&property));
        // If a name is repeated, the last attribute replaces the earlier one.
        let place = attributes.iter().position(|known| known.name == name);
        let place = place.unwrap_or(attributes.len());
        let attribute = Attribute {
            title: property.text("title").unwrap_or_default(),
            description: property.text("description"),
            kind: property.text("type").unwrap_or_default(),
            items_type: items.and_then(|items| items.text("type")),
            format: property.text("format"),
            custom,
            required: required.contains(name.as_ref()) || property.is_true("required"),
            order: place as u64,
            enum_values,
            name: name.into_owned(),
        };
        match attributes.get_mut(place) {
            Some(known) => *known = attribute,
            None => attributes.push(attribute),
        }
    }
}

/// `oneOf` has titles, `enum` does not. Recorded schemas contain numbers in both, although Okta's OpenAPI
/// description allows only texts.
fn enum_values(holder: &Object<'_>) -> Vec<EnumValue> {
    let titled = holder.elements("oneOf").into_iter().filter_map(|choice| {
        let choice = Object::parse(choice.get())?;
        let value = RawValue::from_string(choice.json("const")?.to_owned()).ok()?;
        let title = choice.text("title").unwrap_or_else(|| as_title(&value));
        Some(EnumValue { value, title })
    });
    let titled: Vec<EnumValue> = titled.collect();
    if !titled.is_empty() {
        return titled;
    }
    let plain = holder.elements("enum").into_iter().map(|value| EnumValue {
        title: as_title(value),
        value: value.to_owned(),
    });
    plain.collect()
}

fn as_title(value: &RawValue) -> String {
    json_text(value.get()).map_or_else(|| value.get().to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_titles_and_odd_enums_are_kept() {
        let body = br#"{"id":"x","title":"User","lastUpdated":"2025-03-14T03:04:53.000Z","definitions":{
            "custom":{"properties":{"zeta":{"title":"Z","type":"array","items":{"type":"integer","enum":[1,2]}},
                "fte":{"type":"number","enum":[0.01,1.0]},
                "grade":{"type":"string","oneOf":[{"const":"a","title":"Best"},{"const":2}]}}},
            "base":{"properties":{"login":{"title":"Username","type":"string","required":true},
                "email":{"title":"Mail","type":"string","format":"email"},"odd":7},"required":["email"]}},
            "_links":{"type":{"href":"https://example.okta.com/api/v1/meta/types/user/oty9"}}}"#;
        let schema = decode(body).expect("a schema");
        let names: Vec<_> = schema.attributes.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["login", "email", "zeta", "fte", "grade"]);
        assert_eq!(schema.type_id.as_deref(), Some("oty9"));
        assert_eq!(schema.last_updated, UnixMillis::parse("2025-03-14T03:04:53.000Z"));
        let [login, email, zeta, fte, grade] = schema.attributes.as_slice() else {
            panic!("five attributes");
        };
        assert!(login.required && email.required && !zeta.required && zeta.custom && !login.custom);
        assert_eq!(
            (zeta.kind.as_str(), zeta.items_type.as_deref()),
            ("array", Some("integer"))
        );
        let values = |attribute: &Attribute| -> Vec<(String, String)> {
            let values = attribute.enum_values.iter();
            values
                .map(|one| (one.value.get().to_owned(), one.title.clone()))
                .collect()
        };
        let pair = |value: &str, title: &str| (value.to_owned(), title.to_owned());
        assert_eq!(values(zeta), [pair("1", "1"), pair("2", "2")]);
        assert_eq!(values(fte), [pair("0.01", "0.01"), pair("1.0", "1.0")]);
        assert_eq!(values(grade), [pair("\"a\"", "Best"), pair("2", "2")]);
        assert_eq!(email.format.as_deref(), Some("email"));
        assert!(decode(b"[]").is_err());
    }
}
