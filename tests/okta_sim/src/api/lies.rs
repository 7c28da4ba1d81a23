//! Changes a correct page as faults require: parts that look like the whole, ends that are not the end, links that
//! lead elsewhere or nowhere.

use serde_json::Value;

use super::{Context, Incoming};
use crate::fault::Fault;
use crate::world::user_object::{Form, user_object};

/// How many different cursors there are; more than any client may follow.
const MOST_PAGES: u32 = 100_000;

/// A page as the client will see it.
pub(super) struct Told {
    pub(super) status: u16,
    /// The target of `next`.
    pub(super) path: String,
    pub(super) rows: Vec<Value>,
    pub(super) next: Option<String>,
}

pub(super) fn bend(
    context: &Context<'_>,
    request: &Incoming,
    rows: Vec<Value>,
    next: Option<String>,
) -> Told {
    let strikes = context.strikes;
    let mut told = Told {
        status: 200,
        path: request.path.clone(),
        rows,
        next,
    };
    let after = request.parameter("after").filter(|after| !after.is_empty());
    if strikes.has(Fault::LostEnd) && told.next.is_some() {
        (told.rows, told.next) = (Vec::new(), None);
    }
    if strikes.has(Fault::CutListings) && after.is_some() {
        told.next = None;
    }
    if strikes.has(Fault::MomentarilyRepeatedCursor) && told.next.is_some() {
        told.next = after.map(str::to_owned);
    }
    if strikes.has(Fault::UnendedBody) {
        told.rows.truncate(told.rows.len() / 2);
    }
    if strikes.has(Fault::PartialContent) {
        told.status = 206;
        told.rows.truncate(told.rows.len() * 3 / 4);
        told.next = None;
    }
    if strikes.has(Fault::NextOfAnotherListing) {
        told.path = another(context, &request.path);
    }
    if strikes.has(Fault::EndlessRepeatedRows) {
        told.rows = vec![first_row(context, &request.path)];
        told.next = Some(following(context, request, after));
    }
    if strikes.has(Fault::EndlessEmptyPages) {
        told.rows = Vec::new();
        told.next = Some(following(context, request, after));
    }
    told
}

fn another(context: &Context<'_>, path: &str) -> String {
    let spec = &context.world.spec;
    match path.strip_prefix("/api/v1/groups/") {
        Some(_) => format!("/api/v1/groups/{}/users", spec.group_id(1)),
        None if path.starts_with("/api/v1/groups") => "/api/v1/users".to_owned(),
        None => "/api/v1/groups".to_owned(),
    }
}

fn first_row(context: &Context<'_>, path: &str) -> Value {
    let world = context.world;
    match path {
        "/api/v1/groups" => world.group_object(0, true),
        _ => user_object(&world.view(), 0, Form::Row),
    }
}

/// A cursor that no page has had yet: that of the next row, even if there is no such row.
fn following(context: &Context<'_>, request: &Incoming, after: Option<&str>) -> String {
    let spec = &context.world.spec;
    let of_groups = request.path == "/api/v1/groups";
    let cursor = |at: u32| match of_groups {
        true => format!("2{}", spec.group_id(at)),
        false => spec.user_id(at),
    };
    let at = after.and_then(|after| (0..MOST_PAGES).find(|at| cursor(*at) == after));
    cursor(at.map_or(0, |at| at + 1))
}
