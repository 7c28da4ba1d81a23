//! The control endpoints under `/sim/`: for shell scripts and for tests in other languages.
//!
//! They need no credential, are not in the request log, and no fault affects them.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::api::reply::{Delivery, Reply};
use crate::api::{Incoming, Role};
use crate::event_hooks::HookHabits;
use crate::fault::Fault;
use crate::oauth;
use crate::org::Org;
use crate::world::system_log::LogHabits;

/// How many users one piece of `/sim/users` contains.
const USERS_A_PIECE: usize = 500;

pub(crate) fn answer(org: &Org, request: &Incoming) -> Reply {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/sim/users") => users(org),
        ("GET", "/sim/requests") => records(&org.requests()),
        ("GET", "/sim/attacker-requests") => records(&org.attacker_requests()),
        ("POST", "/sim/clear-requests") => {
            org.clear_requests();
            Reply::json(200, &json!({"ok": true}))
        }
        ("GET", "/sim/faults") => fault_list(),
        ("POST", "/sim/faults") => done(set_faults(org, &request.body)),
        ("POST", "/sim/log") => done(set_log_habits(org, &request.body)),
        ("GET", "/sim/hooks") => Reply::json(200, &hook_counts(org)),
        ("POST", "/sim/hooks") => done(set_hook_habits(org, &request.body)),
        ("POST", "/sim/change") => done(change(org, &request.body)),
        ("POST", "/sim/mutate") => done(mutate(org, &request.body)),
        ("GET", "/sim/oauth") => Reply::json(200, &oauth::control::state(org)),
        ("POST", "/sim/oauth") => {
            done(parse(&request.body).and_then(|body| oauth::control::change(org, &body)))
        }
        ("POST", "/sim/roles") => done(assign_role(org, &request.body)),
        _ => Reply::json(404, &json!({"error": "no such control endpoint"})),
    }
}

/// The true users, one on each line.
fn users(org: &Org) -> Reply {
    let mut users = org.all_users();
    let pieces = move || {
        let mut piece = String::new();
        for user in users.by_ref().take(USERS_A_PIECE) {
            let line = json!({"id": user["id"], "status": user["status"], "profile": user["profile"]});
            piece.push_str(&line.to_string());
            piece.push('\n');
        }
        (!piece.is_empty()).then(|| piece.into())
    };
    Reply::text(200, Some("application/x-ndjson"), String::new())
        .delivered(Delivery::Pieces(Box::new(pieces)))
}

fn records(records: &[crate::RequestRecord]) -> Reply {
    let records = records.iter().map(crate::RequestRecord::json).collect();
    Reply::json(200, &Value::Array(records))
}

fn fault_list() -> Reply {
    let rows = Fault::ALL.iter().map(|fault| {
        json!({"name": fault.name(), "text": fault.describe(), "recoverable": fault.is_recoverable()})
    });
    Reply::json(200, &Value::Array(rows.collect()))
}

fn done(outcome: Result<Value, String>) -> Reply {
    match outcome {
        Ok(body) => Reply::json(200, &body),
        Err(error) => Reply::json(400, &json!({"error": error})),
    }
}

