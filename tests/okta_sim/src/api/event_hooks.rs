//! `/api/v1/eventHooks`: register, read, replace, verify, activate, deactivate, delete.

use serde_json::{Map, Value, json};

use super::reply::Reply;
use super::{Endpoint, Incoming, errors};
use crate::event_hooks::deliver::{self, is_eligible};
use crate::event_hooks::{Call, Channel, Hook, MOST_HOOKS, MOST_TYPES, TIME_LIMIT, call};
use crate::org::Org;
use crate::population::ids;
use crate::population::timestamps::{iso, now_seconds};
use crate::world::Target;

pub(crate) fn answer(org: &Org, endpoint: &Endpoint, request: &Incoming) -> Reply {
    let outcome = match (request.method.as_str(), endpoint) {
        ("GET", Endpoint::EventHooks) => Ok(list(org)),
        ("POST", Endpoint::EventHooks) => create(org, &request.body),
        ("GET", Endpoint::EventHook(id)) => with(org, id, |_| Ok(())),
        ("PUT", Endpoint::EventHook(id)) => replace(org, id, &request.body),
        ("DELETE", Endpoint::EventHook(id)) => delete(org, id),
        ("POST", Endpoint::EventHookLifecycle(id, action)) => match action.as_str() {
            "verify" => verify(org, id),
            "activate" => set_active(org, id, true),
            "deactivate" => set_active(org, id, false),
            _ => Err(errors::no_such_path()),
        },
        _ => Err(errors::method_not_supported()),
    };
    outcome.unwrap_or_else(|refusal| refusal)
}

fn list(org: &Org) -> Reply {
    let hooks = org.event_hooks().hooks.clone();
    Reply::json(200, &hooks.iter().map(|hook| object(org, hook)).collect())
}

/// Changes a hook and answers with its new state.
fn with(org: &Org, id: &str, change: impl FnOnce(&mut Hook) -> Result<(), Reply>) -> Result<Reply, Reply> {
    let mut all = org.event_hooks();
    let hook = all.find(id).ok_or_else(|| errors::not_found(id, "EventHook"))?;
    change(hook)?;
    let hook = hook.clone();
    drop(all);
    Ok(Reply::json(200, &object(org, &hook)))
}

fn create(org: &Org, body: &[u8]) -> Result<Reply, Reply> {
    let asked = Asked::read(org, body)?;
    let now = now_seconds();
    let mut all = org.event_hooks();
    all.registered += 1;
    let hook = Hook {
        id: ids::object_id("who", org.spec().seed, all.registered),
        created: now,
        updated: now,
        is_active: true,
        is_verified: false,
        name: asked.name,
        description: asked.description,
        types: asked.types,
        channel: asked.channel,
    };
    all.hooks.push(hook.clone());
    drop(all);
    deliver::start(org);
    tell(org, "event_hook.created", true, &hook.id);
    Ok(Reply::json(200, &object(org, &hook)))
}

/// After a change of address, header or secret the hook must be verified again.
fn replace(org: &Org, id: &str, body: &[u8]) -> Result<Reply, Reply> {
    let asked = Asked::read(org, body)?;
    let reply = with(org, id, |hook| {
        hook.is_verified &= hook.channel == asked.channel;
        (hook.name, hook.description, hook.types, hook.channel) =
            (asked.name, asked.description, asked.types, asked.channel);
        hook.updated = now_seconds();
        Ok(())
    })?;
    tell(org, "event_hook.updated", true, id);
    Ok(reply)
}

fn set_active(org: &Org, id: &str, is_active: bool) -> Result<Reply, Reply> {
    let is_full = org.event_hooks().delivering() >= MOST_HOOKS;
    let reply = with(org, id, |hook| {
        if is_active && hook.is_verified && !hook.is_active && is_full {
            return Err(invalid("maximum number of active event hooks reached"));
        }
        hook.is_active = is_active;
        Ok(())
    })?;
    let event = match is_active {
        true => "event_hook.activated",
        false => "event_hook.deactivated",
    };
    tell(org, event, true, id);
    Ok(reply)
}

fn delete(org: &Org, id: &str) -> Result<Reply, Reply> {
    with(org, id, |hook| match hook.is_active {
        true => Err(invalid("An active event hook cannot be deleted.")),
        false => Ok(()),
    })?;
    org.event_hooks().hooks.retain(|hook| hook.id != id);
    tell(org, "event_hook.deleted", true, id);
    Ok(Reply::empty(204))
}

/// Sends a challenge to the address, which must be returned.
fn verify(org: &Org, id: &str) -> Result<Reply, Reply> {
    let mut channel = None;
    with(org, id, |hook| {
        channel = Some(hook.channel.clone());
        Ok(())
    })?;
    let is_good = channel.is_some_and(|channel| gives_back(org, &channel) || gives_back(org, &channel));
    tell(org, "event_hook.verified", is_good, id);
    if !is_good {
        let cause = format!("Unable to verify event hook. Hook {id} execution failed");
        return Err(invalid(&cause));
    }
    let is_full = org.event_hooks().delivering() >= MOST_HOOKS;
    with(org, id, |hook| match is_full && !hook.is_verified {
        true => Err(invalid("maximum number of active event hooks reached")),
        false => {
            hook.is_verified = true;
            Ok(())
        }
    })
}

