//! Decides which tables the nodes of a cluster share, and describes these tables.
//!
//! Column names and keys are read from the schema, so a new column needs no change here. A new table needs a decision:
//! a test compares the list with the schema.

use rusqlite::Connection;

use crate::contract::errors::{Error, Result};

/// Whether the nodes share a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Belongs {
    /// It belongs to the directory: every node has the same rows.
    Shared,
    /// It belongs to this file: the rows of another node have no meaning here.
    Local,
}

use Belongs::{Local, Shared};

/// Every table, in the order in which a base contains them.
const DECISIONS: &[(&str, Belongs)] = &[
    ("directory", Shared),
    ("freshness", Shared),
    ("users", Shared),
    // An unfinished run belongs to the users that it inserted. A node that takes over these users may resume the run.
    ("staged_users", Shared),
    ("sync_runs", Shared),
    ("sync_slices", Shared),
    ("sync_pages", Shared),
    ("changes", Shared),
    ("jira_users", Shared),
    ("okta_matches", Shared),
    ("jira_matches", Shared),
    ("okta_alone", Shared),
    ("jira_alone", Shared),
    ("kept_counts", Shared),
    ("pins", Shared),
    ("groups", Shared),
    ("group_members", Shared),
    ("group_members_staged", Shared),
    ("group_sync", Shared),
    ("user_types", Shared),
    ("schema_attributes", Shared),
    ("schema_sync", Shared),
    ("indexed_attributes", Shared),
    ("user_attributes", Shared),
    ("managers", Shared),
    ("manager_sync", Shared),
    ("field_projection", Shared),
    ("retention", Shared),
    // A person who was erased on one node must not come back by a run on another node.
    ("erased_users", Shared),
    // The next node that reads events must know which objects wait, which events have arrived, and how far the log was
    // read. Any node that receives a delivery must know the secret.
    ("inbox", Shared),
    ("heard", Shared),
    ("live", Shared),
    ("hook_secrets", Shared),
    // They belong to a hand-over in this process.
    ("jira_users_staged", Local),
    // Encrypted with this node's key. The mirror file brings the newest credential to other nodes.
    ("credentials", Local),
    ("authorization_requests", Local),
    // They contain file paths and host names of this machine.
    ("settings", Local),
    ("shared_folder", Local),
    ("lineage", Local),
    ("unpublished", Local),
];

/// A shared table.
#[derive(Clone, Debug)]
pub(in crate::directory) struct SharedTable {
    pub(in crate::directory) name: &'static str,
    /// The columns in the order of the schema.
    pub(in crate::directory) columns: Vec<String>,
    /// The positions of the primary key's columns, in the order of the key.
    pub(in crate::directory) key: Vec<usize>,
}

impl SharedTable {
    fn read(conn: &Connection, name: &'static str) -> Result<SharedTable> {
        let mut statement = conn.prepare_cached("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid")?;
        let found = statement.query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let found: Vec<(String, i64)> = found.collect::<rusqlite::Result<_>>()?;
        let mut key: Vec<(i64, usize)> = (0..found.len())
            .filter(|place| found[*place].1 > 0)
            .map(|place| (found[place].1, place))
            .collect();
        key.sort_unstable();
        if key.is_empty() {
            return Err(Error::internal("a shared table has no primary key"));
        }
        Ok(SharedTable {
            name,
            key: key.into_iter().map(|(_, place)| place).collect(),
            columns: found.into_iter().map(|(column, _)| column).collect(),
        })
    }

    /// All columns, each with `before` in front, separated by commas.
    pub(in crate::directory) fn list(&self, before: &str) -> String {
        let named = self.columns.iter().map(|column| format!("{before}\"{column}\""));
        named.collect::<Vec<_>>().join(", ")
    }

    /// The columns of the key, in the same form as [`SharedTable::list`].
    pub(in crate::directory) fn key_list(&self, before: &str) -> String {
        let named = self
            .key
            .iter()
            .map(|place| format!("{before}\"{}\"", self.columns[*place]));
        named.collect::<Vec<_>>().join(", ")
    }

    /// A condition that finds the row of a key. The values of the key are bound as `?1` and so on.
    pub(in crate::directory) fn by_key(&self) -> String {
        let one =
            |(number, place): (usize, &usize)| format!("\"{}\" = ?{}", self.columns[*place], number + 1);
        self.key
            .iter()
            .enumerate()
            .map(one)
            .collect::<Vec<_>>()
            .join(" AND ")
    }

    /// A statement that inserts a whole row.
    pub(in crate::directory) fn insertion(&self) -> String {
        let places = vec!["?"; self.columns.len()].join(", ");
        format!(
            "INSERT INTO \"{}\" ({}) VALUES ({places})",
            self.name,
            self.list("")
        )
    }

    /// A statement that deletes the row of a key.
    pub(in crate::directory) fn deletion(&self) -> String {
        format!("DELETE FROM \"{}\" WHERE {}", self.name, self.by_key())
    }

    /// A statement that returns the row of a key.
    pub(in crate::directory) fn selection(&self) -> String {
        format!(
            "SELECT {} FROM \"{}\" WHERE {}",
            self.list(""),
            self.name,
            self.by_key()
        )
    }
}

/// The shared tables.
pub(in crate::directory) fn shared(conn: &Connection) -> Result<Vec<SharedTable>> {
    let shared = DECISIONS.iter().filter(|(_, belongs)| *belongs == Shared);
    shared.map(|(name, _)| SharedTable::read(conn, name)).collect()
}

/// The table of this name.
pub(in crate::directory) fn named<'a>(tables: &'a [SharedTable], name: &str) -> Option<&'a SharedTable> {
    tables.iter().find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::directory::Directory;
    use crate::directory::tests::fold;

    #[test]
    fn every_table_has_a_decision_and_every_shared_one_a_key() {
        let folder = tempfile::tempdir().expect("folder");
        let (directory, _) = Directory::open(&folder.path().join("okta.db"), fold).expect("open");
        let read = |conn: &Connection| {
            let mut statement = conn.prepare(
                "SELECT name FROM pragma_table_list \
                  WHERE schema = 'main' AND type <> 'view' AND name NOT LIKE 'sqlite_%'",
            )?;
            let names = statement.query_map([], |row| row.get(0))?;
            let names = names.collect::<rusqlite::Result<BTreeSet<String>>>()?;
            Ok((names, shared(conn)?))
        };
        let (there, shared) = directory.read(read).expect("tables");
        let decided: BTreeSet<String> = DECISIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(
            there, decided,
            "decide in DECISIONS whether the other nodes get a new table"
        );
        assert_eq!(decided.len(), DECISIONS.len());
        assert!(shared.iter().all(|table| !table.key.is_empty()));
    }
}
