//! Reads members: finds the groups that are due, stages members page by page, and replaces a whole set.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::kept_out;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;

/// A group whose members have to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The group's number in the directory.
    pub group_no: i64,
    /// Okta's id.
    pub okta_id: String,
    /// The cursor of the next page; none at the beginning.
    pub cursor: Option<String>,
    /// When the unfinished reading began, by Okta's clock.
    pub began: Option<UnixMillis>,
    /// When the group's members last changed, as the listing showed.
    pub last_membership_updated: Option<UnixMillis>,
    /// Okta's number of members, as the listing showed; none if it showed none.
    pub okta_count: Option<u64>,
    /// How many members are stored; none if they were never read.
    pub member_count: Option<u64>,
    /// The known difference between Okta's number of members and the number of members that Okta lists.
    pub difference: i64,
    /// The latest readings that were not trusted.
    pub doubts: Doubts,
    /// How many times in a row Okta refused to list the members.
    pub refusals: u32,
}

/// Readings of one group that were not trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// How many of them in a row had the same result.
    pub count: u32,
    /// How many members the last of them listed.
    pub rows: u64,
    /// Okta's number of members minus the number of listed ones.
    pub difference: i64,
}

/// The staged members of a group, compared with the stored ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staged {
    /// How many different members are staged.
    pub rows: u64,
    /// How many stored members are not staged.
    pub lost: u64,
}

statement!(
    DUE = "
    SELECT group_no, okta_id, members_cursor, reading_began, last_membership_updated, okta_count,
           member_count, difference, doubts, doubted_rows, doubted_difference, refusals
      FROM groups INDEXED BY groups_due
     WHERE members_due = 1 AND (refusals, group_no) > (:refusals, :group_no) AND due_from <= :pass
     ORDER BY refusals, group_no
     LIMIT :limit"
);

statement!(
    COUNT_DUE = "
    SELECT count(*) FROM groups INDEXED BY groups_due WHERE members_due = 1 AND due_from <= ?1"
);

statement!(
    POSTPONED = "
    SELECT okta_id FROM groups INDEXED BY groups_due
     WHERE members_due = 1 AND refusals > 0 AND due_from > ?1
     ORDER BY group_no"
);

statement!(
    ASK_POSTPONED = "
    UPDATE groups INDEXED BY groups_due SET due_from = 0 WHERE members_due = 1 AND refusals > 0"
);

statement!(STAGE = "INSERT OR IGNORE INTO group_members_staged (group_no, okta_id) VALUES (?1, ?2)");

statement!(BEGIN = "UPDATE groups SET reading_began = ?2 WHERE group_no = ?1");

statement!(GO_ON = "UPDATE groups SET members_cursor = ?2 WHERE group_no = ?1");

statement!(FORGET = "DELETE FROM group_members_staged WHERE group_no = ?1");

statement!(
    STAGED = "
    SELECT (SELECT count(*) FROM group_members_staged AS s WHERE s.group_no = g.group_no),
           (SELECT count(*)
              FROM group_members AS m
             WHERE m.group_no = g.group_no
               AND NOT EXISTS (SELECT 1 FROM group_members_staged AS s
                                WHERE s.group_no = m.group_no AND s.okta_id = m.okta_id))
      FROM groups AS g
     WHERE g.group_no = ?1"
);

statement!(
    REMOVE_GONE = "
    DELETE FROM group_members
     WHERE group_no = ?1
       AND NOT EXISTS (SELECT 1 FROM group_members_staged AS s
                        WHERE s.group_no = group_members.group_no AND s.okta_id = group_members.okta_id)"
);

statement!(
    ADD_NEW = "
    INSERT OR IGNORE INTO group_members (group_no, okta_id)
    SELECT group_no, okta_id
      FROM group_members_staged
     WHERE group_no = ?1"
);

statement!(
    SETTLE = "
    UPDATE groups
       SET member_count = (SELECT count(*) FROM group_members AS m WHERE m.group_no = groups.group_no),
           members_due = :again, due_from = :pass + 1, members_cursor = NULL, difference = :difference,
           refusals = 0, doubts = 0, doubted_rows = NULL, doubted_difference = NULL
     WHERE group_no = :group_no"
);

statement!(
    DOUBT = "
    UPDATE groups
       SET members_due = 1, due_from = :pass + 1, members_cursor = NULL, refusals = 0,
           doubts = :count, doubted_rows = :rows, doubted_difference = :difference
     WHERE group_no = :group_no"
);

statement!(
    REFUSE = "
    UPDATE groups SET refusals = refusals + 1, due_from = :due_from WHERE group_no = :group_no"
);

statement!(MEMBERSHIPS = "SELECT coalesce(sum(member_count), 0) FROM groups");

statement!(STILL_THERE = "SELECT 1 FROM groups WHERE group_no = ?1");

statement!(
    LEAVE = "
    UPDATE groups
       SET member_count = member_count - 1
     WHERE group_no IN (SELECT group_no FROM group_members WHERE okta_id = ?1)"
);

statement!(REMOVE_MEMBER = "DELETE FROM group_members WHERE okta_id = ?1");

// Few rows are staged and many users may be absent, so the statement begins with the staged rows.
statement!(
    UNSTAGE_ABSENT = "
    DELETE FROM group_members_staged
     WHERE EXISTS (SELECT 1 FROM users AS u
                    WHERE u.okta_id = group_members_staged.okta_id AND u.absent_since IS NOT NULL)"
);

