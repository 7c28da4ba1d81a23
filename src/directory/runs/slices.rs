//! The slices of the unfinished run, and the committed pages of each slice.
//!
//! A page, its users and the cursor of the next page are committed together. An ended slice accepts no further page, so
//! a listing cannot end twice.

use rusqlite::{Connection, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::directory::users::user_set::UserSet;
use crate::model::RunId;

/// One listing of a run, and how far it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceRow {
    /// The number of the slice within the run, from 0.
    pub slice: i64,
    /// The query for Okta, in the sync's own form.
    pub query: String,
    /// The cursor of the next page; none before the first page and after the last one.
    pub cursor: Option<String>,
    /// Whether Okta said that there is no further page.
    pub ended: bool,
    /// How many pages were committed since the slice began or was restarted.
    pub pages: u64,
}

/// A page that is about to be committed.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageRow<'a> {
    /// The cursor that fetched this page; empty for the first page.
    pub cursor_used: &'a str,
    /// The cursor of the next page; none ends the slice.
    pub next: Option<&'a str>,
    /// How many rows Okta sent.
    pub users: u64,
    /// The published users on the page, by number. Users that the run itself inserted are not listed.
    pub seen: &'a [i64],
    /// How many different users the run has seen so far, including this page.
    pub seen_so_far: u64,
    /// How many rows of this page are not wanted.
    pub passed_over: u64,
    /// The greatest `lastUpdated` on the page.
    pub watermark: Option<UnixMillis>,
}

statement!(
    SLICES = "
    SELECT slice, query, cursor, ended, pages
      FROM sync_slices
     WHERE run = ?1
     ORDER BY slice"
);

// ON DELETE CASCADE also deletes the pages of a slice.
statement!(FORGET = "DELETE FROM sync_slices WHERE run = ?1");

statement!(ADD_SLICE = "INSERT INTO sync_slices (run, slice, query) VALUES (?1, ?2, ?3)");

statement!(
    COUNT_SLICES = "
    UPDATE sync_runs
       SET slices = (SELECT count(*) FROM sync_slices WHERE sync_slices.run = ?1),
           slices_ended = (SELECT count(*) FROM sync_slices WHERE sync_slices.run = ?1 AND ended = 1)
     WHERE run = ?1"
);

// An ended slice is not narrowed, because it has listed everything already.
statement!(NARROW = "UPDATE sync_slices SET query = ?3 WHERE run = ?1 AND slice = ?2 AND ended = 0");

statement!(
    RESTART = "
    UPDATE sync_slices
       SET cursor = NULL, ended = 0, pages = 0
     WHERE run = ?1 AND slice = ?2"
);

statement!(FORGET_PAGES = "DELETE FROM sync_pages WHERE run = ?1 AND slice = ?2");

statement!(
    ADVANCE = "
    UPDATE sync_slices
       SET cursor = :next, ended = (:next IS NULL), pages = pages + 1
     WHERE run = :run AND slice = :slice AND ended = 0
    RETURNING pages, ended"
);

statement!(
    ADD_PAGE = "
    INSERT INTO sync_pages (run, slice, page, cursor, users, seen)
    VALUES (:run, :slice, :page, :cursor, :users, :seen)"
);

