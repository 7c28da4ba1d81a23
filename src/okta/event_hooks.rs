//! Event hooks (Okta "Event hooks API"): registers, verifies, replaces and removes our own hook. Hooks of others
//! are listed and never changed.
//!
//! A hook is ours if its name and its address are ours; the address counts because several Jira sites may use one
//! org. No request that changes something is repeated by itself. Instead [`register`] first looks which hooks
//! exist, so the way to try again is to call it again.

use serde_json::json;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::Method;
use crate::model::is_object_id;
use crate::okta::client::OktaClient;
use crate::okta::client::ask::Ask;
use crate::okta::client::json::misfit;
use crate::okta::client::object::Object;
use crate::secret::Secret;

const PATH: &str = "/api/v1/eventHooks";
/// The name of our hook. An administrator sees it in Okta, and we recognise the hook by it.
pub const NAME: &str = "okta-profiles";

/// A hook as Okta shows it. Okta never shows its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventHook {
    /// Okta's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address that Okta delivers to.
    pub url: String,
    /// Whether it is switched on.
    pub is_active: bool,
    /// Whether the address answered Okta's challenge.
    pub is_verified: bool,
    /// The header that carries the secret; empty if there is none.
    pub secret_header: String,
    /// The types of events that Okta delivers to the hook.
    pub event_types: Vec<String>,
}

/// The hook that we want to have.
#[derive(Clone, Debug)]
pub struct WantedHook<'a> {
    /// The public address of the receiver.
    pub url: &'a str,
    /// The header that carries the secret.
    pub secret_header: String,
    /// The secret.
    pub secret: &'a Secret,
    /// The types of events.
    pub event_types: Vec<&'static str>,
}

impl EventHook {
    /// Whether Okta delivers to this hook: only an active and verified hook gets deliveries.
    pub fn delivers(&self) -> bool {
        self.is_active && self.is_verified
    }

    /// Whether the hook is ours: it has our name, and our address or the id of the hook that we made.
    pub fn is_ours(&self, url: &str, known_id: &str) -> bool {
        self.name == NAME && (self.url == url || self.id == known_id)
    }

    /// Whether this is the hook that we made. True if the id of our hook is not known.
    pub fn is_known(&self, known_id: &str) -> bool {
        known_id.is_empty() || self.id == known_id
    }

    /// Whether the hook delivers these types of events, with the secret in this header. The secret itself cannot be
    /// checked, and additional types do no harm.
    pub fn covers(&self, secret_header: &str, event_types: &[impl AsRef<str>]) -> bool {
        let is_covered = |known: &_| {
            self.event_types
                .iter()
                .any(|covered| covered == AsRef::as_ref(known))
        };
        self.secret_header.eq_ignore_ascii_case(secret_header) && event_types.iter().all(is_covered)
    }

    /// Whether the hook delivers everything that another hook delivers, in the same way.
    pub fn covers_all_of(&self, other: &EventHook) -> bool {
        self.covers(&other.secret_header, &other.event_types)
    }

    /// Whether the hook delivers exactly what is wanted, to the wanted address.
    fn is_as(&self, wanted: &WantedHook<'_>) -> bool {
        self.url == wanted.url
            && self.event_types.len() == wanted.event_types.len()
            && self.covers(&wanted.secret_header, &wanted.event_types)
    }
}

/// Checks that hooks can be listed; the answer has no pages.
pub(super) async fn check_read(client: &OktaClient) -> Result<()> {
    client.get(PATH).await.map(drop)
}

/// All hooks of the org.
pub async fn hooks(client: &OktaClient) -> Result<Vec<EventHook>> {
    let answer = client.get(PATH).await?;
    decode(&answer.body)
}

pub(super) fn decode(body: &[u8]) -> Result<Vec<EventHook>> {
    let rows = Object::list(body, "event hook")?.into_iter();
    // A hook that cannot be read is not ours.
    Ok(rows.filter_map(|row| to_hook(&row.ok()?).ok()).collect())
}

/// Our hooks, the known one first. There are two if an answer was lost, or if a secret was being renewed.
/// `known_id` is the id that our hook had when we made it; empty if it is not known.
pub async fn all_ours(client: &OktaClient, url: &str, known_id: &str) -> Result<Vec<EventHook>> {
    let mut found = hooks(client).await?;
    found.retain(|hook| hook.is_ours(url, known_id));
    found.sort_by_key(|hook| hook.id != known_id);
    Ok(found)
}

