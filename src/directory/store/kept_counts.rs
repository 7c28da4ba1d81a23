//! The number of users of each kind. The counts are stored and change together with the rows, so that no reader has to
//! count.
//!
//! A matching or a run that reads everybody writes its own counts. A smaller change adds its difference. The integrity
//! check compares the counts with the rows.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::lossy;

statement!(KEPT = "SELECT kind, name, users FROM kept_counts");
statement!(COUNTED, reads every row = "SELECT kind, name, users FROM counted");
statement!(
    KEEP = "
    INSERT INTO kept_counts (kind, name, users) VALUES (?1, ?2, ?3)
        ON CONFLICT DO UPDATE SET users = excluded.users"
);
statement!(FORGET = "DELETE FROM kept_counts WHERE kind = ?1 AND name = ?2");

/// The kind of counts of present Okta users by status.
pub(in crate::directory) const STATUS: &str = "status";
/// The kind of Okta users that are alone.
pub(in crate::directory) const OKTA_ONLY: &str = "okta_only";

/// Numbers of users, or differences of such numbers, by kind and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::directory) struct Counts(BTreeMap<(String, String), i64>);

impl Counts {
    pub(in crate::directory) fn add(&mut self, kind: &str, name: &str, by: i64) {
        *self.0.entry((kind.to_owned(), name.to_owned())).or_default() += by;
    }

    pub(in crate::directory) fn get(&self, kind: &str, name: &str) -> u64 {
        self.of(kind)
            .find(|(other, _)| *other == name)
            .map_or(0, |(_, users)| users)
    }

    /// Names and numbers of one kind.
    pub(in crate::directory) fn of(&self, kind: &str) -> impl Iterator<Item = (&str, u64)> {
        let of_kind = self.0.iter().filter(move |((other, _), _)| other == kind);
        of_kind.map(|((_, name), users)| (name.as_str(), u64::try_from(*users).unwrap_or(0)))
    }
}

/// The counts as they are stored.
pub(in crate::directory) fn kept(conn: &Connection) -> Result<Counts> {
    read(conn, KEPT)
}

/// Replaces the counts of some kinds.
pub(in crate::directory) fn replace(tx: &Transaction<'_>, kinds: &[&str], counts: Counts) -> Result<()> {
    let before = kept(tx)?;
    let mut after = before.clone();
    after.0.retain(|(kind, _), _| !kinds.contains(&kind.as_str()));
    after.0.extend(counts.0);
    write(tx, &before, &after)
}

/// Adds differences to the stored counts.
pub(in crate::directory) fn change(tx: &Transaction<'_>, differences: &Counts) -> Result<()> {
    let before = kept(tx)?;
    let mut after = before.clone();
    for ((kind, name), by) in &differences.0 {
        after.add(kind, name, *by);
    }
    if after.0.values().any(|users| *users < 0) {
        // A negative count means that the disk or another program has changed the file, so the rows are counted again.
        after = read(tx, COUNTED)?;
    }
    write(tx, &before, &after)
}

fn read(conn: &Connection, sql: &str) -> Result<Counts> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut counts = Counts::default();
    while let Some(row) = rows.next()? {
        counts.add(&lossy(row, 0)?, &lossy(row, 1)?, row.get(2)?);
    }
    Ok(counts)
}

/// Writes the counts that differ. A count of 0 has no row.
fn write(tx: &Transaction<'_>, before: &Counts, after: &Counts) -> Result<()> {
    let is_there = |counts: &Counts, key| counts.0.get(key).is_some_and(|users| *users != 0);
    for (kind, name) in before.0.keys().filter(|key| !is_there(after, key)) {
        tx.prepare_cached(FORGET)?.execute((kind, name))?;
    }
    for (key, users) in &after.0 {
        if *users != 0 && before.0.get(key) != Some(users) {
            tx.prepare_cached(KEEP)?.execute((&key.0, &key.1, users))?;
        }
    }
    Ok(())
}
