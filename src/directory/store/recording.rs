//! Records which rows changed since the published state of this directory. SQLite itself does this, in the transaction
//! of the change.
//!
//! Temporary triggers of the writer copy the earlier row into `unpublished`, once for each key. So a publisher knows
//! which rows to send, a follower can undo its own changes, and a kill loses neither. The triggers exist only after the
//! first published state: a directory outside a cluster has no cost.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::contract::errors::{Error, Result};
use crate::directory::store::packed_row;
use crate::directory::store::shared_tables::{self, SharedTable};

/// `pack_row(a, b, …)` returns the values as bytes.
const PACK: &str = "pack_row";

const CHANGED: &str = "SELECT table_name, key, row FROM unpublished ORDER BY table_name, key";

/// Registers [`PACK`]. Without it the triggers do not compile.
pub(in crate::directory) fn register(writer: &Connection) -> Result<()> {
    // Not innocuous, so that the schema of a manipulated file cannot call it. A temporary trigger can.
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

/// Continues recording when a directory is opened that is at a published state or is about to publish one. A directory
/// that has left its cluster is in neither case.
pub(in crate::directory) fn resume(writer: &Connection) -> Result<()> {
    let in_a_cluster =
        "SELECT EXISTS (SELECT 1 FROM lineage WHERE pending = '' OR EXISTS (SELECT 1 FROM shared_folder))";
    let in_a_cluster = writer.query_row(in_a_cluster, [], |row| row.get(0))?;
    if in_a_cluster { start(writer) } else { Ok(()) }
}

/// Begins recording, if nothing is recorded yet.
pub(in crate::directory) fn start(writer: &Connection) -> Result<()> {
    // REPLACE deletes rows that are in its way, and only this setting lets triggers see that.
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
    // Not INSERT OR IGNORE: an outer statement with REPLACE would turn that into a REPLACE.
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
        // The key of a row changes: the earlier row is recorded under the old key.
        trigger("move", &format!("UPDATE OF {}", table.key_list("")), &absent),
    ]
    .concat()
}

/// A key whose row was changed, with the earlier row; none if there was no row.
pub(in crate::directory) struct Changed {
    pub(in crate::directory) table: String,
    pub(in crate::directory) key: Vec<u8>,
    pub(in crate::directory) before: Option<Vec<u8>>,
}

/// Calls `work` for every recorded key. `work` may change shared tables; keys that are already recorded stay recorded.
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

/// Deletes the record: the present rows are the published ones.
pub(in crate::directory) fn clear(writer: &Connection) -> Result<()> {
    writer.execute("DELETE FROM unpublished", [])?;
    Ok(())
}

/// Undoes all recorded changes. Foreign keys must be off.
pub(in crate::directory) fn undo(writer: &Connection, tables: &[SharedTable]) -> Result<()> {
    // All deletions come first: a restored row may need a unique value that another row has now.
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
