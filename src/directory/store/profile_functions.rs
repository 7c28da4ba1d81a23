//! SQL functions that read a stored profile.
//!
//! SQLite's own JSON functions end a whole statement at the first profile that is not JSON, and turn half of a
//! surrogate pair into bytes that are not text. These functions read as much as they can: a damaged profile matches no
//! question, and does not affect the answers about other users. Only statements call them, never the schema.

use std::borrow::Cow;

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use crate::contract::errors::Result;
use crate::directory::store::profile_values::{is_set, values};
use crate::directory::store::values::lossy_text;

/// `fold(x)`: folds a text; null stays null. Bytes that are not UTF-8 are replaced before folding.
///
/// `carries(profile, name, key)`: whether the attribute's value, or one of its elements, equals this key after folding.
///
/// `value_of(profile, name)`: the single value of the attribute in the form that is compared; null if there is none or
/// more than one.
///
/// `is_set(profile, name)`: whether the profile has the attribute and its value is not null.
pub(in crate::directory) fn register(connection: &Connection, fold: fn(&str) -> String) -> Result<()> {
    // Direct only, so that the schema of a manipulated file cannot call them.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("fold", 1, flags, move |context| {
        Ok(text(context, 0).map(|text| fold(&text)))
    })?;
    connection.create_scalar_function("carries", 3, flags, move |context| {
        let (profile, name, key) = (text(context, 0), text(context, 1), text(context, 2));
        let (Some(profile), Some(name), Some(key)) = (profile, name, key) else {
            return Ok(false);
        };
        let found = values(&profile, &[name]);
        Ok(found.iter().any(|found| fold(&found.value) == key))
    })?;
    connection.create_scalar_function("value_of", 2, flags, |context| {
        let (Some(profile), Some(name)) = (text(context, 0), text(context, 1)) else {
            return Ok(None);
        };
        let found = values(&profile, &[name]).into_iter().find(|found| !found.element);
        Ok(found.map(|found| found.value.into_owned()))
    })?;
    connection.create_scalar_function("is_set", 2, flags, |context| {
        let (profile, name) = (text(context, 0), text(context, 1));
        Ok(profile
            .zip(name)
            .is_some_and(|(profile, name)| is_set(&profile, &name)))
    })?;
    Ok(())
}

/// A text argument; none if the argument is null or not a text.
pub(super) fn text<'a>(context: &'a Context<'_>, index: usize) -> Option<Cow<'a, str>> {
    match context.get_raw(index) {
        ValueRef::Text(bytes) => Some(lossy_text(bytes)),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(sql: &str, profile: &[u8]) -> rusqlite::types::Value {
        let connection = Connection::open_in_memory().expect("open");
        register(&connection, |text| text.to_lowercase()).expect("register");
        connection
            .query_row(
                &format!("SELECT {sql} FROM (SELECT CAST(?1 AS TEXT) AS p)"),
                [profile],
                |row| row.get(0),
            )
            .expect(sql)
    }

    #[test]
    fn a_damaged_profile_answers_no_question_and_ends_no_statement() {
        use rusqlite::types::Value::{Integer, Null, Text};
        let sound = br#"{"a":"Sales","list":["X",7],"n":12345678901234567890123,"nil":null,"half":"\ud800"}"#;
        for (sql, expected) in [
            ("carries(p, 'a', 'sales')", Integer(1)),
            ("carries(p, 'list', '7')", Integer(1)),
            ("carries(p, 'nil', 'null')", Integer(0)),
            ("value_of(p, 'n')", Text("12345678901234567890123".to_owned())),
            ("value_of(p, 'list')", Null),
            ("is_set(p, 'nil')", Integer(0)),
            ("is_set(p, 'list')", Integer(1)),
            ("is_set(p, 'a.b')", Integer(0)),
            ("value_of(p, 'half')", Null),
            ("fold(p) IS NOT NULL", Integer(1)),
            ("fold(NULL)", Null),
        ] {
            assert_eq!(ask(sql, sound), expected, "{sql}");
        }
        for damaged in [
            &b"{\"a\":\"Sa"[..],
            b"",
            b"[1]",
            b"{\"a\":\"\xff\xfe\"}",
            b"not JSON",
        ] {
            for sql in ["carries(p, 'a', 'sales')", "is_set(p, 'b')"] {
                assert_eq!(ask(sql, damaged), Integer(0), "{sql}");
            }
            assert_eq!(ask("value_of(p, 'b')", damaged), Null);
        }
    }
}
