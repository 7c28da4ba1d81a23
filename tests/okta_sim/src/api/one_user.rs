//! `GET /api/v1/users/{id}`, `/users/me` and `/users/{id}/groups`.

use serde_json::{Map, Value};

use super::reply::Reply;
use super::{Context, Incoming, errors, projection};
use crate::world::user_object::{Form, user_object};

pub(crate) fn me(context: &Context<'_>) -> Reply {
    // The owner of every token is the first user that still exists.
    let view = context.world.view();
    let owner = (0..context.world.end()).find(|&index| view.status(index).is_some());
    match owner {
        Some(index) => Reply::json(200, &user_object(&view, index, Form::Single)),
        None => errors::not_found("me", "User"),
    }
}

pub(crate) fn user(context: &Context<'_>, request: &Incoming, id: &str) -> Reply {
    let view = context.world.view();
    let found = view.find(id).filter(|&index| context.visibility.sees(index));
    let Some(index) = found else {
        return errors::not_found(id, "User");
    };
    let mut object = user_object(&view, index, Form::Single);
    if request.wants_slim_users() {
        object
            .as_object_mut()
            .and_then(|user: &mut Map<String, Value>| user.remove("credentials"));
    }
    let fields = request.parameter("fields").filter(|_| context.honours_fields);
    let etag = format!(
        "W/\"{:x}\"",
        u64::from(view.updated(index)) * 31 + u64::from(index)
    );
    Reply::json(200, &projection::project(object, fields)).with_header("etag", etag)
}

pub(crate) fn groups_of(context: &Context<'_>, id: &str) -> Reply {
    let Some(user) = context.world.view().find(id) else {
        return errors::not_found(id, "User");
    };
    let groups = (0..context.world.group_end())
        .filter(|&group| context.world.group_exists(group) && context.world.is_member(group, user))
        .map(|group| context.world.group_object(group, false))
        .collect();
    Reply::json(200, &Value::Array(groups))
}
