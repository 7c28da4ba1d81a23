//! Groups and memberships that events told of: each written alone, beside any listing that goes on.

use rusqlite::{Connection, Transaction, named_params};

use super::listing::{PageCounts, known, upsert};
use super::pass::pass;
use crate::contract::errors::Result;
use crate::directory::store::kept_out;
use crate::directory::store::statement::statement;
use crate::model::Group;

statement!(
    IS_READABLE = "SELECT 1 FROM groups WHERE okta_id = ?1 AND (everyone = 1 OR member_count IS NOT NULL)"
);

statement!(
    READ_MEMBERS = "
    UPDATE groups
       SET members_due = 1, due_from = min(due_from, :pass), members_cursor = NULL
     WHERE okta_id = :okta_id AND everyone = 0"
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

// A reading of all members that is half done may have met the user before the change.
statement!(
    READ_AGAIN = "
    UPDATE groups SET members_cursor = NULL WHERE okta_id = ?1 AND members_cursor IS NOT NULL"
);

/// Whether the members of this group were read, so that single ones can be added and taken away.
pub fn is_readable(conn: &Connection, okta_id: &str) -> Result<bool> {
    Ok(conn.prepare_cached(IS_READABLE)?.exists([okta_id])?)
}

/// Writes a group as Okta has it now. Its members are read (again) where they moved, or where that is asked for.
pub fn take_told(tx: &Transaction<'_>, group: &Group, members_moved: bool) -> Result<PageCounts> {
    let pass = pass(tx)?.number;
    let before = known(tx, &group.id)?;
    let counts = PageCounts {
        listed: 1,
        added: u64::from(before.is_none()),
        updated: u64::from(before.is_some_and(|known| known.last_updated != group.last_updated)),
    };
    upsert(tx, pass, group)?;
    if members_moved {
        tx.prepare_cached(READ_MEMBERS)?
            .execute(named_params! { ":okta_id": group.id, ":pass": pass })?;
    }
    Ok(counts)
}

/// Puts one user into one group, or takes it out.
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