fn parse(body: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn set_faults(org: &Org, body: &[u8]) -> Result<Value, String> {
    let body = parse(body)?;
    let names = body["faults"]
        .as_array()
        .ok_or("`faults` must be an array of names")?;
    let mut faults = Vec::new();
    for name in names {
        let name = name.as_str().unwrap_or_default();
        faults.push(Fault::parse(name).ok_or_else(|| format!("no fault is called `{name}`"))?);
    }
    if let Some(every) = body["every"].as_u64() {
        org.set_fault_period(u32::try_from(every).unwrap_or(u32::MAX));
    }
    org.set_faults(&faults);
    Ok(json!({"ok": true}))
}

fn assign_role(org: &Org, body: &[u8]) -> Result<Value, String> {
    let body = parse(body)?;
    let role = |name: &str| body[name].as_str().and_then(Role::parse);
    let holder = role("token_of").ok_or("`token_of` must be a role")?;
    org.assign_role(holder, role("role").ok_or("`role` must be a role")?);
    Ok(json!({"ok": true}))
}

/// A number of the body; none if the body has no such number.
fn number(body: &Value, name: &str) -> Option<u64> {
    body[name].as_u64()
}

fn every(body: &Value, name: &str) -> u32 {
    number(body, name)
        .and_then(|every| u32::try_from(every).ok())
        .unwrap_or(0)
}

fn late(body: &Value) -> Duration {
    Duration::from_millis(number(body, "late_ms").unwrap_or(2_000))
}

fn set_log_habits(org: &Org, body: &[u8]) -> Result<Value, String> {
    let body = parse(body)?;
    let usual = LogHabits::default();
    let capacity = number(&body, "capacity").and_then(|most| usize::try_from(most).ok());
    org.set_log_habits(LogHabits {
        late_every: every(&body, "late_every"),
        late: late(&body),
        lose_every: every(&body, "lose_every"),
        duplicate_every: every(&body, "duplicate_every"),
        capacity: capacity.unwrap_or(usual.capacity),
    });
    if body["expire_cursors"] == true {
        org.expire_log_cursors();
    }
    Ok(json!({"ok": true}))
}

fn set_hook_habits(org: &Org, body: &[u8]) -> Result<Value, String> {
    let body = parse(body)?;
    let usual = HookHabits::default();
    org.set_hook_habits(HookHabits {
        lose_every: every(&body, "lose_every"),
        duplicate_every: every(&body, "duplicate_every"),
        late_every: every(&body, "late_every"),
        late: late(&body),
        daily_cap: number(&body, "daily_cap").unwrap_or(usual.daily_cap),
        ..usual
    });
    if let Some(events) = number(&body, "used_up") {
        org.use_up_hook_cap(events);
    }
    Ok(json!({"ok": true}))
}

fn hook_counts(org: &Org) -> Value {
    let counts = org.hook_counts();
    json!({
        "delivered": counts.delivered, "events": counts.events, "lost": counts.lost,
        "duplicated": counts.duplicated, "retried": counts.retried, "failed": counts.failed,
        "over_cap": counts.over_cap,
    })
}

fn change(org: &Org, body: &[u8]) -> Result<Value, String> {
    let body = parse(body)?;
    let from = number(&body, "from").unwrap_or(0);
    let steps = number(&body, "steps").ok_or("`steps` is needed")?;
    for step in from..from.saturating_add(steps) {
        org.change_at_random(step);
    }
    Ok(json!({"ok": true}))
}

fn mutate(org: &Org, body: &[u8]) -> Result<Value, String> {
    let body = parse(body)?;
    let (what, with) = body
        .as_object()
        .and_then(|object| object.iter().next())
        .ok_or("one mutation is needed")?;
    let id = with["id"].as_str().unwrap_or_default();
    let group = with["group"].as_str().unwrap_or_default();
    let name = with["name"].as_str().unwrap_or_default();
    let profile = || with["profile"].as_object().cloned().unwrap_or_default();
    let changed = match what.as_str() {
        "create" => return Ok(json!({"ok": true, "id": org.create_user(profile())})),
        "update" => org.update_profile(id, |current: &mut Map<String, Value>| current.extend(profile())),
        "status" => org.set_status(id, with["status"].as_str().unwrap_or_default()),
        "delete" => org.delete_user(id),
        "join" => org.add_to_group(group, id),
        "leave" => org.remove_from_group(group, id),
        "create_group" => return Ok(json!({"ok": true, "id": org.create_group(name)})),
        "rename_group" => org.rename_group(group, name),
        "delete_group" => org.delete_group(group),
        "clear_attribute" => {
            org.clear_attribute_everywhere(with.as_str().ok_or("the name of an attribute")?);
            true
        }
        "delete_range" => {
            let end = |name: &str| with[name].as_u64().and_then(|end| u32::try_from(end).ok());
            let (from, to) = end("from").zip(end("to")).ok_or("`from` and `to` are needed")?;
            return Ok(json!({"ok": true, "deleted": org.delete_users(from..to)}));
        }
        other => return Err(format!("no mutation is called `{other}`")),
    };
    Ok(json!({"ok": changed}))
}
