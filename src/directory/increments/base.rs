//! A base: a file with every row of every shared table. It is written from one snapshot of a reader. A follower
//! compares its rows with the base and writes only the differences.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::file::{FileReader, FileRecord, FileWriter, Header, Seal, Sequences};
use super::state_sum::StateSum;
use super::{head, of_row, trouble};
use crate::contract::errors::Result;
use crate::directory::store::packed_row;
use crate::directory::store::recording;
use crate::directory::store::shared_tables::{self, SharedTable};
use crate::directory::store::statement::statement;
use crate::directory::store::unfinished::Unfinished;
use crate::plain_file::{self, Links};

// One row for each table that numbers its rows.
statement!(SEQUENCES, reads every row = "SELECT name, seq FROM sqlite_sequence ORDER BY name");
statement!(FORGET_SEQUENCE, reads every row = "DELETE FROM sqlite_sequence WHERE name = ?1");
statement!(SET_SEQUENCE = "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)");

/// How many rows of this directory are in memory at once while they are compared.
const CHUNK: usize = 500;

/// Writes all rows that `conn` sees, and returns their sum. The file gets the same owner as the file of `directory`.
pub(super) fn write(
    conn: &Connection,
    directory: &Path,
    folder: &Path,
    header: &Header,
) -> Result<(Seal, StateSum)> {
    let target = head::base_of(folder, &header.state);
    let failed = |error: std::io::Error| trouble(&target, error);
    let mut part = Unfinished::begin(directory, &target).map_err(failed)?;
    let mut file = FileWriter::begin(part.file(), header).map_err(failed)?;
    let mut sum = StateSum::default();
    for table in shared_tables::shared(conn)? {
        file.table(table.name).map_err(failed)?;
        let sql = format!(
            "SELECT {} FROM \"{}\" ORDER BY {}",
            table.list(""),
            table.name,
            table.key_list("")
        );
        let mut statement = conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut bytes = Vec::new();
        while let Some(found) = rows.next()? {
            bytes.clear();
            for place in 0..table.columns.len() {
                packed_row::put(&mut bytes, found.get_ref(place)?);
            }
            sum.add(table.name, &bytes);
            file.present(&bytes).map_err(failed)?;
        }
    }
    let (written, seal) = file.end(sum, &sequences(conn)?).map_err(failed)?;
    written.flush().map_err(failed)?;
    part.replace(&target).map_err(failed)?;
    Ok((seal, sum))
}

/// Makes the shared tables equal to the base. The recording of changes and foreign keys must be off meanwhile.
pub(super) fn take_over(
    tx: &Connection,
    path: &Path,
    sha256: &str,
    tables: &[SharedTable],
) -> Result<StateSum> {
    // The file is read twice, because a row may need a unique value that another row of this directory still has.
    delete_what_differs(tx, path, sha256, tables)?;
    insert_what_is_missing(tx, path, sha256, tables)
}

fn delete_what_differs(tx: &Connection, path: &Path, sha256: &str, tables: &[SharedTable]) -> Result<()> {
    let mut file = open(path, sha256)?;
    let mut visited = 0;
    let mut here: Option<Here<'_>> = None;
    loop {
        match file.next().map_err(|error| trouble(path, error))? {
            FileRecord::Table(name) => {
                here.take().map_or(Ok(()), Here::end)?;
                let table = tables.get(visited).filter(|table| table.name == name);
                here = Some(Here::begin(
                    tx,
                    table.ok_or_else(|| trouble(path, "it has other tables"))?,
                ));
                visited += 1;
            }
            FileRecord::Present(row) => {
                let here = here.as_mut().ok_or_else(|| trouble(path, "a row has no table"))?;
                here.compare(&row, path)?;
            }
            FileRecord::Gone(_) => return Err(trouble(path, "it is no base")),
            FileRecord::End(..) => {
                here.take().map_or(Ok(()), Here::end)?;
                let all = visited == tables.len();
                return if all {
                    Ok(())
                } else {
                    Err(trouble(path, "it has other tables"))
                };
            }
        }
    }
}

