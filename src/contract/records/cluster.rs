//! What publishing and following did, by name.

use super::names::{NamedForm, NamedRecord, value};
use crate::contract::page::Page;
use crate::model::{Followed, SharedPublication};

use NamedForm::{Number, Text};

/// What was published for the other nodes.
pub static PUBLICATION: NamedRecord<SharedPublication> = NamedRecord {
    java: "Publication",
    about: "What was published for the other nodes of a cluster.",
    values: &[
        value(
            "published",
            Text,
            "nothing, increment, base, or newer if a newer engine publishes there.",
            |of| of.published.name().into(),
        ),
        value(
            "rows",
            Number,
            "Rows that changed since the state before; 0 if they are not known.",
            |of| of.rows.into(),
        ),
        value(
            "bytes",
            Number,
            "Bytes that were written to the shared folder.",
            |of| of.bytes.into(),
        ),
    ],
};

/// What following the other nodes did.
pub static FOLLOWED: NamedRecord<Followed> = NamedRecord {
    java: "Followed",
    about: "What following the other nodes of a cluster did.",
    values: &[
        value(
            "following",
            Text,
            "nothing was published, current already, increments, base, or newer if only a newer engine can follow.",
            |of| of.following.name().into(),
        ),
        value(
            "state",
            Text,
            "The state that the directory is at; empty if there is none.",
            |of| (&of.state).into(),
        ),
        value(
            "note",
            Text,
            "What the publisher of the state said of it.",
            |of| (&of.note).into(),
        ),
    ],
};

/// What was published.
pub fn publication(publication: &SharedPublication) -> Page {
    PUBLICATION.page(publication)
}

/// What following did.
pub fn followed(followed: &Followed) -> Page {
    FOLLOWED.page(followed)
}
