//! What was changed since the published state that this directory is at: recorded by SQLite itself, in the transaction
//! of the change.
//!
//! Temporary triggers of the writer put the row as it was into `unpublished`, once for each key. So a publisher knows
//! which rows to send, a follower can take back what it did by itself, and a kill loses neither. They exist only once
//! there is a published state: a directory that has no part in a cluster pays nothing.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::contract::errors::{Error, Result};
use crate::directory::store::packed_row;
use crate::directory::store::shared_tables::{self, SharedTable};

/// `pack_row(a, b, …)`: the values as bytes.
const PACK: &str = "pack_row";

const CHANGED: &str = "SELECT table_name, key, row FROM unpublished ORDER BY table_name, key";

/// Makes [`PACK`] known. Without it the triggers do not compile.
pub(in crate::directory) fn register(writer: &Connection) -> Result<()> {
    // Not innocuous: the schema of a tampered file cannot call it, a temporary trigger can.
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    writer.create_scalar_function(PACK, -1, flags, |context| {
        let mut bytes = Vec::new();
        for place in 0..context.len() {
            packed_row::put(&mut bytes, context.get_raw(place));
        }
        Ok(bytes)
    })?;
    Ok(())
}

/// Goes on recording at the opening of a directory that is at a published state, or that publishes one. A directory that
/// has left its cluster does neither.
pub(in crate::directory) fn resume(writer: &Connection) -> Result<()> {
    let in_a_cluster =
        "SELECT EXISTS (SELECT 1 FROM lineage WHERE pending = '' OR EXISTS (SELECT 1 FROM shared_folder))";
    let in_a_cluster = writer.query_row(in_a_cluster, [], |row| row.get(0))?;
    if in_a_cluster { start(writer) } else { Ok(()) }
}

/// Begins to record, if nothing is recorded yet.
pub(in crate::directory) fn start(writer: &Connection) -> Result<()> {
    // What REPLACE puts out of the way is deleted, and only with this do triggers hear of it.
    writer.pragma_update(None, "recursive_triggers", "ON")?;
    for table in shared_tables::shared(writer)? {
        writer.execute_batch(&triggers(&table))?;
    }
    Ok(())
}

/// Ends recording.
pub(in crate::directory) fn stop(writer: &Connection) -> Result<()> {
    for table in shared_tables::shared(writer)? {
        for event in ["insert", "delete", "update", "move"] {
            writer.execute_batch(&format!(
                "DROP TRIGGER IF EXISTS temp.\"record_{event}_{}\"",
                table.name
            ))?;
        }
    }
    Ok(())
}

fn triggers(table: &SharedTable) -> String {
    let name = table.name;
    // Not INSERT OR IGNORE: an outer statement with REPLACE would make that a REPLACE too.
    let record = |key: &str, row: &str| {
        format!(
            "INSERT INTO unpublished (table_name, key, row) SELECT '{name}', {key}, {row} \
              WHERE NOT EXISTS (SELECT 1 FROM unpublished WHERE table_name = '{name}' AND key = {key})"
        )
    };
    let before = |columns: &str| format!("{PACK}({columns})");
    let (old_key, new_key) = (before(&table.key_list("OLD.")), before(&table.key_list("NEW.")));
    let old = before(&table.list("OLD."));
    let trigger = |event: &str, when: &str, work: &str| {
        format!(
            "CREATE TEMP TRIGGER IF NOT EXISTS \"record_{event}_{name}\" AFTER {when} ON main.\"{name}\" \
             BEGIN {work}; END;\n"
        )
    };
    let absent = record(&new_key, "NULL");
    [
        trigger("insert", "INSERT", &absent),
        trigger("delete", "DELETE", &record(&old_key, &old)),
        trigger("update", "UPDATE", &record(&old_key, &old)),
        // A row under another key: what was there before is recorded under the old one.
        trigger("move", &format!("UPDATE OF {}", table.key_list("")), &absent),
    ]
    .concat()
}

/// A key whose row was changed, with the row as it was; none if there was none.
pub(in crate::directory) struct Changed {
    pub(in crate::directory) table: String,
    pub(in crate::directory) key: Vec<u8>,
    pub(in crate::directory) before: Option<Vec<u8>>,
}

/// Hands over every key that was recorded. `work` may change shared tables: keys that are recorded stay so.
pub(in crate::directory) fn each(
    conn: &Connection,
    mut work: impl FnMut(Changed) -> Result<()>,
) -> Result<()> {
    let mut statement = conn.prepare(CHANGED)?;
    let mut rows = statement.query([])?;
    while let Some(found) = rows.next()? {
        work(Changed {
            table: found.get(0)?,
            key: found.get(1)?,
            before: found.get(2)?,
        })?;
    }
    Ok(())
}

/// Forgets what was recorded: the rows as they are now are the published ones.
pub(in crate::directory) fn clear(writer: &Connection) -> Result<()> {
    writer.execute("DELETE FROM unpublished", [])?;
    Ok(())
}

/// Takes back what was recorded. Foreign keys must be off.
pub(in crate::directory) fn undo(writer: &Connection, tables: &[SharedTable]) -> Result<()> {
    // All deletions first: a row put back may need a unique value that another one holds by now.
    each(writer, |changed| {
        delete(
            writer,
            table_of(tables, &changed.table)?,
            &packed_row::values(&changed.key)?,
        )
    })?;
    each(writer, |changed| match changed.before {
        Some(before) => insert(
            writer,
            table_of(tables, &changed.table)?,
            &packed_row::values(&before)?,
        ),
        None => Ok(()),
    })?;
    clear(writer)
}

/// The row of a key as it is now.
pub(in crate::directory) fn packed(
    conn: &Connection,
    table: &SharedTable,
    key: &[Value],
) -> Result<Option<Vec<u8>>> {
    let mut statement = conn.prepare_cached(&table.selection())?;
    let mut rows = statement.query(params_from_iter(key))?;
    let Some(found) = rows.next()? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    for place in 0..table.columns.len() {
        packed_row::put(&mut bytes, found.get_ref(place)?);
    }
    Ok(Some(bytes))
}

/// Inserts a whole row.
pub(in crate::directory) fn insert(writer: &Connection, table: &SharedTable, row: &[Value]) -> Result<()> {
    writer
        .prepare_cached(&table.insertion())?
        .execute(params_from_iter(row))?;
    Ok(())
}

/// Deletes the row of a key, if it is there.
pub(in crate::directory) fn delete(writer: &Connection, table: &SharedTable, key: &[Value]) -> Result<()> {
    writer
        .prepare_cached(&table.deletion())?
        .execute(params_from_iter(key))?;
    Ok(())
}

pub(in crate::directory) fn table_of<'a>(tables: &'a [SharedTable], name: &str) -> Result<&'a SharedTable> {
    shared_tables::named(tables, name)
        .ok_or_else(|| Error::internal("a change was recorded of a table that is not shared"))
}