fn insert_what_is_missing(
    tx: &Connection,
    path: &Path,
    sha256: &str,
    tables: &[SharedTable],
) -> Result<StateSum> {
    let mut file = open(path, sha256)?;
    let mut sum = StateSum::default();
    let mut table: Option<(&SharedTable, String)> = None;
    loop {
        match file.next().map_err(|error| trouble(path, error))? {
            FileRecord::Table(name) => {
                let found = shared_tables::named(tables, &name)
                    .ok_or_else(|| trouble(path, "it has other tables"))?;
                let sql = format!(
                    "{} ON CONFLICT ({}) DO NOTHING",
                    found.insertion(),
                    found.key_list("")
                );
                table = Some((found, sql));
            }
            FileRecord::Present(packed) => {
                let (found, sql) = table
                    .as_ref()
                    .ok_or_else(|| trouble(path, "a row has no table"))?;
                sum.add(found.name, &packed);
                let row = params_from_iter(values(&packed, found, path)?);
                let inserted = tx.prepare_cached(sql)?.execute(row);
                inserted.map_err(|error| of_row(path, error.into()))?;
            }
            FileRecord::Gone(_) => return Err(trouble(path, "it is no base")),
            FileRecord::End(told, sequences) => {
                set_sequences(tx, tables, &sequences)?;
                return if told == sum {
                    Ok(sum)
                } else {
                    Err(trouble(path, "its sum differs from its rows"))
                };
            }
        }
    }
}

fn open(path: &Path, sha256: &str) -> Result<FileReader<File>> {
    let mut options = std::fs::OpenOptions::new();
    let opened = plain_file::open(path, options.read(true), Links::Refused);
    opened
        .and_then(|file| FileReader::begin(file, sha256))
        .map_err(|error| trouble(path, error))
}

/// The values of a row that came from a file.
pub(super) fn values(packed: &[u8], table: &SharedTable, path: &Path) -> Result<Vec<Value>> {
    let values = packed_row::values(packed)
        .ok()
        .filter(|values| values.len() == table.columns.len());
    values.ok_or_else(|| trouble(path, "a row has other columns"))
}

/// The key in a row.
pub(super) fn key_of(table: &SharedTable, row: &[Value]) -> Vec<Value> {
    table.key.iter().map(|place| row[*place].clone()).collect()
}

/// The rows of one table of this directory, in the order of the key, while they are compared with a base.
struct Here<'a> {
    tx: &'a Connection,
    table: &'a SharedTable,
    /// The next rows, each with its key.
    rows: VecDeque<(Vec<Value>, Vec<u8>)>,
    /// The key of the last row that was fetched; none before the first.
    last: Option<Vec<Value>>,
    ended: bool,
}

impl<'a> Here<'a> {
    fn begin(tx: &'a Connection, table: &'a SharedTable) -> Here<'a> {
        Here {
            tx,
            table,
            rows: VecDeque::new(),
            last: None,
            ended: false,
        }
    }

    /// Deletes the rows whose keys come before the key of the base's row, and the row with the same key if it differs.
    fn compare(&mut self, packed: &[u8], path: &Path) -> Result<()> {
        let key = key_of(self.table, &values(packed, self.table, path)?);
        loop {
            self.fetch()?;
            let Some((own, row)) = self.rows.front() else {
                return Ok(());
            };
            match order(own, &key) {
                Ordering::Greater => return Ok(()),
                Ordering::Equal if row == packed => {
                    self.rows.pop_front();
                    return Ok(());
                }
                Ordering::Equal | Ordering::Less => self.delete_first()?,
            }
        }
    }

    /// Deletes the rows after the last row of the base.
    fn end(mut self) -> Result<()> {
        loop {
            self.fetch()?;
            if self.rows.is_empty() {
                return Ok(());
            }
            self.delete_first()?;
        }
    }

    fn delete_first(&mut self) -> Result<()> {
        match self.rows.pop_front() {
            Some((key, _)) => recording::delete(self.tx, self.table, &key),
            None => Ok(()),
        }
    }

    /// Fetches rows if none is left. No statement stays open, because rows are deleted between two calls.
    fn fetch(&mut self) -> Result<()> {
        if self.ended || !self.rows.is_empty() {
            return Ok(());
        }
        let (columns, key) = (self.table.list(""), self.table.key_list(""));
        let places: Vec<String> = (1..=self.table.key.len())
            .map(|number| format!("?{number}"))
            .collect();
        let after = match self.last {
            Some(_) => format!("WHERE ({key}) > ({})", places.join(", ")),
            None => String::new(),
        };
        let sql = format!(
            "SELECT {columns} FROM \"{}\" {after} ORDER BY {key} LIMIT {CHUNK}",
            self.table.name
        );
        let mut statement = self.tx.prepare_cached(&sql)?;
        let mut found = statement.query(params_from_iter(self.last.iter().flatten()))?;
        while let Some(next) = found.next()? {
            let mut packed = Vec::new();
            for place in 0..self.table.columns.len() {
                packed_row::put(&mut packed, next.get_ref(place)?);
            }
            // Only the key is decoded, so that a row with a damaged value can still be replaced.
            let key = self.table.key.iter().map(|place| next.get(*place));
            self.rows
                .push_back((key.collect::<rusqlite::Result<_>>()?, packed));
        }
        self.ended = self.rows.len() < CHUNK;
        self.last = self.rows.back().map(|(key, _)| key.clone());
        Ok(())
    }
}

