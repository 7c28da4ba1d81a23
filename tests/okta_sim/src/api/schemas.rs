//! User types and schemas: which attributes exist, and their types, in the form of Okta.

use serde_json::{Map, Value, json};

use super::errors;
use super::reply::Reply;
use crate::population::timeline::ORG_BEGINS;
use crate::population::timestamps::iso;
use crate::world::World;

/// The base attributes, all text, with the titles that Okta gives them.
const BASE: &[(&str, &str)] = &[
    ("login", "Username"),
    ("email", "Primary email"),
    ("secondEmail", "Secondary email"),
    ("firstName", "First name"),
    ("lastName", "Last name"),
    ("middleName", "Middle name"),
    ("displayName", "Display name"),
    ("nickName", "Nickname"),
    ("title", "Title"),
    ("mobilePhone", "Mobile phone"),
    ("primaryPhone", "Primary phone"),
    ("streetAddress", "Street address"),
    ("city", "City"),
    ("state", "State"),
    ("zipCode", "Zip code"),
    ("countryCode", "Country code"),
    ("preferredLanguage", "Preferred language"),
    ("locale", "Locale"),
    ("timezone", "Time zone"),
    ("userType", "User type"),
    ("employeeNumber", "Employee number"),
    ("costCenter", "Cost center"),
    ("organization", "Organization"),
    ("division", "Division"),
    ("department", "Department"),
    ("managerId", "ManagerId"),
    ("manager", "Manager"),
    ("profileUrl", "Profile Url"),
];

/// The org's own attributes of the default type, with the type of the value or of the items.
const CUSTOM: &[(&str, &str, Option<&str>)] = &[
    ("badgeNumber", "integer", None),
    ("bigCounter", "integer", None),
    ("isContractor", "boolean", None),
    ("fte", "number", None),
    ("skills", "array", Some("string")),
    ("siteCodes", "array", Some("integer")),
    ("ratings", "array", Some("number")),
    ("notes", "string", None),
    ("someSnakeCaseAttr", "string", None),
    ("some_snake_case_attr", "string", None),
    ("neverFilledIn", "string", None),
];

/// The attributes of the second type.
const PARTNER: &[(&str, &str, Option<&str>)] = &[("partnerCode", "string", None)];

pub(crate) fn user_schema(world: &World, id: &str) -> Reply {
    if id == "default" {
        let type_id = world.spec.default_type_id();
        Reply::json(200, &schema(world, "default", CUSTOM, &type_id))
    } else if id == world.spec.partner_schema_id() {
        let type_id = world.spec.partner_type_id();
        Reply::json(200, &schema(world, id, PARTNER, &type_id))
    } else {
        errors::not_found(id, "Schema")
    }
}

fn schema(world: &World, id: &str, custom: &[(&str, &str, Option<&str>)], type_id: &str) -> Value {
    let url = &world.base_url;
    let known = |name: &str| !world.cleared.contains(name);
    let base: Map<String, Value> = BASE
        .iter()
        .filter(|(name, _)| known(name))
        .map(|(name, title)| ((*name).to_owned(), base_attribute(name, title)))
        .collect();
    let custom: Map<String, Value> = custom
        .iter()
        .filter(|(name, _, _)| known(name))
        .map(|(name, kind, items)| ((*name).to_owned(), custom_attribute(name, kind, *items)))
        .collect();
    json!({
        "id": format!("{url}/meta/schemas/user/{id}"),
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": "user", "title": "User",
        "description": "Okta user profile template with default permission settings",
        "created": iso(ORG_BEGINS), "lastUpdated": iso(world.schema_updated),
        "definitions": {
            "custom": {"id": "#custom", "type": "object", "properties": custom, "required": []},
            "base": {"id": "#base", "type": "object", "properties": base,
                     "required": ["login", "firstName", "lastName", "email"]},
        },
        "type": "object",
        "properties": {"profile": {"allOf": [
            {"$ref": "#/definitions/custom"}, {"$ref": "#/definitions/base"},
        ]}},
        "_links": {
            "self": {"rel": "self", "href": format!("{url}/api/v1/meta/schemas/user/{id}")},
            "type": {"rel": "type", "href": format!("{url}/api/v1/meta/types/user/{type_id}")},
        },
    })
}

fn base_attribute(name: &str, title: &str) -> Value {
    let mut attribute = json!({
        "title": title, "type": "string", "mutability": "READ_WRITE", "scope": "NONE",
        "permissions": [{"principal": "SELF", "action": "READ_ONLY"}],
        "master": {"type": "PROFILE_MASTER"},
    });
    if matches!(name, "login" | "email" | "firstName" | "lastName") {
        attribute["required"] = json!(true);
        attribute["maxLength"] = json!(if name.ends_with("Name") { 50 } else { 100 });
    }
    if matches!(name, "email" | "secondEmail") {
        attribute["format"] = json!("email");
    }
    attribute
}

fn custom_attribute(name: &str, kind: &str, items: Option<&str>) -> Value {
    let mut attribute = json!({
        "title": format!("Title of {name}"), "description": "Non\u{2011}base attribute",
        "type": kind, "mutability": "READ_WRITE", "scope": "NONE",
        "permissions": [{"principal": "SELF", "action": "HIDE"}],
        "master": {"type": "OKTA"},
    });
    if let Some(items) = items {
        attribute["items"] = json!({"type": items});
    }
    if name == "fte" {
        // Recorded schemas contain numbers here, although the specification does not allow them.
        attribute["enum"] = json!([0.01, 0.1, 0.5, 1.0, 0.8, -0.25]);
    }
    attribute
}

pub(crate) fn group_schema(world: &World) -> Reply {
    let url = &world.base_url;
    let body = json!({
        "id": format!("{url}/meta/schemas/group/default"),
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": "group", "title": "Okta group", "description": "Okta group profile template",
        "created": iso(ORG_BEGINS), "lastUpdated": iso(ORG_BEGINS), "type": "object",
        "definitions": {
            "custom": {"id": "#custom", "type": "object", "required": [], "properties": {
                "costCentre": custom_attribute("costCentre", "string", None)}},
            "base": {"id": "#base", "type": "object", "required": ["name"], "properties": {
                "name": base_attribute("name", "Name"), "description": base_attribute("description", "Description")}},
        },
    });
    Reply::json(200, &body)
}

pub(crate) fn user_types(world: &World) -> Reply {
    let spec = &world.spec;
    let partner = spec.partner_schema_id();
    let body = json!([
        user_type(
            world,
            &spec.default_type_id(),
            "user",
            "default",
            json!("Okta user profile template")
        ),
        user_type(world, &spec.partner_type_id(), "partner", &partner, Value::Null),
    ]);
    Reply::json(200, &body)
}

fn user_type(world: &World, id: &str, name: &str, schema: &str, description: Value) -> Value {
    let base = format!("{}/api/v1/meta", world.base_url);
    json!({
        "id": id, "name": name, "displayName": name, "description": description,
        "default": schema == "default",
        "created": iso(ORG_BEGINS), "lastUpdated": iso(ORG_BEGINS),
        "createdBy": world.spec.user_id(0), "lastUpdatedBy": world.spec.user_id(0),
        "_links": {
            "self": {"rel": "self", "href": format!("{base}/types/user/{id}"), "method": "GET"},
            "schema": {"rel": "schema", "href": format!("{base}/schemas/user/{schema}"), "method": "GET"},
        },
    })
}
