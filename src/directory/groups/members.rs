//! Reading members: which groups are due, staging page by page, and putting a whole set in place.

use rusqlite::{Connection, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::directory::values::Count;
use crate::error::Result;

/// A group whose members have to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The group's number in the directory.
    pub group_no: i64,
    /// Okta's id.
    pub okta_id: String,
    /// Where reading goes on; none at the beginning.
    pub cursor: Option<String>,
    /// When its members last changed, as the listing showed it.
    pub last_membership_updated: Option<UnixMillis>,
}

const DUE: &str = "
    SELECT group_no, okta_id, members_cursor, last_membership_updated
      FROM groups INDEXED BY groups_due
     WHERE members_due = 1 AND group_no > ?1
     ORDER BY group_no
     LIMIT ?2";

const COUNT_DUE: &str = "SELECT count(*) FROM groups INDEXED BY groups_due WHERE members_due = 1";

const STAGE: &str = "INSERT OR IGNORE INTO group_members_staged (group_no, okta_id) VALUES (?1, ?2)";

const GO_ON: &str = "UPDATE groups SET members_cursor = ?2 WHERE group_no = ?1";

const FORGET: &str = "DELETE FROM group_members_staged WHERE group_no = ?1";

const REMOVE_GONE: &str = "
    DELETE FROM group_members
     WHERE group_no = ?1
       AND NOT EXISTS (SELECT 1 FROM group_members_staged AS s
                        WHERE s.group_no = group_members.group_no AND s.okta_id = group_members.okta_id)";

const ADD_NEW: &str = "
    INSERT OR IGNORE INTO group_members (group_no, okta_id)
    SELECT group_no, okta_id
      FROM group_members_staged
     WHERE group_no = ?1";

const FINISH: &str = "
    UPDATE groups
       SET members_due = :again, members_cursor = NULL,
           member_count = (SELECT count(*) FROM group_members AS m WHERE m.group_no = groups.group_no)
     WHERE group_no = :group_no";

const MEMBERSHIPS: &str = "SELECT coalesce(sum(member_count), 0) FROM groups";

const STILL_THERE: &str = "SELECT 1 FROM groups WHERE group_no = ?1";

/// Statements that run for each group or member.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    DUE,
    COUNT_DUE,
    GO_ON,
    FORGET,
    REMOVE_GONE,
    ADD_NEW,
    FINISH,
    STILL_THERE,
];

/// Up to `limit` groups whose members have to be read, after this number.
pub fn due(conn: &Connection, after: i64, limit: u64) -> Result<Vec<Due>> {
    let mut statement = conn.prepare_cached(DUE)?;
    let due = statement.query_map((after, Count(limit)), |row| {
        Ok(Due {
            group_no: row.get(0)?,
            okta_id: row.get(1)?,
            cursor: row.get(2)?,
            last_membership_updated: row.get(3)?,
        })
    })?;
    Ok(due.collect::<rusqlite::Result<_>>()?)
}

/// How many groups' members have to be read.
pub fn count_due(conn: &Connection) -> Result<u64> {
    let Count(due) = conn.prepare_cached(COUNT_DUE)?.query_row([], |row| row.get(0))?;
    Ok(due)
}

/// Keeps a page of members until all of them are there, and where reading goes on.
pub fn stage(tx: &Transaction<'_>, group_no: i64, members: &[String], next: Option<&str>) -> Result<()> {
    let mut statement = tx.prepare_cached(STAGE)?;
    for okta_id in members {
        statement.execute((group_no, okta_id))?;
    }
    tx.prepare_cached(GO_ON)?.execute((group_no, next))?;
    Ok(())
}

/// Begins a group anew: what was staged is forgotten.
pub fn restart(tx: &Transaction<'_>, group_no: i64) -> Result<()> {
    forget(tx, group_no)?;
    tx.prepare_cached(GO_ON)?.execute((group_no, None::<&str>))?;
    Ok(())
}

/// Forgets what was staged for a group.
pub fn forget(tx: &Transaction<'_>, group_no: i64) -> Result<()> {
    tx.prepare_cached(FORGET)?.execute([group_no])?;
    Ok(())
}

/// Puts the staged members in the place of the present ones, writing differences only. `again` leaves
/// the group due for the next pass. A group that was removed meanwhile is passed over.
pub fn finish(tx: &Transaction<'_>, group_no: i64, again: bool) -> Result<()> {
    if !tx.prepare_cached(STILL_THERE)?.exists([group_no])? {
        return Ok(());
    }
    tx.prepare_cached(REMOVE_GONE)?.execute([group_no])?;
    tx.prepare_cached(ADD_NEW)?.execute([group_no])?;
    forget(tx, group_no)?;
    tx.prepare_cached(FINISH)?
        .execute(named_params! { ":group_no": group_no, ":again": again })?;
    Ok(())
}

/// How many memberships the directory has.
pub fn memberships(conn: &Connection) -> Result<u64> {
    let Count(memberships) = conn
        .prepare_cached(MEMBERSHIPS)?
        .query_row([], |row| row.get(0))?;
    Ok(memberships)
}