/// Makes our hook as it is wanted and has Okta verify it. With `with_secret` the hook is replaced in any case,
/// because Okta does not show the secret of a hook. A hook with another id than `known_id` is replaced too, because
/// it may have another secret.
pub async fn register(
    client: &OktaClient,
    wanted: &WantedHook<'_>,
    known_id: &str,
    with_secret: bool,
) -> Result<EventHook> {
    let found = all_ours(client, wanted.url, known_id).await?.into_iter().next();
    let hook = match found {
        Some(hook) if hook.is_as(wanted) && !with_secret && hook.is_known(known_id) => hook,
        found => establish(client, found.as_ref(), wanted).await?,
    };
    let hook = match hook.is_active {
        true => hook,
        false => lifecycle(client, &hook.id, "activate").await.map_err(not_taken)?,
    };
    match hook.is_verified {
        true => Ok(hook),
        false => verify(client, &hook.id).await,
    }
}

/// Gives our hook another secret without a gap in the deliveries: a second hook starts before the first one is
/// removed. For a moment both deliver the same events; the receiver recognises the second copy by the id of the event.
pub async fn renew(client: &OktaClient, wanted: &WantedHook<'_>, known_id: &str) -> Result<EventHook> {
    let before = all_ours(client, wanted.url, known_id).await?;
    let made = establish(client, None, wanted).await?;
    match verify(client, &made.id).await {
        Err(error) => {
            // The first hook goes on delivering.
            remove_surplus(client, &[made]).await;
            Err(error)
        }
        Ok(hook) => {
            remove_surplus(client, &before).await;
            Ok(hook)
        }
    }
}

/// Removes hooks of ours in addition to the one that delivers. A hook that cannot be removed now delivers every
/// event a second time, and is removed at the next check of the hook.
pub async fn remove_surplus(client: &OktaClient, surplus: &[EventHook]) {
    for hook in surplus {
        if let Err(error) = remove(client, hook).await {
            let id = &hook.id;
            client.log().warn(format!(
                "a second event hook, {id}, stays at Okta for now: {error}"
            ));
        }
    }
}

/// Changes the `present` hook to the wanted one, or makes a new one. Okta refuses the whole request if this org
/// does not offer one of the types of events, and does not document how it says which one. So the refused types are
/// found by trying.
async fn establish(
    client: &OktaClient,
    present: Option<&EventHook>,
    wanted: &WantedHook<'_>,
) -> Result<EventHook> {
    let (method, path) = match present {
        Some(hook) => (Method::Put, path(&hook.id)?),
        None => (Method::Post, PATH.to_owned()),
    };
    let refusal = match change(client, method, &path, Some(body(wanted))).await {
        Err(error) if error.code() == ErrorCode::ValidationFailed => not_taken(error),
        established => return established,
    };
    let mut least = wanted.clone();
    least.event_types.retain(|known| match present {
        Some(hook) => hook.event_types.iter().any(|covered| covered == known),
        None => wanted.event_types.first() == Some(known),
    });
    if least.event_types.is_empty() || least.event_types.len() == wanted.event_types.len() {
        return Err(refusal);
    }
    match change(client, method, &path, Some(body(&least))).await {
        Ok(hook) => widen(client, hook, least, wanted).await,
        Err(_) => Err(refusal),
    }
}

/// Adds the missing types of events to a hook that already delivers those of `covered`, as far as Okta accepts them.
async fn widen(
    client: &OktaClient,
    mut hook: EventHook,
    mut covered: WantedHook<'_>,
    wanted: &WantedHook<'_>,
) -> Result<EventHook> {
    let path = path(&hook.id)?;
    let missing = wanted.event_types.iter().copied();
    let mut parts: Vec<Vec<&'static str>> = vec![
        missing
            .filter(|known| !covered.event_types.contains(known))
            .collect(),
    ];
    while let Some(mut part) = parts.pop() {
        let mut wider = covered.clone();
        wider.event_types.extend(&part);
        match change(client, Method::Put, &path, Some(body(&wider))).await {
            Ok(widened) => (hook, covered) = (widened, wider),
            Err(error) if error.code() != ErrorCode::ValidationFailed => return Err(error),
            Err(_) if part.len() > 1 => {
                let half = part.split_off(part.len() / 2);
                parts.extend([half, part]);
            }
            Err(_) => client.log().warn(format!(
                "this org does not offer events of the type {} to hooks; the synchronizations find these changes instead",
                part.concat()
            )),
        }
    }
    Ok(hook)
}

