//! How the model's own types are stored in columns: times, run numbers, counts, state names.
//!
//! Counts are u64 in the model and i64 in SQLite; both conversions saturate instead of wrapping.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::clock::UnixMillis;
use crate::model::{ChangeKind, MatchState, RunId, RunMode, RunReason, RunState};

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

/// A count as a column stores it.
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