/// The order in which SQLite sorts keys of the types that the shared tables have.
fn order(one: &[Value], other: &[Value]) -> Ordering {
    let each = one.iter().zip(other).map(|pair| match pair {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) => one.as_bytes().cmp(other.as_bytes()),
        (Value::Blob(one), Value::Blob(other)) => one.cmp(other),
        _ => Ordering::Equal,
    });
    each.fold(Ordering::Equal, Ordering::then)
}

/// The last ids that were used in the shared tables.
pub(super) fn sequences(conn: &Connection) -> Result<Sequences> {
    let tables = shared_tables::shared(conn)?;
    let mut statement = conn.prepare_cached(SEQUENCES)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Sequences = found.collect::<rusqlite::Result<_>>()?;
    Ok(found
        .into_iter()
        .filter(|(name, _)| shared_tables::named(&tables, name).is_some())
        .collect())
}

/// Sets the last ids, so that new ids of this node follow those of the publisher.
pub(super) fn set_sequences(tx: &Connection, tables: &[SharedTable], sequences: &Sequences) -> Result<()> {
    for table in tables {
        tx.prepare_cached(FORGET_SEQUENCE)?.execute([table.name])?;
    }
    for (name, last) in sequences
        .iter()
        .filter(|(name, _)| shared_tables::named(tables, name).is_some())
    {
        tx.prepare_cached(SET_SEQUENCE)?
            .execute(rusqlite::params![name, last])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::increments::lineage::StateId;
    use crate::directory::increments::{file, is_trouble};
    use crate::directory::store::migrations;

    /// The hash of a base whose first table has this row, written to `path`.
    fn written(path: &Path, tables: &[SharedTable], row: &[u8]) -> String {
        let header = Header {
            format: file::FORMAT,
            schema: migrations::SCHEMA_VERSION,
            state: "5".repeat(StateId::DIGITS),
            from: None,
            before: None,
        };
        let mut sum = StateSum::default();
        let mut base = FileWriter::begin(File::create(path).expect("a file"), &header).expect("begin");
        for (place, table) in tables.iter().enumerate() {
            base.table(table.name).expect("a table");
            if place == 0 {
                base.present(row).expect("a row");
                sum.add(table.name, row);
            }
        }
        base.end(sum, &Vec::new()).expect("the end").1.sha256
    }

    #[test]
    fn a_row_that_does_not_fit_is_a_fault_of_the_file_and_none_of_ours() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("base");
        let mut directory = Connection::open_in_memory().expect("memory");
        migrations::run(&mut directory).expect("the schema");
        let tables = shared_tables::shared(&directory).expect("tables");
        let columns = tables[0].columns.len();
        for value in [
            Value::Null,
            Value::Text("x".to_owned()),
            Value::Real(0.5),
            Value::Blob(Vec::new()),
        ] {
            let mut row = Vec::new();
            for _ in 0..columns {
                packed_row::put(&mut row, (&value).into());
            }
            let sha256 = written(&path, &tables, &row);
            let taken = take_over(&directory, &path, &sha256, &tables);
            assert!(is_trouble(&taken.expect_err("refused")), "{value:?}");
        }
    }
}
