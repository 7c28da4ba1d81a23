//! The lineage: the published state of this directory, which is the one that it last published or took over.
//!
//! A state has a random identity and not a number. So a shared folder that was restored from a backup is recognised,
//! because it names another state. Two phases make a publication safe against kills: first the directory notes the
//! state that it is about to publish; it is at that state only when the shared folder names it.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::state_sum::StateSum;
use crate::contract::errors::{Error, Result};
use crate::directory::store::migrations::SCHEMA_VERSION;
use crate::directory::store::statement::statement;

/// The identity of a published state, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StateId(String);

impl StateId {
    /// 96 random bits: no two states of a cluster ever have the same.
    pub(super) const DIGITS: usize = 24;

    /// A new random identity.
    pub(super) fn new() -> StateId {
        let bits = fastrand::u128(..) >> 32;
        StateId(format!("{bits:0width$x}", width = StateId::DIGITS))
    }

    /// Decodes a text from a file; none if it is not an identity. It is checked because it becomes part of a file name.
    pub(super) fn of(text: &str) -> Option<StateId> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (text.len() == StateId::DIGITS && digits).then(|| StateId(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the directory knows about its published state.
#[derive(Clone, Debug)]
pub(super) struct Lineage {
    /// None before the first published state.
    pub(super) state: Option<StateId>,
    pub(super) sum: StateSum,
    /// The note of the publisher's host.
    pub(super) note: String,
    /// The state that was about to be published. The recorded changes are those since then.
    pub(super) pending: Option<StateId>,
    /// The schema version while these changes were recorded.
    schema: u32,
}

statement!(READ = "SELECT schema, state, sum, note, pending FROM lineage WHERE one = 1");

statement!(
    WRITE = "
    INSERT INTO lineage (one, schema, state, sum, note, pending)
    VALUES (1, :schema, :state, :sum, :note, :pending)
    ON CONFLICT (one) DO UPDATE SET schema = :schema, state = :state, sum = :sum, note = :note, pending = :pending"
);

impl Lineage {
    /// The lineage of the directory; none if it never was in a cluster.
    pub(super) fn read(conn: &Connection) -> Result<Option<Lineage>> {
        let found = conn.prepare_cached(READ)?.query_row([], |row| {
            let state: String = row.get(1)?;
            let pending: String = row.get(4)?;
            Ok(Lineage {
                schema: row.get(0)?,
                state: StateId::of(&state),
                sum: StateSum::from_bytes(&row.get(2)?),
                note: row.get(3)?,
                pending: StateId::of(&pending),
            })
        });
        Ok(found.optional()?)
    }

    /// Whether every change since the state is recorded.
    pub(super) fn is_exact(&self) -> bool {
        self.pending.is_none() && self.schema == SCHEMA_VERSION
    }

    /// Notes that `next` is about to be published. Changes that are recorded from now on are changes after `next`.
    pub(super) fn announce(earlier: Option<Lineage>, next: &StateId, writer: &Connection) -> Result<()> {
        let earlier = earlier.unwrap_or_else(|| Lineage {
            state: None,
            sum: StateSum::default(),
            note: String::new(),
            pending: None,
            schema: SCHEMA_VERSION,
        });
        write(
            writer,
            &Lineage {
                pending: Some(next.clone()),
                ..earlier
            },
        )
    }

    /// Notes that the directory is at a state.
    pub(super) fn reach(state: &StateId, sum: StateSum, note: &str, writer: &Connection) -> Result<()> {
        let here = Lineage {
            state: Some(state.clone()),
            sum,
            note: note.to_owned(),
            pending: None,
            schema: SCHEMA_VERSION,
        };
        write(writer, &here)
    }
}

fn write(writer: &Connection, lineage: &Lineage) -> Result<()> {
    let text = |state: &Option<StateId>| state.as_ref().map_or(String::new(), |state| state.0.clone());
    writer.prepare_cached(WRITE)?.execute(named_params! {
        ":schema": lineage.schema,
        ":state": text(&lineage.state),
        ":sum": lineage.sum.to_bytes(),
        ":note": lineage.note,
        ":pending": text(&lineage.pending),
    })?;
    Ok(())
}

/// A hash or a sum as files contain it: base64url without padding, which is a third shorter than hexadecimal digits.
pub(super) fn text_of(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The 32 bytes of such a text.
pub(super) fn bytes_of(text: &str) -> Result<[u8; 32]> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| Error::internal("a sum is not 32 bytes in base64url"))
}
