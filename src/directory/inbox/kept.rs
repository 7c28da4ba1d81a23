//! A delivery in the form that a file keeps until the delivery is added to the inbox. It contains ids and no other data
//! about people.

use serde::{Deserialize, Serialize};

use crate::model::Event;

/// A delivery and its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDelivery {
    /// Okta's id of the delivery. Only earlier versions of the engine read it.
    pub delivery: String,
    /// Its events.
    pub events: Vec<Event>,
}

impl KeptDelivery {
    /// The bytes to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts, numbers and lists of them can always be written as JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads the bytes. None if they are not a delivery, because the disk damaged them or another version of the engine
    /// wrote them.
    pub fn from_bytes(bytes: &[u8]) -> Option<KeptDelivery> {
        serde_json::from_slice(bytes).ok()
    }
}
