//! Writes the groups that Okta lists, page by page, and removes those that it no longer lists.

use rusqlite::{Connection, Transaction, named_params};

use super::pass::go_on;
use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::model::Group;

statement!(
    KNOWN = "
    SELECT last_updated, last_membership_updated, listed_pass, member_count
      FROM groups
     WHERE okta_id = ?1"
);

// The members are read if they changed, or if Okta's number of members differs from the stored one. In all other cases
// an unfinished reading continues.
statement!(
    UPSERT = "
    INSERT INTO groups (okta_id, type, name, name_key, description, created, last_updated,
                        last_membership_updated, everyone, listed_pass, members_due, profile, okta_count)
    VALUES (:okta_id, :type, :name, fold(:name), :description, :created, :last_updated,
            :last_membership_updated, :everyone, :pass, NOT :everyone, :profile, :okta_count)
        ON CONFLICT (okta_id) DO UPDATE
       SET type = excluded.type, name = excluded.name, name_key = excluded.name_key,
           description = excluded.description, created = excluded.created,
           last_updated = excluded.last_updated, last_membership_updated = excluded.last_membership_updated,
           everyone = excluded.everyone, listed_pass = excluded.listed_pass, profile = excluded.profile,
           okta_count = excluded.okta_count,
           members_due = NOT excluded.everyone
                         AND (members_due OR last_membership_updated IS NOT excluded.last_membership_updated
                              OR member_count IS NULL
                              OR (excluded.okta_count IS NOT NULL
                                  AND excluded.okta_count <> member_count + difference)),
           members_cursor = CASE WHEN last_membership_updated IS excluded.last_membership_updated
                                  AND okta_count IS excluded.okta_count
                                 THEN members_cursor END"
);

// Okta reports no members and none are stored, so there is nothing to read now.
statement!(
    TAKE_AS_EMPTY = "
    UPDATE groups
       SET members_due = :again, due_from = :pass + 1, members_cursor = NULL, member_count = 0
     WHERE okta_id = :okta_id AND everyone = 0 AND member_count IS NULL"
);

statement!(REMOVE = "DELETE FROM groups WHERE okta_id = ?1");

statement!(COUNT = "SELECT count(*) FROM groups");

/// One page of a listing.
pub struct GroupsListed<'a> {
    /// The number of the pass.
    pub pass: i64,
    /// The groups on the page that are wanted.
    pub groups: &'a [Group],
    /// The greatest time on the page, including that of unwanted groups.
    pub seen: Option<UnixMillis>,
    /// The cursor of the next page; none at the end of the listing.
    pub next: Option<&'a str>,
}

/// The result of writing a page of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageCounts {
    /// Groups that this pass had not listed before.
    pub listed: u64,
    /// Groups that are new in the directory.
    pub added: u64,
    /// Groups whose own profile changed. Members do not count.
    pub updated: u64,
}

/// Writes the groups of a page and the cursor of the next one. If a group is listed twice, its newest row is used. A
/// new group without members in Okta is stored as empty and not read, unless `just_moved`.
pub fn commit_page(
    tx: &Transaction<'_>,
    page: &GroupsListed<'_>,
    just_moved: impl Fn(&Group) -> bool,
) -> Result<PageCounts> {
    let mut counts = PageCounts::default();
    for group in page.groups {
        let known = known(tx, &group.id)?;
        match &known {
            None => counts.added += 1,
            Some(known) if known.pass == page.pass && known.moved > moved(group) => continue,
            Some(known) if known.last_updated != group.last_updated => counts.updated += 1,
            Some(_) => {}
        }
        counts.listed += u64::from(known.as_ref().is_none_or(|known| known.pass != page.pass));
        upsert(tx, page.pass, group)?;
        if group.member_count == Some(0) && known.is_none_or(|known| known.never_read) {
            tx.prepare_cached(TAKE_AS_EMPTY)?.execute(named_params! {
                ":okta_id": group.id,
                ":pass": page.pass,
                ":again": just_moved(group),
            })?;
        }
    }
    go_on(tx, page.seen, page.next)?;
    Ok(counts)
}

/// A group as the directory stores it.
pub(super) struct StoredGroup {
    pub(super) last_updated: Option<UnixMillis>,
    moved: Option<UnixMillis>,
    pass: i64,
    never_read: bool,
}

pub(super) fn known(conn: &Connection, okta_id: &str) -> Result<Option<StoredGroup>> {
    let mut statement = conn.prepare_cached(KNOWN)?;
    let mut rows = statement.query([okta_id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let last_updated: Option<UnixMillis> = row.get(0)?;
    Ok(Some(StoredGroup {
        last_updated,
        moved: last_updated.max(row.get(1)?),
        pass: row.get(2)?,
        never_read: row.get::<_, Option<i64>>(3)?.is_none(),
    }))
}

/// When a group last changed: its profile or its members.
pub fn moved(group: &Group) -> Option<UnixMillis> {
    group.last_updated.max(group.last_membership_updated)
}

pub(super) fn upsert(tx: &Transaction<'_>, pass: i64, group: &Group) -> Result<()> {
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
        ":okta_count": group.member_count.map(Count),
    })?;
    Ok(())
}

/// The groups that `pass` did not list, where `pass` is a listing of all groups; and the number of groups in the
/// directory.
pub fn unlisted(conn: &Connection, pass: i64) -> Result<(Vec<Group>, u64)> {
    let unlisted = super::look_up::not_of_pass(conn, pass)?;
    let Count(total) = conn.prepare_cached(COUNT)?.query_row([], |row| row.get(0))?;
    Ok((unlisted, total))
}

/// Removes groups and their memberships. Returns how many groups existed.
pub fn remove_unwanted(tx: &Transaction<'_>, okta_ids: &[String]) -> Result<u64> {
    let mut statement = tx.prepare_cached(REMOVE)?;
    let mut removed = 0;
    for id in okta_ids {
        removed += statement.execute([id])? as u64;
    }
    Ok(removed)
}
