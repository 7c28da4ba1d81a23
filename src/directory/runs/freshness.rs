//! The one row that says what complete runs have read, and from which time the next delta run reads.
//!
//! Only the transaction that publishes a run changes it, so it never claims more than readers can see.

use rusqlite::{Connection, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::directory::store::statement::statement;
use crate::directory::store::values::{Count, LossyText};

/// What complete runs have read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// When the last complete full run finished, by the host's clock; none before the first.
    pub last_full: Option<UnixMillis>,
    /// When the last complete delta run finished, by the host's clock; none before the first.
    pub last_delta: Option<UnixMillis>,
    /// The number of users present after the last complete run.
    pub present: u64,
    /// The settings that decided what the last full run stored, in the sync's own form.
    pub kept: String,
    /// The address at which the last full run asked the org for its id; empty before the first.
    pub org_url: String,
    /// Further addresses of the org, from its answer at that time.
    pub alternates: Vec<String>,
    /// How far changes were read; none if that is unknown.
    pub watermark: Option<Watermark>,
}

/// How far the complete runs have read, by Okta's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watermark {
    /// The greatest `lastUpdated` that a complete run saw.
    pub greatest: UnixMillis,
    /// When the first run that saw it had ended.
    pub first_seen: UnixMillis,
    /// The time from which the next delta run must read, so that it misses nothing.
    pub next_from: UnixMillis,
}

statement!(
    GET = "
    SELECT last_full, last_delta, present, kept, org_url, alternates, greatest, first_seen, next_from
      FROM freshness"
);

statement!(
    SET = "
    UPDATE freshness
       SET last_full = :last_full, last_delta = :last_delta, present = :present, kept = :kept,
           org_url = :org_url, alternates = :alternates,
           greatest = :greatest, first_seen = :first_seen, next_from = :next_from"
);

statement!(DOUBT = "UPDATE freshness SET org_url = '', greatest = NULL, first_seen = NULL, next_from = NULL");

/// Reads the row.
pub fn get(conn: &Connection) -> Result<Freshness> {
    let mut statement = conn.prepare_cached(GET)?;
    let (mut found, alternates) = statement.query_row([], |row| {
        let watermark = match (row.get(6)?, row.get(7)?, row.get(8)?) {
            (Some(greatest), Some(first_seen), Some(next_from)) => Some(Watermark {
                greatest,
                first_seen,
                next_from,
            }),
            _ => None,
        };
        let found = Freshness {
            last_full: row.get(0)?,
            last_delta: row.get(1)?,
            present: row.get::<_, Count>(2)?.0,
            kept: row.get(3)?,
            org_url: row.get(4)?,
            alternates: Vec::new(),
            watermark,
        };
        Ok((found, row.get::<_, LossyText>(5)?.0))
    })?;
    // Damaged addresses are ignored; the next run asks for them again.
    found.alternates = serde_json::from_str(&alternates).unwrap_or_default();
    Ok(found)
}

/// Deletes the watermark and the org's address. The next run then asks which org answers, and reads every user.
pub fn doubt(tx: &Transaction<'_>) -> Result<()> {
    tx.execute(DOUBT, [])?;
    Ok(())
}

/// Writes the row.
pub fn set(tx: &Transaction<'_>, freshness: &Freshness) -> Result<()> {
    let alternates = serde_json::to_string(&freshness.alternates)
        .map_err(|_| Error::internal("the addresses of the org are not JSON"))?;
    let watermark = freshness.watermark;
    tx.prepare_cached(SET)?.execute(named_params! {
        ":last_full": freshness.last_full,
        ":last_delta": freshness.last_delta,
        ":present": Count(freshness.present),
        ":kept": freshness.kept,
        ":org_url": freshness.org_url,
        ":alternates": alternates,
        ":greatest": watermark.map(|watermark| watermark.greatest),
        ":first_seen": watermark.map(|watermark| watermark.first_seen),
        ":next_from": watermark.map(|watermark| watermark.next_from),
    })?;
    Ok(())
}
