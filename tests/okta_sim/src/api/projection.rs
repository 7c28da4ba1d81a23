//! The `fields` parameter: `id,status,profile:(firstName,city)`; the id is always kept.

use serde_json::{Map, Value};

/// Keeps the attributes that `fields` names; all if there is no such parameter.
pub(crate) fn project(user: Value, fields: Option<&str>) -> Value {
    let (Some(fields), Value::Object(user)) = (fields, &user) else {
        return user;
    };
    let mut kept = Map::new();
    for field in split(fields) {
        let (name, inner) = match field.split_once(":(") {
            Some((name, inner)) => (name, Some(inner.trim_end_matches(')'))),
            None => (field, None),
        };
        let Some(value) = user.get(name) else {
            continue;
        };
        let value = match (inner, value) {
            (Some(inner), Value::Object(object)) => Value::Object(keep(object, inner)),
            _ => value.clone(),
        };
        kept.insert(name.to_owned(), value);
    }
    kept.insert("id".to_owned(), user["id"].clone());
    Value::Object(kept)
}

fn keep(object: &Map<String, Value>, names: &str) -> Map<String, Value> {
    let names: Vec<&str> = names.split(',').map(str::trim).collect();
    let kept = object.iter().filter(|(name, _)| names.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Splits at commas outside parentheses.
fn split(fields: &str) -> Vec<&str> {
    let mut depth = 0;
    fields
        .split(|c: char| {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            c == ',' && depth == 0
        })
        .map(str::trim)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_named_fields_stay() {
        let user = json!({"id": "1", "status": "A", "created": "x", "profile": {"a": 1, "b": 2}});
        let kept = project(user.clone(), Some("status,profile:(b,c)"));
        assert_eq!(kept, json!({"id": "1", "status": "A", "profile": {"b": 2}}));
        assert_eq!(project(user.clone(), None), user);
    }
}
