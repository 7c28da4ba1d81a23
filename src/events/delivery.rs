//! What Okta posts to the address of an event hook: a batch of entries (Okta "Event hooks"). Pure.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::events::entry::{identity, read_log_entry};
use crate::model::Event;

/// One delivery. Okta may repeat it, and merges events that happen together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Okta's id of the delivery; a digest of the body if Okta gives no id.
    pub delivery_id: String,
    /// The events that can be read, in the order of the delivery, also events of unknown types.
    pub events: Vec<Event>,
    /// How many entries cannot be read at all.
    pub unreadable: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(borrow)]
    event_id: Option<&'a RawValue>,
    // As a page of Okta's older documentation writes it.
    #[serde(rename = "eventID")]
    older_event_id: Option<&'a RawValue>,
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    events: Option<Vec<&'a RawValue>>,
}

/// Reads the body of a delivery. Fails if the body is not a delivery, or was cut off. Only ids are read, which are
/// ASCII, so names that a gateway wrote in another character set do no harm.
pub fn read_delivery(body: &[u8]) -> Result<Delivery> {
    let text = String::from_utf8_lossy(body);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let read: Body<'_> = serde_json::from_str(text).map_err(|_| no_delivery("it is not a JSON object"))?;
    let data = read
        .data
        .and_then(|json| serde_json::from_str::<Data<'_>>(json.get()).ok());
    let entries = data.and_then(|data| data.events);
    let entries = entries.ok_or_else(|| no_delivery("it has no list data.events"))?;
    let events: Vec<Event> = entries.iter().copied().filter_map(read_log_entry).collect();
    Ok(Delivery {
        delivery_id: identity(read.event_id.or(read.older_event_id), body),
        unreadable: entries.len() - events.len(),
        events,
    })
}

/// The body is not shown: it names people.
fn no_delivery(why: &str) -> Error {
    let what = format!("The body is no delivery of an Okta event hook: {why}.");
    Error::with_message(ErrorCode::InvalidArgument, what)
}
