//! Writes single groups and memberships that events name, while a listing may be unfinished.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::listing::{PageCounts, known, upsert};
use super::pass::pass;
use crate::contract::errors::Result;
use crate::directory::store::kept_out;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::model::Group;

statement!(
    PAGES = "
    SELECT iif(everyone, 9223372036854775807, 1 + member_count / ?2)
      FROM groups
     WHERE okta_id = ?1 AND (everyone = 1 OR member_count IS NOT NULL)"
);

statement!(
    READ_MEMBERS = "
    UPDATE groups
       SET members_due = 1, due_from = min(due_from, :pass), members_cursor = NULL
     WHERE okta_id = :okta_id AND everyone = 0"
);

// Other events name the members that changed, and the next listing finds the rest. Only a group whose members were
// never read stays marked.
statement!(
    LEAVE_MEMBERS = "
    UPDATE groups
       SET due_from = max(due_from, :pass + 1)
     WHERE okta_id = :okta_id AND members_due = 1 AND member_count IS NOT NULL"
);

statement!(
    ADD = "
    INSERT OR IGNORE INTO group_members (group_no, okta_id)
    SELECT group_no, :user_id FROM groups WHERE okta_id = :group_id AND everyone = 0"
);

statement!(
    REMOVE = "
    DELETE FROM group_members
     WHERE okta_id = :user_id AND group_no = (SELECT group_no FROM groups WHERE okta_id = :group_id)"
);

statement!(COUNT = "UPDATE groups SET member_count = member_count + ?2 WHERE okta_id = ?1");

// An unfinished reading of all members may have seen the user before the change.
statement!(
    READ_AGAIN = "
    UPDATE groups SET members_cursor = NULL WHERE okta_id = ?1 AND members_cursor IS NOT NULL"
);

// A group whose members were never read counts as one page at least.
statement!(
    COST_OF_LISTING, reads every row = "
    SELECT coalesce(sum(2 + coalesce(member_count, 0) / :page), 0)
      FROM groups
     WHERE okta_id IN (SELECT group_id FROM inbox WHERE kind IN ('membership', 'members'))"
);

/// How many requests are needed to list the members of every group that events name, with `page` members on a page.
pub fn cost_of_listing(conn: &Connection, page: u64) -> Result<u64> {
    let Count(cost) = conn
        .prepare_cached(COST_OF_LISTING)?
        .query_row(named_params! { ":page": Count(page) }, |row| row.get(0))?;
    Ok(cost)
}

/// How many pages of `rows` rows the members of this group have. None if they were never read; then single members
/// cannot be added or removed. The members of `Everyone` are never listed.
pub fn pages_of_members(conn: &Connection, okta_id: &str, rows: u32) -> Result<Option<u64>> {
    let mut statement = conn.prepare_cached(PAGES)?;
    let found = statement.query_row((okta_id, rows), |row| row.get(0));
    Ok(found.optional()?.map(|Count(pages)| pages))
}

/// Writes a group as Okta shows it now. Marks its members for reading if `members_moved`, or if they were never read.
pub fn write_single(tx: &Transaction<'_>, group: &Group, members_moved: bool) -> Result<PageCounts> {
    let pass = pass(tx)?.number;
    let before = known(tx, &group.id)?;
    let counts = PageCounts {
        listed: 1,
        added: u64::from(before.is_none()),
        updated: u64::from(before.is_some_and(|known| known.last_updated != group.last_updated)),
    };
    upsert(tx, pass, group)?;
    let sql = match members_moved {
        true => READ_MEMBERS,
        false => LEAVE_MEMBERS,
    };
    tx.prepare_cached(sql)?
        .execute(named_params! { ":okta_id": group.id, ":pass": pass })?;
    Ok(counts)
}

/// Adds one user to one group, or removes the user from it.
pub fn set_member(tx: &Transaction<'_>, group_id: &str, user_id: &str, is_member: bool) -> Result<()> {
    let is_member = is_member && !kept_out::contains(tx, user_id)?;
    let sql = match is_member {
        true => ADD,
        false => REMOVE,
    };
    let changed = tx
        .prepare_cached(sql)?
        .execute(named_params! { ":group_id": group_id, ":user_id": user_id })?;
    if changed > 0 {
        let difference = if is_member { 1 } else { -1 };
        tx.prepare_cached(COUNT)?.execute((group_id, difference))?;
    }
    tx.prepare_cached(READ_AGAIN)?.execute([group_id])?;
    Ok(())
}