fn gives_back(org: &Org, channel: &Channel) -> bool {
    let challenge = org.secret_text(42);
    let mut fields: Vec<(String, String)> = [
        ("User-Agent", "Okta-Integrations"),
        ("Accept", "application/json"),
        ("X-Okta-Request-Id", "reqSimulated0001"),
        ("X-Okta-Verification-Challenge", challenge.as_str()),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    fields.extend(channel.fields());
    let request = Call {
        method: "GET",
        uri: &channel.uri,
        fields: &fields,
        body: b"",
    };
    // The worker thread that answers this request waits; the runtime uses another one meanwhile.
    let answered = tokio::task::block_in_place(|| call(&request, TIME_LIMIT));
    answered.is_ok_and(|answer| {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        answer.status == 200
            && answer.content_type.starts_with("application/json")
            && body["verification"] == challenge.as_str()
    })
}

fn tell(org: &Org, event: &'static str, succeeded: bool, id: &str) {
    let hook = Target::Other {
        id: id.to_owned(),
        kind: "EventHook",
    };
    org.world_mut().record_outcome(event, succeeded, vec![hook]);
}

fn invalid(cause: &str) -> Reply {
    errors::okta_error(400, "E0000001", "Api validation failed: eventHook", &[cause])
}

/// The hook that a caller wants.
struct Asked {
    name: String,
    description: Value,
    types: Vec<String>,
    channel: Channel,
}

impl Asked {
    fn read(org: &Org, body: &[u8]) -> Result<Asked, Reply> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|_| errors::okta_error(400, "E0000003", "The request body was not well-formed.", &[]))?;
        let name = body["name"].as_str().filter(|name| !name.is_empty());
        let items = body["events"]["items"].as_array().map(Vec::as_slice);
        let types = items.unwrap_or_default().iter().filter_map(Value::as_str);
        let asked = Asked {
            name: name
                .ok_or_else(|| invalid("name: The field cannot be left blank"))?
                .to_owned(),
            description: body["description"].clone(),
            types: types.map(str::to_owned).collect(),
            channel: channel(&body["channel"])?,
        };
        if body["events"]["type"] != "EVENT_TYPE" || !(1..=MOST_TYPES).contains(&asked.types.len()) {
            return Err(invalid("events: between 1 and 300 event types are needed"));
        }
        let all = org.event_hooks();
        if all.is_closed {
            return Err(invalid("maximum number of event hooks reached"));
        }
        let is_offered = |known: &String| is_eligible(known) && !all.withheld.contains(known);
        match asked.types.iter().find(|known| !is_offered(known)) {
            Some(unknown) => Err(invalid(&format!("events: {unknown} is not a valid event type"))),
            None => Ok(asked),
        }
    }
}

fn channel(channel: &Value) -> Result<Channel, Reply> {
    let config = &channel["config"];
    let uri = config["uri"].as_str().unwrap_or_default();
    let is_loopback = uri.starts_with("http://127.0.0.1:") || uri.starts_with("http://localhost:");
    if channel["type"] != "HTTP" || channel["version"] != "1.0.0" {
        return Err(invalid("channel: only HTTP in version 1.0.0 is known"));
    }
    // On the loopback interface nobody can listen in, and there is no certificate.
    if !uri.starts_with("https://") && !is_loopback {
        return Err(invalid("channel.config.uri: must be an https URL"));
    }
    let pair = |object: &Value| {
        let text = |name: &str| object[name].as_str().map(str::to_owned);
        text("key").zip(text("value"))
    };
    let headers = config["headers"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    Ok(Channel {
        uri: uri.to_owned(),
        headers: headers.iter().filter_map(pair).collect(),
        secret: pair(&config["authScheme"]),
    })
}

/// The hook in the form of the API, which never contains the secret.
fn object(org: &Org, hook: &Hook) -> Value {
    let href = format!("{}/api/v1/eventHooks/{}", org.url(), hook.id);
    let header = |(key, value): &(String, String)| json!({"key": key, "value": value});
    let headers: Vec<Value> = hook.channel.headers.iter().map(header).collect();
    let secret = hook.channel.secret.as_ref();
    let mut links: Map<String, Value> = [("self", ""), ("verify", "/lifecycle/verify")]
        .map(|(name, end)| (name.to_owned(), json!({"href": format!("{href}{end}")})))
        .into_iter()
        .collect();
    let (status, other) = match hook.is_active {
        true => ("ACTIVE", "deactivate"),
        false => ("INACTIVE", "activate"),
    };
    links.insert(
        other.to_owned(),
        json!({"href": format!("{href}/lifecycle/{other}")}),
    );
    json!({
        "id": hook.id, "status": status,
        "verificationStatus": if hook.is_verified { "VERIFIED" } else { "UNVERIFIED" },
        "name": hook.name, "description": hook.description,
        "created": iso(hook.created), "createdBy": org.spec().user_id(0), "lastUpdated": iso(hook.updated),
        "events": {"type": "EVENT_TYPE", "items": hook.types, "filter": null},
        "channel": {"type": "HTTP", "version": "1.0.0", "config": {
            "uri": hook.channel.uri, "headers": headers, "method": "POST",
            "authScheme": secret.map(|(key, _)| json!({"type": "HEADER", "key": key})),
        }},
        "_links": links,
    })
}
