//! Reads the user types of an org (Okta "User Types API", listUserTypes): the default one and at most nine more.

use crate::contract::errors::{Error, Result};
use crate::model::UserType;
use crate::okta::client::OktaClient;
use crate::okta::client::object::Object;

const USER_TYPES: &str = "/api/v1/meta/types/user";

/// The user types in Okta's order, each once, and the errors of rows that cannot be read. This answer does not say
/// when the schemas changed.
pub(in crate::okta) async fn user_types(client: &OktaClient) -> Result<(Vec<UserType>, Vec<Error>)> {
    let answer = client.get(USER_TYPES).await?;
    let request_id = answer.headers.get("x-okta-request-id");
    decode(&answer.body).map_err(|error| error.okta_request_id(request_id))
}

/// Checks that the types can be listed; the answer has no pages.
pub(in crate::okta) async fn check_read(client: &OktaClient) -> Result<()> {
    client.get(USER_TYPES).await.map(drop)
}

pub(in crate::okta) fn decode(body: &[u8]) -> Result<(Vec<UserType>, Vec<Error>)> {
    let (mut types, mut unreadable) = (Vec::<UserType>::new(), Vec::new());
    for row in Object::list(body, "user type")? {
        match row.and_then(|row| to_user_type(&row)) {
            Ok(user_type) => match types.iter_mut().find(|known| known.id == user_type.id) {
                Some(known) => *known = user_type,
                None => types.push(user_type),
            },
            Err(error) => unreadable.push(error),
        }
    }
    Ok((types, unreadable))
}

fn to_user_type(object: &Object<'_>) -> Result<UserType> {
    let id = object.id("user type")?;
    let name = object.text("name").unwrap_or_default();
    let is_default = object.is_true("default");
    // Only the link names the schema. For the default type, this word always works.
    let schema_id = object.linked_id("schema").unwrap_or_else(|| {
        if is_default {
            "default".to_owned()
        } else {
            id.clone()
        }
    });
    Ok(UserType {
        display_name: object.text("displayName").unwrap_or_else(|| name.clone()),
        description: object.text("description"),
        id,
        name,
        is_default,
        schema_id,
        last_updated: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_as_recorded_and_each_once() {
        let body = br#"[{"id":"oty1","displayName":"User","name":"user","description":null,"default":true,
            "_links":{"schema":{"href":"https://example.okta.com/api/v1/meta/schemas/user/osc1"}}},
            {"id":"oty2","name":"earlier"},{"name":"nobody"},{"id":"oty2","name":"partner"}]"#;
        let (types, unreadable) = decode(body).expect("types");
        assert_eq!(unreadable.len(), 1);
        assert_eq!(types.len(), 2);
        assert_eq!(
            (types[0].id.as_str(), types[0].schema_id.as_str()),
            ("oty1", "osc1")
        );
        assert!(types[0].is_default && types[0].description.is_none());
        assert_eq!(types[1].display_name, "partner");
        assert!(decode(b"{}").is_err());
    }
}