// A row counts as repeated if its user was seen before and the row is wanted.
statement!(COUNT_PAGE = "
    UPDATE sync_runs
       SET pages = pages + 1, slices_ended = slices_ended + :ended,
           seen = :seen_so_far, repeated = repeated + seen + :users - :passed_over - :seen_so_far,
           passed_over = passed_over + :passed_over,
           watermark = CASE WHEN watermark >= :watermark THEN watermark ELSE coalesce(:watermark, watermark) END
     WHERE run = :run");

statement!(
    CURSORS_USED = "
    SELECT cursor
      FROM sync_pages
     WHERE run = ?1 AND slice = ?2
     ORDER BY page"
);

statement!(SEEN = "SELECT seen FROM sync_pages WHERE run = ?1");

/// The slices of a run in order; empty if the run is over.
pub fn slices(conn: &Connection, run: RunId) -> Result<Vec<SliceRow>> {
    let mut statement = conn.prepare_cached(SLICES)?;
    let rows = statement.query_map([run], |row| {
        Ok(SliceRow {
            slice: row.get(0)?,
            query: row.get(1)?,
            cursor: row.get(2)?,
            ended: row.get(3)?,
            pages: row.get(4).map(|Count(pages)| pages)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The number for the next slice of a run.
pub fn next_slice(conn: &Connection, run: RunId) -> Result<i64> {
    let slices = slices(conn, run)?;
    Ok(slices.iter().map(|slice| slice.slice + 1).max().unwrap_or(0))
}

/// Replaces the slices of a run with new ones, numbered from 0. The old slices and their pages are deleted.
pub fn replace_slices(tx: &Transaction<'_>, run: RunId, queries: &[String]) -> Result<()> {
    forget(tx, run)?;
    let mut add = tx.prepare_cached(ADD_SLICE)?;
    for (slice, query) in (0_i64..).zip(queries) {
        add.execute((run, slice, query))?;
    }
    tx.prepare_cached(COUNT_SLICES)?.execute([run])?;
    Ok(())
}

/// Narrows the query of a slice that has not ended. The slice continues after its cursor.
pub fn narrow_slice(tx: &Transaction<'_>, run: RunId, slice: i64, query: &str) -> Result<()> {
    match tx.prepare_cached(NARROW)?.execute((run, slice, query))? {
        1 => Ok(()),
        _ => Err(Error::internal(
            "a slice to be narrowed has ended or does not exist",
        )),
    }
}

/// Adds a slice to a run. The number must be new.
pub fn add_slice(tx: &Transaction<'_>, run: RunId, slice: i64, query: &str) -> Result<()> {
    tx.prepare_cached(ADD_SLICE)?.execute((run, slice, query))?;
    tx.prepare_cached(COUNT_SLICES)?.execute([run])?;
    Ok(())
}

/// Sets a slice back to its beginning and deletes its pages. The users on these pages stay as they are.
pub fn restart_slice(tx: &Transaction<'_>, run: RunId, slice: i64) -> Result<()> {
    tx.prepare_cached(FORGET_PAGES)?.execute((run, slice))?;
    tx.prepare_cached(RESTART)?.execute((run, slice))?;
    tx.prepare_cached(COUNT_SLICES)?.execute([run])?;
    Ok(())
}

/// Commits a page: the slice gets the next cursor or ends, and the page is added to the counters of the run.
pub fn commit_page(tx: &Transaction<'_>, run: RunId, slice: i64, page: PageRow<'_>) -> Result<()> {
    let advance = named_params! { ":run": run, ":slice": slice, ":next": page.next };
    let mut statement = tx.prepare_cached(ADVANCE)?;
    let mut advanced =
        statement.query_map(advance, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)))?;
    let Some((number, ended)) = advanced.next().transpose()? else {
        return Err(Error::internal(
            "a page for a slice that has ended or does not exist",
        ));
    };
    drop(advanced);
    tx.prepare_cached(ADD_PAGE)?.execute(named_params! {
        ":run": run,
        ":slice": slice,
        ":page": number,
        ":cursor": page.cursor_used,
        ":users": Count(page.users),
        ":seen": UserSet::encode(page.seen),
    })?;
    tx.prepare_cached(COUNT_PAGE)?.execute(named_params! {
        ":run": run,
        ":ended": ended,
        ":users": Count(page.users),
        ":seen_so_far": Count(page.seen_so_far),
        ":passed_over": Count(page.passed_over),
        ":watermark": page.watermark,
    })?;
    Ok(())
}

/// The cursors that fetched the committed pages of a slice, in order. If Okta returns one of them again, the listing
/// would never end.
pub fn cursors_used(conn: &Connection, run: RunId, slice: i64) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(CURSORS_USED)?;
    let cursors = statement.query_map((run, slice), |row| row.get(0))?;
    Ok(cursors.collect::<rusqlite::Result<_>>()?)
}

/// The published users on the committed pages of a run.
pub fn seen(conn: &Connection, run: RunId) -> Result<UserSet> {
    let mut statement = conn.prepare_cached(SEEN)?;
    let mut rows = statement.query([run])?;
    let mut seen = UserSet::new();
    while let Some(row) = rows.next()? {
        seen.decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
    }
    Ok(seen)
}

/// Deletes the slices and pages of a run.
pub(super) fn forget(tx: &Transaction<'_>, run: RunId) -> Result<()> {
    tx.prepare_cached(FORGET)?.execute([run])?;
    Ok(())
}