/// Has Okta send its challenge to the address. Fails with [`ErrorCode::ValidationFailed`] if Okta does not accept
/// the reply.
pub async fn verify(client: &OktaClient, id: &str) -> Result<EventHook> {
    lifecycle(client, id, "verify").await.map_err(unanswered)
}

/// Removes a hook. Okta deletes only a hook that is switched off. It is no error if the hook is already gone.
pub async fn remove(client: &OktaClient, hook: &EventHook) -> Result<()> {
    let path = path(&hook.id)?;
    let off = match hook.is_active {
        true => lifecycle(client, &hook.id, "deactivate").await.map(drop),
        false => Ok(()),
    };
    let done = match off {
        Ok(()) => {
            let ask = Ask::change(Method::Delete, &path, None);
            client.read(&ask, |_| Ok(())).await.map(drop)
        }
        off => off,
    };
    match done {
        Err(error) if error.code() == ErrorCode::OktaNotFound => Ok(()),
        done => done,
    }
}

async fn lifecycle(client: &OktaClient, id: &str, action: &str) -> Result<EventHook> {
    let path = format!("{}/lifecycle/{action}", path(id)?);
    change(client, Method::Post, &path, None).await
}

async fn change(client: &OktaClient, method: Method, path: &str, body: Option<Vec<u8>>) -> Result<EventHook> {
    let answer = client.ask(&Ask::change(method, path, body.as_deref())).await?;
    to_hook(&Object::of_body(&answer.body, "an event hook")?)
}

fn path(id: &str) -> Result<String> {
    match is_object_id(id) {
        true => Ok(format!("{PATH}/{id}")),
        false => Err(misfit("an event hook has no usable id")),
    }
}

fn body(wanted: &WantedHook<'_>) -> Vec<u8> {
    json!({
        "name": NAME,
        "events": {"type": "EVENT_TYPE", "items": wanted.event_types},
        "channel": {"type": "HTTP", "version": "1.0.0", "config": {
            "uri": wanted.url, "headers": [],
            "authScheme": {"type": "HEADER", "key": wanted.secret_header, "value": wanted.secret.expose()},
        }},
    })
    .to_string()
    .into_bytes()
}

fn to_hook(object: &Object<'_>) -> Result<EventHook> {
    let config = object
        .object("channel")
        .and_then(|channel| channel.object("config"));
    let secret = config.as_ref().and_then(|config| config.object("authScheme"));
    let types = object.object("events").map(|events| events.elements("items"));
    let text = |name: &str| object.text(name).unwrap_or_default();
    Ok(EventHook {
        id: object.id("event hook")?,
        name: text("name"),
        url: config.and_then(|config| config.text("uri")).unwrap_or_default(),
        is_active: text("status") == "ACTIVE",
        is_verified: text("verificationStatus") == "VERIFIED",
        secret_header: secret.and_then(|secret| secret.text("key")).unwrap_or_default(),
        event_types: types
            .unwrap_or_default()
            .into_iter()
            .filter_map(|json| crate::model::json_text(json.get()).map(std::borrow::Cow::into_owned))
            .collect(),
    })
}

/// Adds to the error what to do if Okta refuses a hook.
fn not_taken(error: Error) -> Error {
    match error.code() {
        ErrorCode::ValidationFailed => error.hint(
            "Okta refuses the hook: it accepts https addresses only, and an org may have at most 25 active hooks. \
             Remove one that nobody needs in Okta's Admin Console under Workflow, Event Hooks, and try again.",
        ),
        _ => error,
    }
}

/// Adds to the error what to do if the address did not answer Okta's challenge as Okta expects.
fn unanswered(error: Error) -> Error {
    match error.code() {
        ErrorCode::ValidationFailed => error.hint(
            "Okta has the hook, but its challenge to the address was not answered in time: the address must be reachable \
             from the internet by https with a certificate of a public authority, without a sign-in page or gateway that \
             answers instead. Or 25 hooks deliver already, which is all that an org may have. Then register it again.",
        ),
        _ => error,
    }
}

