//! How the model's own types are stored in columns: times, run numbers, counts, state names.
//!
//! Counts are u64 in the model and i64 in SQLite; both conversions saturate instead of wrapping.

use std::borrow::Cow;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{MappedRows, Row};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::model::{ChangeKind, MatchState, RunId, RunMode, RunReason, RunState};
use crate::resources;

impl ToSql for UnixMillis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0))
    }
}

impl FromSql for UnixMillis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<UnixMillis> {
        i64::column_result(value).map(UnixMillis)
    }
}

impl ToSql for RunId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0))
    }
}

impl FromSql for RunId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<RunId> {
        i64::column_result(value).map(RunId)
    }
}

impl FromSql for MatchState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<MatchState> {
        MatchState::from_name(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for RunState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<RunState> {
        RunState::from_name(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for RunMode {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<RunMode> {
        RunMode::from_name(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for RunReason {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<RunReason> {
        RunReason::from_name(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for ChangeKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<ChangeKind> {
        ChangeKind::from_name(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

/// A text from a row. Bytes that are not UTF-8, as after a disk error, become U+FFFD. One damaged value must not make
/// its row, or all other rows of the answer, unreadable.
pub(in crate::directory) fn lossy<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<Cow<'a, str>> {
    Ok(lossy_text(row.get_ref(column)?.as_bytes()?))
}

/// A text from bytes. Almost all texts are valid, and checking that first is many times faster than `from_utf8_lossy`,
/// which reads byte by byte.
pub(super) fn lossy_text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// A text from a row, as a value that rusqlite can read.
pub(in crate::directory) struct LossyText(pub(in crate::directory) String);

impl FromSql for LossyText {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<LossyText> {
        value
            .as_bytes()
            .map(|bytes| LossyText(lossy_text(bytes).into_owned()))
    }
}

/// A text of a column that may be null.
pub(in crate::directory) fn optional_text(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    Ok(row.get::<_, Option<LossyText>>(column)?.map(|text| text.0))
}

/// All rows of an answer. Fails if memory does not suffice.
pub(in crate::directory) fn collected<T, F>(rows: MappedRows<'_, F>) -> Result<Vec<T>>
where
    F: FnMut(&Row<'_>) -> rusqlite::Result<T>,
{
    let mut all = Vec::new();
    for row in rows {
        resources::check()?;
        resources::grow(&mut all, 1)?;
        all.push(row?);
    }
    Ok(all)
}

/// A count in the form that a column holds.
pub(in crate::directory) struct Count(pub(in crate::directory) u64);

impl ToSql for Count {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(i64::try_from(self.0).unwrap_or(i64::MAX)))
    }
}

impl FromSql for Count {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Count> {
        i64::column_result(value).map(|number| Count(u64::try_from(number).unwrap_or(0)))
    }
}
