//! A delivery as it is kept in a file until it is taken in: ids only, and nothing else that Okta wrote of people.

use serde::{Deserialize, Serialize};

use crate::model::Event;

/// What a delivery told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDelivery {
    /// Okta's id of the delivery.
    pub delivery: String,
    /// Its events.
    pub events: Vec<Event>,
}

impl KeptDelivery {
    /// The bytes to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Texts, numbers and lists of them can always be written.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What was kept; none if a fault of the disk, or another version of the engine, wrote it.
    pub fn from_bytes(bytes: &[u8]) -> Option<KeptDelivery> {
        serde_json::from_slice(bytes).ok()
    }
}
