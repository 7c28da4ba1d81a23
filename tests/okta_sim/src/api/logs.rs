//! `GET /api/v1/logs`: one event for each mutation, in the order of their making.
//!
//! Polling (no `until`) always has a `next` link, and an empty page repeats the cursor.

use serde_json::{Value, json};

use super::reply::{PageLinks, Reply};
use super::{Incoming, errors};
use crate::population::timestamps::{iso_millis, parse_millis};
use crate::world::{LogEntry, World};

const DEFAULT_LIMIT: usize = 100;
const MOST_EVENTS: usize = 1_000;

pub(crate) fn logs(world: &World, request: &Incoming) -> Reply {
    let time = |name: &str| request.parameter(name).map(parse_millis);
    if matches!(time("since"), Some(None)) || matches!(time("until"), Some(None)) {
        return errors::invalid_filter();
    }
    let since = time("since").flatten().unwrap_or(i64::MIN);
    let until = time("until").flatten();
    let after = request.parameter("after");
    let Ok(start) = after.map_or(Ok(0), position) else {
        return errors::invalid_criteria("Invalid cursor.");
    };
    let limit = match request.parameter("limit").map(str::parse::<usize>) {
        None => DEFAULT_LIMIT,
        Some(Ok(limit)) => limit.min(MOST_EVENTS),
        Some(Err(_)) => return errors::invalid_paging(),
    };
    let found: Vec<(usize, &LogEntry)> = (world.log.iter().enumerate().skip(start))
        .filter(|(_, entry)| entry.at_millis > since)
        .filter(|(_, entry)| until.is_none_or(|until| entry.at_millis < until))
        .take(limit)
        .collect();
    let reached = found.last().map_or(start, |(number, _)| number + 1);
    let ended = until.is_some() && found.is_empty();
    let next = (!ended).then(|| format!("{}_{reached}", world.spec.seed));
    let rows = found
        .iter()
        .map(|(number, entry)| event(world, *number, entry))
        .collect();
    let others = request.parameters.iter().filter(|(name, _)| name != "after");
    Reply::json(200, &Value::Array(rows)).with_page(PageLinks {
        path: request.path.clone(),
        parameters: others.cloned().collect(),
        after: after.map(str::to_owned),
        next,
    })
}

fn position(cursor: &str) -> Result<usize, std::num::ParseIntError> {
    cursor.rsplit('_').next().unwrap_or_default().parse()
}

fn event(world: &World, number: usize, entry: &LogEntry) -> Value {
    let user = world.spec.user_id(entry.user);
    json!({
        "uuid": format!("00000000-0000-4000-8000-{number:012}"),
        "published": iso_millis(entry.at_millis),
        "eventType": entry.event,
        "version": "0",
        "severity": "INFO",
        "displayMessage": entry.event,
        "actor": {"id": world.spec.user_id(0), "type": "User", "alternateId": "admin@example.com",
                  "displayName": "Admin", "detailEntry": null},
        "outcome": {"result": "SUCCESS", "reason": null},
        "target": [{"id": user, "type": "User", "alternateId": "unknown",
                    "displayName": "unknown", "detailEntry": null}],
        "transaction": {"type": "WEB", "id": format!("tx{number}"), "detail": {}},
        "debugContext": {"debugData": {}},
        "client": {"ipChain": []},
    })
}
