//! What Okta lists: writing groups page by page, and what to do with those it no longer lists.

use rusqlite::{Connection, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::directory::values::Count;
use crate::error::{Error, ErrorCode, Result};
use crate::model::Group;

/// What a pass lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Nothing: the listing of this pass has ended.
    Ended,
    /// Every group, so that one which is not listed is gone.
    Whole,
    /// Only groups that moved since the watermark.
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

/// How far reading the groups is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Its number; groups that it listed carry it.
    pub number: i64,
    /// What it lists.
    pub listing: Listing,
    /// Where the listing goes on; none at its beginning.
    pub cursor: Option<String>,
    /// The settings it was asked by.
    pub wanted: String,
    /// When a listing of all groups last ended; none if none ever did.
    pub whole_listed: Option<UnixMillis>,
    /// Greatest `lastUpdated` or `lastMembershipUpdated` that ended listings showed.
    pub watermark: Option<UnixMillis>,
}

const PASS: &str = "SELECT pass, listing, cursor, wanted, whole_listed, watermark FROM group_sync";

const BEGIN: &str = "
    UPDATE group_sync
       SET pass = pass + 1, listing = :listing, cursor = NULL, wanted = :wanted, seen = watermark";

const GO_ON: &str = "
    UPDATE group_sync
       SET cursor = :cursor, seen = CASE WHEN coalesce(seen, 0) >= coalesce(:seen, 0) THEN seen ELSE :seen END";

const END: &str = "
    UPDATE group_sync
       SET whole_listed = CASE listing WHEN 'whole' THEN :at ELSE whole_listed END,
           listing = 'ended', cursor = NULL, watermark = seen";

const KNOWN: &str = "SELECT last_updated, last_membership_updated FROM groups WHERE okta_id = ?1";

// Groups of which nothing moved are only marked as listed; their members are not read again.
const UPSERT: &str = "
    INSERT INTO groups (okta_id, type, name, name_key, description, created, last_updated,
                        last_membership_updated, everyone, listed_pass, members_due, profile)
    VALUES (:okta_id, :type, :name, fold(:name), :description, :created, :last_updated,
            :last_membership_updated, :everyone, :pass, NOT :everyone, :profile)
        ON CONFLICT (okta_id) DO UPDATE
       SET type = excluded.type, name = excluded.name, name_key = excluded.name_key,
           description = excluded.description, created = excluded.created,
           last_updated = excluded.last_updated, last_membership_updated = excluded.last_membership_updated,
           everyone = excluded.everyone, listed_pass = excluded.listed_pass, profile = excluded.profile,
           members_due = NOT excluded.everyone
                         AND (members_due OR last_membership_updated IS NOT excluded.last_membership_updated),
           members_cursor = CASE WHEN last_membership_updated IS excluded.last_membership_updated
                                 THEN members_cursor END";

// Okta counts nobody: there is nothing to read.
const EMPTY: &str = "
    UPDATE groups
       SET members_due = 0, members_cursor = NULL, member_count = 0
     WHERE okta_id = ?1 AND everyone = 0 AND (members_due = 1 OR member_count IS NOT 0)";

const REMOVE_MEMBERS: &str = "
    DELETE FROM group_members WHERE group_no = (SELECT group_no FROM groups WHERE okta_id = ?1)";

const REMOVE: &str = "DELETE FROM groups WHERE okta_id = ?1";

const COUNT: &str = "SELECT count(*) FROM groups";

/// Statements that run for each group.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[KNOWN, EMPTY, REMOVE_MEMBERS, REMOVE];

/// How far reading the groups is.
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
        })
    })?)
}

/// Begins a listing.
pub fn begin(tx: &Transaction<'_>, listing: Listing, wanted: &str) -> Result<()> {
    tx.prepare_cached(BEGIN)?.execute(named_params! {
        ":listing": listing.name(),
        ":wanted": wanted,
    })?;
    Ok(())
}

/// What a page of a listing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageCounts {
    /// Groups new in the directory.
    pub added: u64,
    /// Groups whose own profile moved.
    pub updated: u64,
}

/// Writes the groups of a page and where the listing goes on.
pub fn commit_page(
    tx: &Transaction<'_>,
    pass: i64,
    groups: &[Group],
    seen: Option<UnixMillis>,
    cursor: Option<&str>,
) -> Result<PageCounts> {
    let mut counts = PageCounts::default();
    for group in groups {
        match last_updated(tx, &group.id)? {
            None => counts.added += 1,
            Some(before) if before != group.last_updated => counts.updated += 1,
            Some(_) => {}
        }
        upsert(tx, pass, group)?;
        if group.member_count == Some(0) && tx.prepare_cached(EMPTY)?.execute([&group.id])? > 0 {
            tx.prepare_cached(REMOVE_MEMBERS)?.execute([&group.id])?;
        }
    }
    tx.prepare_cached(GO_ON)?
        .execute(named_params! { ":cursor": cursor, ":seen": seen })?;
    Ok(counts)
}

fn last_updated(conn: &Connection, okta_id: &str) -> Result<Option<Option<UnixMillis>>> {
    let mut statement = conn.prepare_cached(KNOWN)?;
    let mut rows = statement.query([okta_id])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

fn upsert(tx: &Transaction<'_>, pass: i64, group: &Group) -> Result<()> {
    tx.prepare_cached(UPSERT)?.execute(named_params! {
        ":okta_id": group.id,
        ":type": group.kind,
        ":name": group.name,
        ":description": group.description,
        ":created": group.created,
        ":last_updated": group.last_updated,
        ":last_membership_updated": group.last_membership_updated,
        ":everyone": group.is_everyone(),
        ":pass": pass,
        ":profile": group.profile.as_json(),
    })?;
    Ok(())
}

/// The groups that `pass`, a listing of all groups, did not list; and how many groups the directory has.
pub fn unlisted(conn: &Connection, pass: i64) -> Result<(Vec<Group>, u64)> {
    let unlisted = super::look_up::not_of_pass(conn, pass)?;
    let Count(total) = conn.prepare_cached(COUNT)?.query_row([], |row| row.get(0))?;
    Ok((unlisted, total))
}

/// Removes groups with their members. Gives how many there were.
pub fn remove_unwanted(tx: &Transaction<'_>, okta_ids: &[String]) -> Result<u64> {
    let mut statement = tx.prepare_cached(REMOVE)?;
    let mut removed = 0;
    for id in okta_ids {
        removed += statement.execute([id])? as u64;
    }
    Ok(removed)
}

/// Ends the listing: what it showed is now the watermark.
pub fn end(tx: &Transaction<'_>, at: UnixMillis) -> Result<()> {
    match tx.prepare_cached(END)?.execute(named_params! { ":at": at })? {
        1 => Ok(()),
        _ => Err(Error::about(
            ErrorCode::DirectoryCorrupt,
            "the state of reading groups is gone",
        )),
    }
}