/// Adds to the error how to make the hook by hand, if this credential may only read hooks.
pub fn by_hand(error: Error, wanted_url: &str) -> Error {
    match error.code() {
        ErrorCode::ScopeMissing | ErrorCode::RoleMissing | ErrorCode::ConsentRequired => error.hint(format!(
            "Or make the hook in Okta's Admin Console under Workflow, Event Hooks: name {NAME}, URL {wanted_url}, \
             authentication field and secret as the page or `live secret` shows them, and press Verify."
        )),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::loopback::{Reply, Responder};
    use crate::okta::client::tests::asking::{Setup, okta_error, setup};

    const URL: &str = "https://jira.example.com/events";

    fn shown(id: &str, name: &str, url: &str) -> String {
        json!({
            "id": id, "name": name, "status": "ACTIVE", "verificationStatus": "VERIFIED", "description": null,
            "events": {"type": "EVENT_TYPE", "items": ["user.lifecycle.create"], "filter": null},
            "channel": {"type": "HTTP", "config": {"uri": url, "method": "POST",
                        "authScheme": {"type": "HEADER", "key": "x-own"}}},
        })
        .to_string()
    }

    async fn registered(server: &Responder, known_id: &str, with_secret: bool) -> Result<EventHook> {
        let Setup { client, .. } = setup(server, &[("retry.max_attempts", "4")]);
        let secret = Secret::text("hidden".to_owned());
        let wanted = WantedHook {
            url: URL,
            secret_header: "X-Own".to_owned(),
            secret: &secret,
            event_types: vec!["user.lifecycle.create"],
        };
        register(&client, &wanted, known_id, with_secret).await
    }

    fn lines(server: &Responder) -> Vec<String> {
        let heads = server.heads();
        let line = |head: &String| head.lines().next().unwrap_or_default().replace(" HTTP/1.1", "");
        heads
            .iter()
            .map(line)
            .filter(|line| line.contains("eventHooks"))
            .collect()
    }

    /// An org with these hooks. It answers changes with our hook.
    fn org(hooks: &[String]) -> Responder {
        let list = format!("[{}]", hooks.join(","));
        Responder::start(
            move |_, head| match head.split(' ').take(2).collect::<Vec<_>>()[..] {
                ["GET", "/api/v1/eventHooks"] => Reply::json(&[], &list),
                ["GET", _] => Reply::json(&[], r#"{"id":"00o1","_links":{}}"#),
                _ => Reply::json(&[], &shown("who1", NAME, URL)),
            },
        )
    }

    #[tokio::test]
    async fn what_is_right_already_is_left_alone_and_hooks_of_others_always_are() {
        let server = org(&[
            shown("who9", "other", URL),
            shown("who8", NAME, "https://other.example.com/events"),
            shown("who1", NAME, URL),
        ]);
        let hook = registered(&server, "", false).await.expect("a hook");
        assert!(hook.id == "who1" && hook.delivers(), "{hook:?}");
        assert_eq!(lines(&server), ["GET /api/v1/eventHooks"]);
        registered(&server, "", true).await.expect("another secret");
        assert_eq!(lines(&server)[2], "PUT /api/v1/eventHooks/who1");
    }

    #[tokio::test]
    async fn a_hook_that_we_made_is_moved_and_one_of_another_site_is_not() {
        let moved = || shown("who8", NAME, "https://old.example.com/events");
        let server = org(&[moved()]);
        registered(&server, "who8", false).await.expect("moved");
        assert_eq!(lines(&server)[1], "PUT /api/v1/eventHooks/who8");
        let server = org(&[moved()]);
        registered(&server, "", false).await.expect("made");
        assert_eq!(lines(&server)[1], "POST /api/v1/eventHooks");
    }

    #[tokio::test]
    async fn a_change_that_may_have_been_made_is_not_asked_for_again() {
        let server = Responder::start(|_, head| match head.starts_with("POST") {
            true => okta_error(500, "E0000009"),
            false if head.contains("eventHooks") => Reply::json(&[], "[]"),
            false => Reply::json(&[], r#"{"id":"00o1","_links":{}}"#),
        });
        let error = registered(&server, "", false).await.expect_err("no hook");
        assert_eq!(error.code(), ErrorCode::OktaInternal);
        assert_eq!(
            lines(&server),
            ["GET /api/v1/eventHooks", "POST /api/v1/eventHooks"]
        );
    }
}