/// Up to `limit` groups whose members `pass` has to read, after the group `after`.
pub fn due(conn: &Connection, pass: i64, after: Option<&Due>, limit: u64) -> Result<Vec<Due>> {
    let mut statement = conn.prepare_cached(DUE)?;
    let parameters = named_params! {
        ":refusals": after.map_or(-1, |due| i64::from(due.refusals)),
        ":group_no": after.map_or(0, |due| due.group_no),
        ":pass": pass,
        ":limit": Count(limit),
    };
    let count = |count: Option<Count>| count.map(|Count(count)| count);
    let due = statement.query_map(parameters, |row| {
        Ok(Due {
            group_no: row.get(0)?,
            okta_id: row.get(1)?,
            cursor: row.get(2)?,
            began: row.get(3)?,
            last_membership_updated: row.get(4)?,
            okta_count: count(row.get(5)?),
            member_count: count(row.get(6)?),
            difference: row.get(7)?,
            doubts: Doubts {
                count: row.get(8)?,
                rows: count(row.get(9)?).unwrap_or(0),
                difference: row.get::<_, Option<i64>>(10)?.unwrap_or(0),
            },
            refusals: row.get(11)?,
        })
    })?;
    Ok(due.collect::<rusqlite::Result<_>>()?)
}

/// The number of groups whose members `pass` has to read.
pub fn count_due(conn: &Connection, pass: i64) -> Result<u64> {
    let Count(due) = conn
        .prepare_cached(COUNT_DUE)?
        .query_row([pass], |row| row.get(0))?;
    Ok(due)
}

/// The Okta ids of the groups that were refused in earlier passes and are not due in `pass`.
pub fn postponed(conn: &Connection, pass: i64) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(POSTPONED)?;
    let ids = statement.query_map([pass], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// Makes all refused groups due at once. How often they were refused stays known.
pub fn ask_postponed(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(ASK_POSTPONED)?.execute([])?;
    Ok(())
}

/// Begins reading a group from its first page, at `okta_now` by Okta's clock. Rows that an earlier reading staged are
/// deleted, because those members may have left since.
pub fn begin_reading(tx: &Transaction<'_>, group_no: i64, okta_now: Option<UnixMillis>) -> Result<()> {
    forget(tx, group_no)?;
    tx.prepare_cached(GO_ON)?.execute((group_no, None::<&str>))?;
    tx.prepare_cached(BEGIN)?.execute((group_no, okta_now))?;
    Ok(())
}

/// Stages a page of members and the cursor of the next page. If the group was removed meanwhile, nothing happens.
pub fn stage(tx: &Transaction<'_>, group_no: i64, members: &[String], next: Option<&str>) -> Result<()> {
    if !tx.prepare_cached(STILL_THERE)?.exists([group_no])? {
        return Ok(());
    }
    let mut statement = tx.prepare_cached(STAGE)?;
    for okta_id in kept_out::leave_out_ids(tx, members)? {
        statement.execute((group_no, okta_id))?;
    }
    tx.prepare_cached(GO_ON)?.execute((group_no, next))?;
    Ok(())
}

/// The number of staged members of a group; none if the group was removed meanwhile.
pub fn staged(conn: &Connection, group_no: i64) -> Result<Option<Staged>> {
    let mut statement = conn.prepare_cached(STAGED)?;
    let staged = statement.query_row([group_no], |row| {
        let (Count(rows), Count(lost)) = (row.get(0)?, row.get(1)?);
        Ok(Staged { rows, lost })
    });
    Ok(staged.optional()?)
}

/// Replaces the present members with the staged ones; only differences are written. With `again` the next pass reads
/// them once more. `difference` is how much Okta's number of members differs.
pub fn put_in_place(
    tx: &Transaction<'_>,
    pass: i64,
    group_no: i64,
    difference: i64,
    again: bool,
) -> Result<()> {
    tx.prepare_cached(REMOVE_GONE)?.execute([group_no])?;
    tx.prepare_cached(ADD_NEW)?.execute([group_no])?;
    forget(tx, group_no)?;
    tx.prepare_cached(SETTLE)?.execute(named_params! {
        ":group_no": group_no,
        ":pass": pass,
        ":difference": difference,
        ":again": again,
    })?;
    Ok(())
}

/// Deletes the staged members and keeps the present ones. The next pass reads the group once more.
pub fn doubt(tx: &Transaction<'_>, pass: i64, group_no: i64, doubts: Doubts) -> Result<()> {
    forget(tx, group_no)?;
    tx.prepare_cached(DOUBT)?.execute(named_params! {
        ":group_no": group_no,
        ":pass": pass,
        ":count": doubts.count,
        ":rows": Count(doubts.rows),
        ":difference": doubts.difference,
    })?;
    Ok(())
}

/// Records that Okta refused to list the members; no pass before `due_from` asks again.
pub fn refuse(tx: &Transaction<'_>, group_no: i64, due_from: i64) -> Result<()> {
    tx.prepare_cached(REFUSE)?
        .execute(named_params! { ":group_no": group_no, ":due_from": due_from })?;
    Ok(())
}

/// Removes a user that was deleted in Okta from every group.
pub fn leave_all(tx: &Transaction<'_>, okta_id: &str) -> Result<()> {
    tx.prepare_cached(LEAVE)?.execute([okta_id])?;
    tx.prepare_cached(REMOVE_MEMBER)?.execute([okta_id])?;
    Ok(())
}

/// Removes absent users from the staged members of groups that are not completely read.
pub fn unstage_absent(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(UNSTAGE_ABSENT)?.execute([])?;
    Ok(())
}

/// How many memberships the directory has.
pub fn memberships(conn: &Connection) -> Result<u64> {
    let Count(memberships) = conn
        .prepare_cached(MEMBERSHIPS)?
        .query_row([], |row| row.get(0))?;
    Ok(memberships)
}

fn forget(tx: &Transaction<'_>, group_no: i64) -> Result<()> {
    tx.prepare_cached(FORGET)?.execute([group_no])?;
    Ok(())
}
