//! `GET /api/v1/logs`: the System Log.
//!
//! Polling (without `until`) returns rows in the order in which they were written. It always has a `next` link, and
//! an empty page repeats the cursor. With `until`, rows are sorted by the time of the event, and the listing ends.

use serde_json::{Value, json};

use super::reply::{PageLinks, Reply};
use super::{Incoming, errors};
use crate::population::timestamps::{iso_millis, now_millis, parse_millis};
use crate::search::{self, Comparison, Expression, Operator};
use crate::world::{LogEntry, Target, World};

const DEFAULT_LIMIT: usize = 100;
const MOST_EVENTS: usize = 1_000;
const DAY: i64 = 86_400_000;
/// How far back a request without `since` reaches.
const USUAL_SPAN: i64 = 7 * DAY;
/// Requests that reach further back are refused.
const LONGEST_SPAN: i64 = 180 * DAY;
/// The attributes that a filter may contain.
const FILTERED: [&str; 4] = ["eventType", "target.id", "actor.id", "outcome.result"];

pub(crate) fn logs(world: &World, request: &Incoming) -> Reply {
    page(world, request).unwrap_or_else(|refusal| refusal)
}

fn page(world: &World, request: &Incoming) -> Result<Reply, Reply> {
    let now = now_millis() + world.clock_ahead * 1_000;
    let time = |name: &str| match request.parameter(name).map(parse_millis) {
        Some(None) => Err(errors::invalid_filter()),
        found => Ok(found.flatten()),
    };
    let (since, until) = (time("since")?, time("until")?);
    if since.is_some_and(|since| since < now - LONGEST_SPAN) {
        return Err(errors::invalid_filter());
    }
    let filter = filter(request)?;
    let limit = match request.parameter("limit").map(str::parse::<usize>) {
        None => DEFAULT_LIMIT,
        Some(Ok(limit)) => limit.min(MOST_EVENTS),
        Some(Err(_)) => return Err(errors::invalid_paging()),
    };
    let after = request.parameter("after");
    let start = match after {
        // A request without a cursor begins at the oldest row that is kept, however far back it wants to go.
        None => world.log.start(),
        Some(cursor) => position(cursor).ok_or_else(|| errors::invalid_criteria("Invalid cursor."))?,
    };
    let oldest = match after {
        None => since.unwrap_or(until.unwrap_or(now) - USUAL_SPAN),
        Some(_) => i64::MIN,
    };
    let rows = world.log.rows_from(start);
    let rows = rows.ok_or_else(|| errors::invalid_criteria("Invalid cursor."))?;
    let mut found: Vec<(u64, &LogEntry)> = rows
        .filter(|(_, entry)| entry.at_millis > oldest)
        .filter(|(_, entry)| until.is_none_or(|until| entry.at_millis < until))
        .filter(|(_, entry)| filter.as_ref().is_none_or(|filter| matches(filter, world, entry)))
        .take(limit)
        .collect();
    // A filtered page that is not full has seen every row; any other page has seen the rows up to its last one.
    let reached = match found.last() {
        Some((at, _)) if found.len() == limit => at + 1,
        _ => world.log.end().max(start),
    };
    let ended = until.is_some() && found.is_empty();
    if until.is_some() {
        found.sort_by_key(|(_, entry)| entry.at_millis);
    }
    let next = (!ended).then(|| format!("{now}_{reached}"));
    // An empty page repeats the cursor.
    let next = match after {
        Some(after) if found.is_empty() && !ended && position(after) == Some(reached) => {
            Some(after.to_owned())
        }
        _ => next,
    };
    let rows = found.iter().map(|(_, entry)| event(world, entry)).collect();
    let others = request.parameters.iter().filter(|(name, _)| name != "after");
    Ok(Reply::json(200, &Value::Array(rows)).with_page(PageLinks {
        path: request.path.clone(),
        parameters: others.cloned().collect(),
        after: after.map(str::to_owned),
        next,
    }))
}

/// The counter in a cursor of the form `milliseconds_counter`.
fn position(cursor: &str) -> Option<u64> {
    cursor.rsplit('_').next()?.parse().ok()
}

fn filter(request: &Incoming) -> Result<Option<Expression>, Reply> {
    let Some(text) = request.parameter("filter") else {
        return Ok(None);
    };
    let known = search::parse(text).filter(|filter| {
        let comparisons = filter.comparisons();
        comparisons
            .iter()
            .all(|one| FILTERED.contains(&one.attribute.as_str()))
    });
    known.map(Some).ok_or_else(errors::invalid_filter)
}

fn matches(filter: &Expression, world: &World, entry: &LogEntry) -> bool {
    match filter {
        Expression::And(left, right) => matches(left, world, entry) && matches(right, world, entry),
        Expression::Or(left, right) => matches(left, world, entry) || matches(right, world, entry),
        Expression::Compare(one) => match one.attribute.as_str() {
            "eventType" => holds(one, entry.event),
            "target.id" => entry
                .targets
                .iter()
                .any(|target| holds(one, &target_id(world, target))),
            "actor.id" => holds(one, &world.spec.user_id(0)),
            _ => holds(one, result(entry)),
        },
    }
}

fn holds(one: &Comparison, text: &str) -> bool {
    match one.operator {
        Operator::Eq => text == one.literal,
        Operator::StartsWith => text.starts_with(&one.literal),
        Operator::Contains => text.contains(&one.literal),
        Operator::Present => true,
        Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le => false,
    }
}

fn result(entry: &LogEntry) -> &'static str {
    match entry.succeeded {
        true => "SUCCESS",
        false => "FAILURE",
    }
}

fn target_id(world: &World, target: &Target) -> String {
    match target {
        Target::User(user) => world.spec.user_id(*user),
        Target::Group(group) => world.spec.group_id(*group),
        Target::Other { id, .. } => id.clone(),
    }
}

/// The event in the form of the log and of event hooks. Its shape varies like Okta's.
pub(crate) fn event(world: &World, entry: &LogEntry) -> Value {
    let mut targets: Vec<Value> = entry
        .targets
        .iter()
        .map(|target| target_object(world, target))
        .collect();
    if entry.number % 7 == 3 {
        targets.insert(
            0,
            json!({"id": "0oa1aaaaaaaaaaaaa001", "type": "AppInstance", "displayName": "App"}),
        );
        targets.extend(targets.last().cloned());
    }
    let actor = match entry.number % 5 {
        4 => Value::Null,
        _ => json!({"id": world.spec.user_id(0), "type": "User", "alternateId": "admin@example.com",
                    "displayName": "Admin", "detailEntry": null}),
    };
    json!({
        "uuid": format!("{:08x}-0000-4000-8000-{:012}", world.spec.seed & 0xffff_ffff, entry.number),
        "published": iso_millis(entry.at_millis),
        "eventType": entry.event,
        "version": "0",
        "severity": "INFO",
        "displayMessage": entry.event,
        "actor": actor,
        "outcome": {"result": result(entry), "reason": null},
        "target": targets,
        "transaction": {"type": "WEB", "id": format!("tx{}", entry.number), "detail": {}},
        "debugContext": {"debugData": {}},
        "client": {"ipChain": []},
        "securityContext": {},
    })
}

fn target_object(world: &World, target: &Target) -> Value {
    let kind = match target {
        Target::User(_) => "User",
        Target::Group(_) => "UserGroup",
        Target::Other { kind, .. } => kind,
    };
    json!({"id": target_id(world, target), "type": kind, "alternateId": "unknown", "displayName": "unknown",
           "detailEntry": null})
}
