//! The parsers of Okta's answers, for the fuzz targets.

use std::time::Duration;

use crate::http::{Headers, Response};
use crate::model::AttributeFilter;
use crate::okta::client::object::Object;
use crate::okta::client::{api_error, challenge, mended};
use crate::okta::{groups, schemas, users};

pub(crate) fn answer(kind: u8, body: &[u8]) {
    let mut body = body.to_vec();
    let was_sound = serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok();
    mended::mend(&mut body);
    let is_sound = serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok();
    assert!(is_sound || !was_sound, "mending broke a sound body");
    match kind % 6 {
        0 => read_users(&body),
        1 => drop(groups::decode(&body)),
        2 => drop(schemas::decode(&body)),
        3 => drop(schemas::user_types::decode(&body)),
        4 => drop(Object::list(&body, "user").map(|list| list.iter().map(|user| user.id("user")).count())),
        _ => {
            let response = Response {
                status: 400 + u16::from(kind),
                headers: Headers::new(),
                body,
            };
            drop(api_error::from_response(&response, Duration::from_secs(60)));
        }
    }
}

/// What was read as a user can be read by every strict reader.
fn read_users(body: &[u8]) {
    let Ok(rows) = users::decode(body, &AttributeFilter::default()) else {
        return;
    };
    for user in rows.items {
        let profile = serde_json::from_str::<serde_json::Value>(user.profile.as_json());
        assert!(profile.is_ok(), "a profile that a strict reader refuses");
    }
}

pub(crate) fn challenge(text: &str) {
    let headers: Headers = text.lines().map(|line| ("www-authenticate", line)).collect();
    for found in challenge::challenges(&headers) {
        drop(found.get("scope"));
    }
}
