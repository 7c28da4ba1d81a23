//! The schema and its versions: numbered SQL files. Each is applied once and never edited again.
//!
//! `user_version` is the number of applied files. A directory of a newer engine is refused.

use rusqlite::{Connection, TransactionBehavior};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::search_text;

/// Every migration in order. Add a new one as a new file at the end.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_directory.sql"),
    include_str!("schema/0002_credentials.sql"),
    include_str!("schema/0003_groups_and_schemas.sql"),
    include_str!("schema/0004_delta_runs.sql"),
    include_str!("schema/0005_deactivated_users.sql"),
    include_str!("schema/0006_run_notes.sql"),
    include_str!("schema/0007_retention.sql"),
    include_str!("schema/0008_match_states.sql"),
    include_str!("schema/0009_inactive_users.sql"),
    include_str!("schema/0010_group_counts.sql"),
    include_str!("schema/0011_settings.sql"),
    include_str!("schema/0012_erased_users.sql"),
    include_str!("schema/0013_live.sql"),
    include_str!("schema/0014_lineage.sql"),
    include_str!("schema/0015_other_names.sql"),
    include_str!("schema/0016_shared_inbox.sql"),
    include_str!("schema/0017_one_row_for_a_tie.sql"),
    include_str!("schema/0018_search_texts.sql"),
];

/// The version of the schema that this engine writes.
pub(in crate::directory) const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

/// The version of the schema in the file.
pub(in crate::directory) fn version(connection: &Connection) -> Result<u32> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Refuses a directory of a newer engine before anything is changed in it.
pub(in crate::directory) fn refuse_newer(connection: &Connection) -> Result<()> {
    if version(connection)? > SCHEMA_VERSION {
        return Err(Error::new(ErrorCode::DirectoryTooNew));
    }
    Ok(())
}

/// Applies the missing migrations in one transaction. If it fails, the file is unchanged.
pub(in crate::directory) fn run(connection: &mut Connection) -> Result<()> {
    up_to(connection, SCHEMA_VERSION)
}

/// Applies the migrations up to `wanted`. Tests use it to make directories of earlier engines.
pub(in crate::directory) fn up_to(connection: &mut Connection, wanted: u32) -> Result<()> {
    if version(connection)? == wanted {
        return Ok(());
    }
    // The scripts use these functions to fill new columns.
    search_text::register(connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let applied = version(&transaction)? as usize;
    for script in MIGRATIONS.iter().take(wanted as usize).skip(applied) {
        transaction.execute_batch(script)?;
    }
    transaction.pragma_update(None, "user_version", wanted)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrated() -> Connection {
        let mut connection = Connection::open_in_memory().expect("open");
        run(&mut connection).expect("migrate");
        connection
    }

    fn texts(connection: &Connection, sql: &str) -> Vec<String> {
        let mut statement = connection.prepare(sql).expect(sql);
        let rows = statement.query_map([], |row| row.get(0)).expect(sql);
        rows.collect::<rusqlite::Result<_>>().expect(sql)
    }

    #[test]
    fn every_script_in_the_folder_is_listed_and_applies() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/directory/store/schema");
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .expect("schema folder")
            .map(|entry| entry.expect("entry").file_name().into_string().expect("name"))
            .collect();
        names.sort();
        assert_eq!(names.len(), MIGRATIONS.len());
        for (index, name) in names.iter().enumerate() {
            assert!(name.starts_with(&format!("{:04}_", index + 1)), "{name}");
        }
        let connection = migrated();
        assert_eq!(version(&connection).expect("version"), SCHEMA_VERSION);
        assert_eq!(texts(&connection, "PRAGMA integrity_check"), ["ok"]);
    }

    #[test]
    fn running_again_changes_nothing() {
        let mut connection = migrated();
        let schema = "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name";
        let before = texts(&connection, schema);
        run(&mut connection).expect("again");
        assert_eq!(texts(&connection, schema), before);
    }

    #[test]
    fn every_table_is_strict_and_every_view_can_be_read() {
        let connection = migrated();
        let loose = "SELECT name FROM pragma_table_list \
                     WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'";
        assert_eq!(texts(&connection, loose), Vec::<String>::new());
        for view in texts(&connection, "SELECT name FROM sqlite_schema WHERE type = 'view'") {
            connection.prepare(&format!("SELECT * FROM {view}")).expect(&view);
        }
    }

    #[test]
    fn a_failed_script_leaves_the_file_as_it_was() {
        let mut connection = Connection::open_in_memory().expect("open");
        connection
            .execute_batch("CREATE TABLE pins (x)")
            .expect("in the way");
        run(&mut connection).expect_err("the table exists");
        assert_eq!(version(&connection).expect("version"), 0);
        assert_eq!(texts(&connection, "SELECT name FROM sqlite_schema"), ["pins"]);
    }
}
