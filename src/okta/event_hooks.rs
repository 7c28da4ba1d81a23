//! Event hooks (Okta "Event hooks API"): our own one is registered, verified, replaced and removed. Others are seen
//! and left alone.
//!
//! A hook is ours by its name and its address, since several Jira sites may use one org. Nothing here is asked twice:
//! [`register`] looks first at what there is, so that calling it again is how to try again.

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
/// The name of our hook, by which an administrator knows it and we know it again.
pub const NAME: &str = "okta-profiles";

/// A hook as Okta shows it. Its secret is never shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventHook {
    /// Okta's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Where Okta delivers to.
    pub url: String,
    /// Whether it is switched on.
    pub is_active: bool,
    /// Whether the address has answered Okta's challenge.
    pub is_verified: bool,
    /// The header that carries the secret; empty if there is none.
    pub secret_header: String,
    /// The types of events that it is told of.
    pub event_types: Vec<String>,
}

/// What our hook has to be.
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
    /// Whether it delivers: Okta tells only hooks that are both.
    pub fn delivers(&self) -> bool {
        self.is_active && self.is_verified
    }

    /// Whether it is ours: by name, and by address or the id that it had when we made it.
    pub fn is_ours(&self, url: &str, known_id: &str) -> bool {
        self.name == NAME && (self.url == url || self.id == known_id)
    }

    /// Whether it is the one that was made from here, as far as that is known.
    pub fn is_known(&self, known_id: &str) -> bool {
        known_id.is_empty() || self.id == known_id
    }

    /// Whether it tells what is wanted, with the secret in the header that is wanted. The secret cannot be seen, and a
    /// type more does no harm.
    pub fn tells(&self, secret_header: &str, event_types: &[impl AsRef<str>]) -> bool {
        let is_told = |known: &_| self.event_types.iter().any(|told| told == AsRef::as_ref(known));
        self.secret_header.eq_ignore_ascii_case(secret_header) && event_types.iter().all(is_told)
    }

    /// Whether it tells all that another one tells, in the same way.
    pub fn tells_as(&self, other: &EventHook) -> bool {
        self.tells(&other.secret_header, &other.event_types)
    }

    /// Whether it tells what is wanted and no more, where it is wanted.
    fn is_as(&self, wanted: &WantedHook<'_>) -> bool {
        self.url == wanted.url
            && self.event_types.len() == wanted.event_types.len()
            && self.tells(&wanted.secret_header, &wanted.event_types)
    }
}

/// Lists the hooks; the answer has no pages.
pub(super) async fn check_read(client: &OktaClient) -> Result<()> {
    client.get(PATH).await.map(drop)
}

/// All hooks of the org.
pub async fn hooks(client: &OktaClient) -> Result<Vec<EventHook>> {
    let answer = client.get(PATH).await?;
    decode(&answer.body)
}

pub(super) fn decode(body: &[u8]) -> Result<Vec<EventHook>> {
    let rows = Object::list(body, "event hook")?;
    // One that cannot be read is not ours.
    Ok(rows.iter().filter_map(|row| to_hook(row).ok()).collect())
}

/// Our hooks, the known one first: there are two where an answer was lost, or a secret was being renewed. `known_id` is
/// the id that ours had when we made it; empty if it is not known.
pub async fn all_ours(client: &OktaClient, url: &str, known_id: &str) -> Result<Vec<EventHook>> {
    let mut found = hooks(client).await?;
    found.retain(|hook| hook.is_ours(url, known_id));
    found.sort_by_key(|hook| hook.id != known_id);
    Ok(found)
}

/// Makes our hook what is wanted and has Okta verify it. `with_secret` replaces it in any case, since Okta does not
/// show which secret it has; one of another id than the known one has perhaps another.
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

/// Gives our hook another secret without a moment in which nothing delivers: a second one takes over before the first
/// is removed. What both tell is known by its id.
pub async fn renew(client: &OktaClient, wanted: &WantedHook<'_>, known_id: &str) -> Result<EventHook> {
    let before = all_ours(client, wanted.url, known_id).await?;
    let made = establish(client, None, wanted).await?;
    match verify(client, &made.id).await {
        Err(error) => {
            // The first one goes on.
            remove_surplus(client, &[made]).await;
            Err(error)
        }
        Ok(hook) => {
            remove_surplus(client, &before).await;
            Ok(hook)
        }
    }
}

/// Removes hooks of ours beside the one that delivers. What cannot be removed now delivers the same once more, and is
/// removed when the hook is checked.
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

/// Makes a hook what is wanted, or makes one. Okta refuses the whole of it for one type of events that this org does
/// not offer, and does not document how it says which: so that is found by trying.
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
        Some(hook) => hook.event_types.iter().any(|told| told == known),
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

/// Adds to a hook that tells `told` what else is wanted, as far as Okta takes it.
async fn widen(
    client: &OktaClient,
    mut hook: EventHook,
    mut told: WantedHook<'_>,
    wanted: &WantedHook<'_>,
) -> Result<EventHook> {
    let path = path(&hook.id)?;
    let missing = wanted.event_types.iter().copied();
    let mut parts: Vec<Vec<&'static str>> = vec![
        missing
            .filter(|known| !told.event_types.contains(known))
            .collect(),
    ];
    while let Some(mut part) = parts.pop() {
        let mut wider = told.clone();
        wider.event_types.extend(&part);
        match change(client, Method::Put, &path, Some(body(&wider))).await {
            Ok(widened) => (hook, told) = (widened, wider),
            Err(error) if error.code() != ErrorCode::ValidationFailed => return Err(error),
            Err(_) if part.len() > 1 => {
                let half = part.split_off(part.len() / 2);
                parts.extend([half, part]);
            }
            Err(_) => client.log().warn(format!(
                "this org offers no events of the type {} to hooks; runs find what these would tell",
                part.concat()
            )),
        }
    }
    Ok(hook)
}

/// Has Okta send its challenge to the address. [`ErrorCode::ValidationFailed`] if the answer is not to its liking.
pub async fn verify(client: &OktaClient, id: &str) -> Result<EventHook> {
    lifecycle(client, id, "verify").await.map_err(unanswered)
}

/// Removes a hook; Okta deletes only one that is switched off. One that is gone already is removed.
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

/// What to do where Okta does not take a hook.
fn not_taken(error: Error) -> Error {
    match error.code() {
        ErrorCode::ValidationFailed => error.hint(
            "Okta does not take the hook: it takes https addresses only, and an org has room for 25 hooks that deliver. \
             Remove one that nobody needs in Okta's Admin Console under Workflow, Event Hooks, and try again.",
        ),
        _ => error,
    }
}

/// What to do where Okta's challenge was not answered to its liking.
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

/// What to do by hand where only reading hooks is allowed.
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

    /// An org with these hooks, which answers changes with ours.
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
