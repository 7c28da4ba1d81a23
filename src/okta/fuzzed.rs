//! Entry points of the fuzz targets: the parsers of Okta's answers, and of the addresses that people type.

use std::time::Duration;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use url::{Host, Url};

use crate::contract::settings::Settings;
use crate::http::rate_limit::RateHeaders;
use crate::http::{Headers, Response};
use crate::model::AttributeFilter;
use crate::okta::client::object::Object;
use crate::okta::client::page::next_link;
use crate::okta::client::{api_error, challenge, mended};
use crate::okta::{
    Answer, Cursor, OrgUrl, check_reach, event_hooks, groups, organization, schemas, system_log, users,
};

/// Every status that has a meaning of its own, and one that has none.
const REFUSALS: [u16; 12] = [400, 401, 403, 404, 405, 409, 418, 429, 500, 501, 503, 504];
/// No wait that is granted may be longer.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

pub(crate) fn answer(kind: u8, body: &[u8]) {
    let mut body = body.to_vec();
    let was_sound = serde_json::from_slice::<IgnoredAny>(&body).is_ok();
    mended::mend(&mut body);
    let is_sound = serde_json::from_slice::<IgnoredAny>(&body).is_ok();
    assert!(is_sound || !was_sound, "mending broke a sound body");
    match kind % 8 {
        0 => read_users(&body),
        1 => drop(groups::decode(&body)),
        2 => drop(schemas::decode(&body)),
        3 => drop(schemas::user_types::decode(&body)),
        4 => drop(
            Object::list(&body, "user").map(|list| list.into_iter().map(|user| user?.id("user")).count()),
        ),
        6 => drop(event_hooks::decode(&body)),
        7 => read_organization(&body),
        _ => {
            let response = Response {
                status: REFUSALS[usize::from(kind / 8) % REFUSALS.len()],
                headers: Headers::new(),
                body,
            };
            drop(api_error::from_response(&response, LONGEST_WAIT));
        }
    }
}

/// The rows of a page of the System Log, undecoded.
pub(crate) fn log_rows(body: &[u8]) -> Vec<Box<RawValue>> {
    let mut body = body.to_vec();
    mended::mend(&mut body);
    system_log::decode(&body).unwrap_or_default()
}

/// Checks that a strict reader can read every user that was accepted.
fn read_users(body: &[u8]) {
    let Ok(rows) = users::decode(body, &AttributeFilter::default()) else {
        return;
    };
    for user in rows.items {
        let profile = serde_json::from_str::<serde_json::Value>(user.profile.as_json());
        assert!(profile.is_ok(), "a profile that a strict reader refuses");
    }
}

fn read_organization(body: &[u8]) {
    let Some(found) = organization::decode(body) else {
        return;
    };
    assert!(found.id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
}

pub(crate) fn challenge(text: &str) {
    let headers: Headers = text.lines().map(|line| ("www-authenticate", line)).collect();
    for found in challenge::challenges(&headers) {
        let _ = found.get("scope");
    }
}

/// `text` holds the requested page in its first line and the link of the answer in its second. An accepted link
/// must lead to a page of the same listing on the same org.
pub(crate) fn next_page(text: &str) {
    let (current, link) = text.split_once('\n').unwrap_or(("/api/v1/users?limit=1", text));
    let (Ok(current), Ok((org, _))) = (
        current.parse::<Cursor>(),
        OrgUrl::parse("https://example.okta.com"),
    ) else {
        return;
    };
    let headers: Headers = link.lines().map(|line| ("link", line)).collect();
    let answer = Answer {
        body: (),
        rate: RateHeaders::parse(&headers),
        headers,
        date: None,
        url: org.url().clone(),
        latency: Duration::ZERO,
    };
    if let Ok(Some((current, next))) = next_link(&org, &current, &answer, &["after", "limit"]) {
        assert_eq!(next.origin(), org.url().origin());
        assert_eq!(next.path(), current.path());
        let kept = Cursor::of_url(&next);
        assert_eq!(
            kept.as_str().parse::<Cursor>().ok().as_ref(),
            Some(&kept),
            "a place that cannot be stored"
        );
    }
}

/// Checks that an accepted address names a host on the internet, in whatever way it is written.
pub(crate) fn org_url(text: &str) {
    let Ok((org, _)) = OrgUrl::parse(text) else {
        return;
    };
    let again = OrgUrl::parse(org.base()).map(|(org, _)| org.base().to_owned());
    assert_eq!(
        again.ok().as_deref(),
        Some(org.base()),
        "cleaning it twice changes it"
    );
    let mut settings = Settings::default();
    let of_servers = settings.set("okta.internal_addresses", "none").is_ok();
    if of_servers && check_reach(org.url(), &settings).is_ok() {
        assert_outside(org.url());
        assert_eq!(org.url().scheme(), "https");
    }
}

fn assert_outside(url: &Url) {
    let is_outside = match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.').rsplit('.').next() != Some("localhost"),
        Some(Host::Ipv4(address)) => {
            !(address.is_loopback() || address.is_private() || address.is_link_local())
        }
        Some(Host::Ipv6(address)) => {
            let gateway = address.segments()[0] == 0x64 || address.to_ipv4_mapped().is_some();
            gateway || address.segments()[0] & 0xE000 == 0x2000
        }
        None => false,
    };
    assert!(is_outside, "an internal address was accepted");
}
