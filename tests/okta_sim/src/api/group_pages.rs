//! `GET /api/v1/groups`, `/groups/{id}` and `/groups/{id}/users`.

use serde_json::Value;

use super::credentials::Visibility;
use super::reply::Reply;
use super::users_list::{limit, listing};
use super::{Context, Incoming, errors, selection};
use crate::fault::Fault;
use crate::population::ids;
use crate::search::{self, Expression, matches_group};
use crate::world::user_object::{Form, user_object};

/// The most groups on a page, by Okta's specification.
const MOST_GROUPS: usize = 10_000;
/// The most members on a page.
const MOST_MEMBERS: usize = 1_000;

pub(crate) fn groups(context: &Context<'_>, request: &Incoming) -> Reply {
    page_of_groups(context, request).unwrap_or_else(|refusal| refusal)
}

fn page_of_groups(context: &Context<'_>, request: &Incoming) -> Result<Reply, Reply> {
    let world = context.world;
    let limit = limit(request, MOST_GROUPS)?;
    let expression = expression(request)?;
    let strikes = context.strikes;
    let endless = strikes.has(Fault::EndlessEmptyPages) || strikes.has(Fault::EndlessRepeatedRows);
    let start = match request.parameter("after").filter(|after| !after.is_empty()) {
        None => 0,
        Some(_) if endless => 0,
        Some(after) => {
            let id = after.strip_prefix('2').unwrap_or(after);
            let last = (0..world.group_end()).find(|&group| world.spec.group_id(group) == id);
            last.ok_or_else(|| errors::invalid_criteria("Invalid cursor."))? + 1
        }
    };
    let with_stats = request
        .parameter("expand")
        .is_some_and(|expand| expand.contains("stats"));
    // Group admins do not see `Everyone`.
    let first = u32::from(context.visibility == Visibility::Part);
    let found: Vec<u32> = (start.max(first)..world.group_end())
        .filter(|&group| world.group_exists(group))
        .filter(|&group| {
            let matches = |expression| matches_group(expression, world, group);
            expression.as_ref().is_none_or(matches)
        })
        .take(limit + 1)
        .collect();
    let page = &found[..found.len().min(limit)];
    let more = found.len() > limit || context.strikes.has(Fault::EmptyLastPage);
    let last = page.last().filter(|_| more);
    let next = last.map(|&last| format!("2{}", world.spec.group_id(last)));
    let rows = page
        .iter()
        .map(|&group| world.group_object(group, with_stats))
        .collect();
    Ok(listing(context, request, rows, next))
}

fn expression(request: &Incoming) -> Result<Option<Expression>, Reply> {
    match (request.parameter("search"), request.parameter("filter")) {
        (Some(_), Some(_)) => Err(errors::search_with_filter()),
        (Some(text), None) => search::parse(text)
            .map(Some)
            .ok_or_else(|| errors::invalid_criteria("Invalid search query.")),
        (None, Some(text)) => {
            const KNOWN: [&str; 4] = ["id", "type", "lastUpdated", "lastMembershipUpdated"];
            search::parse(text)
                .filter(|filter| {
                    let comparisons = filter.comparisons();
                    let mut names = comparisons.iter().map(|one| one.attribute.as_str());
                    names.all(|name| KNOWN.contains(&name))
                })
                .map(Some)
                .ok_or_else(errors::invalid_filter)
        }
        (None, None) => Ok(None),
    }
}

pub(crate) fn group(context: &Context<'_>, id: &str) -> Reply {
    match context.world.group_index(id) {
        Some(group) => Reply::json(200, &context.world.group_object(group, false)),
        None => errors::not_found(id, "UserGroup"),
    }
}

pub(crate) fn members(context: &Context<'_>, request: &Incoming, id: &str) -> Reply {
    page_of_members(context, request, id).unwrap_or_else(|refusal| refusal)
}

fn page_of_members(context: &Context<'_>, request: &Incoming, id: &str) -> Result<Reply, Reply> {
    let world = context.world;
    let group = world
        .group_index(id)
        .ok_or_else(|| errors::not_found(id, "UserGroup"))?;
    let limit = limit(request, MOST_MEMBERS)?;
    let after = selection::id_in_cursor(request.parameter("after"))?;
    let start = after.map_or(0, |id| ids::position_after(world.spec.seed, &id, world.end()));
    let found: Vec<u32> = world.members(group, start).take(limit + 1).collect();
    let page = &found[..found.len().min(limit)];
    let more = found.len() > limit || context.strikes.has(Fault::EmptyLastPage);
    let next = page.last().filter(|_| more).map(|&last| world.spec.user_id(last));
    let view = world.view();
    let rows: Vec<Value> = page
        .iter()
        .filter(|&&user| context.visibility.sees(user))
        .map(|&user| user_object(&view, user, Form::Row))
        .collect();
    Ok(listing(context, request, rows, next))
}
