//! How far the groups were read: the unfinished listing, when it began, and how far earlier listings reached.

use rusqlite::{Connection, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::statement::statement;

/// What a pass lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Nothing, because the listing of this pass has ended.
    Ended,
    /// Every group. A group that is not listed no longer exists.
    Whole,
    /// Only groups that changed after the watermark.
    Moved,
}

impl Listing {
    fn name(self) -> &'static str {
        match self {
            Listing::Ended => "ended",
            Listing::Whole => "whole",
            Listing::Moved => "moved",
        }
    }
}

/// How far the groups were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The number of the pass. Groups that it listed carry this number.
    pub number: i64,
    /// What the pass lists.
    pub listing: Listing,
    /// The cursor of the next page; none at the beginning of the listing.
    pub cursor: Option<String>,
    /// The settings that decided which groups are wanted.
    pub wanted: String,
    /// When a listing of all groups last ended; none if there was none.
    pub whole_listed: Option<UnixMillis>,
    /// Ended listings have seen every change up to this time.
    pub watermark: Option<UnixMillis>,
    /// Greatest `lastUpdated` or `lastMembershipUpdated` that this listing showed.
    pub seen: Option<UnixMillis>,
    /// When the listing began, by this machine's clock.
    pub began: Option<UnixMillis>,
    /// When the listing began, by Okta's clock; none if Okta's answer had no time.
    pub okta_began: Option<UnixMillis>,
}

statement!(
    PASS = "
    SELECT pass, listing, cursor, wanted, whole_listed, watermark, seen, began, okta_began
      FROM group_sync"
);

statement!(
    BEGIN = "
    UPDATE group_sync
       SET pass = pass + 1, listing = :listing, cursor = NULL, wanted = :wanted, seen = NULL,
           began = :began, okta_began = :okta_began"
);

statement!(GO_ON = "
    UPDATE group_sync
       SET cursor = :cursor, seen = CASE WHEN coalesce(seen, 0) >= coalesce(:seen, 0) THEN seen ELSE :seen END");

statement!(
    END = "
    UPDATE group_sync
       SET whole_listed = CASE listing WHEN 'whole' THEN :at ELSE whole_listed END,
           listing = 'ended', cursor = NULL, watermark = :watermark"
);

statement!(LIST_ALL_AGAIN = "UPDATE group_sync SET whole_listed = NULL");

/// How far the reading of groups has come.
pub fn pass(conn: &Connection) -> Result<Pass> {
    Ok(conn.prepare_cached(PASS)?.query_row([], |row| {
        let listing: String = row.get(1)?;
        Ok(Pass {
            number: row.get(0)?,
            listing: match listing.as_str() {
                "whole" => Listing::Whole,
                "moved" => Listing::Moved,
                _ => Listing::Ended,
            },
            cursor: row.get(2)?,
            wanted: row.get(3)?,
            whole_listed: row.get(4)?,
            watermark: row.get(5)?,
            seen: row.get(6)?,
            began: row.get(7)?,
            okta_began: row.get(8)?,
        })
    })?)
}

/// Begins a listing at `now`; `okta_now` is the same moment by Okta's clock.
pub fn begin(
    tx: &Transaction<'_>,
    listing: Listing,
    wanted: &str,
    now: UnixMillis,
    okta_now: Option<UnixMillis>,
) -> Result<()> {
    tx.prepare_cached(BEGIN)?.execute(named_params! {
        ":listing": listing.name(),
        ":wanted": wanted,
        ":began": now,
        ":okta_began": okta_now,
    })?;
    Ok(())
}

/// Stores the cursor of the next page, and the greatest time of a page.
pub(super) fn go_on(tx: &Transaction<'_>, seen: Option<UnixMillis>, cursor: Option<&str>) -> Result<()> {
    tx.prepare_cached(GO_ON)?
        .execute(named_params! { ":cursor": cursor, ":seen": seen })?;
    Ok(())
}

/// Ends the listing, which has seen every change up to `watermark`.
pub fn end(tx: &Transaction<'_>, at: UnixMillis, watermark: Option<UnixMillis>) -> Result<()> {
    let parameters = named_params! { ":at": at, ":watermark": watermark };
    match tx.prepare_cached(END)?.execute(parameters)? {
        1 => Ok(()),
        _ => Err(Error::about(
            ErrorCode::DirectoryCorrupt,
            "the state of reading groups is gone",
        )),
    }
}

/// Makes the next listing show every group, however old its last change is.
pub fn list_all_again(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(LIST_ALL_AGAIN)?.execute([])?;
    Ok(())
}
