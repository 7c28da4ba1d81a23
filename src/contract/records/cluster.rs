//! The results of publishing to other nodes and of following them, by name.

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
            "How many rows changed since the state before; 0 if unknown.",
            |of| of.rows.into(),
        ),
        value(
            "bytes",
            Number,
            "How many bytes were written to the shared folder.",
            |of| of.bytes.into(),
        ),
    ],
};

/// The result of following the other nodes.
pub static FOLLOWED: NamedRecord<Followed> = NamedRecord {
    java: "Followed",
    about: "The result of following the other nodes of a cluster.",
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
        value("note", Text, "The note of the publisher of this state.", |of| {
            (&of.note).into()
        }),
    ],
};

/// The result of publishing.
pub fn publication(publication: &SharedPublication) -> Page {
    PUBLICATION.page(publication)
}

/// The result of following.
pub fn followed(followed: &Followed) -> Page {
    FOLLOWED.page(followed)
}
