//! Writes the content of users: live rows, staged rows, and the publication of staged rows.
//!
//! The statements here run for every user of every page, so each finds its row by primary key or `okta_id`.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::users::content_hash::ContentHash;
use crate::directory::users::row::{self, Written, okta_user_columns};
use crate::directory::users::user_set::UserSet;
use crate::model::{OktaUser, RunId};

/// What the directory knows about a user before a page is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUser {
    /// The user's number in the directory.
    pub user_no: i64,
    /// Fingerprint of the live row.
    pub content_hash: ContentHash,
    /// The run that inserted the user. Readers do not see the user until that run is published.
    pub inserted_run: RunId,
    /// Whether the user was missing in the last complete run.
    pub absent: bool,
    /// `lastUpdated` of the live row.
    pub last_updated: Option<UnixMillis>,
    /// Fingerprint of the staged row, if there is one.
    pub staged: Option<ContentHash>,
    /// `lastUpdated` of the staged row.
    pub staged_last_updated: Option<UnixMillis>,
    /// Whether the live row differs from its fingerprint; see [`KnownUsers::holds`].
    pub damaged: bool,
}

statement!(KNOWN = "
    SELECT u.user_no, u.content_hash, u.inserted_run, u.absent_since IS NOT NULL, u.last_updated, s.content_hash,
           s.last_updated
      FROM users AS u
      LEFT JOIN staged_users AS s ON s.user_no = u.user_no
     WHERE u.okta_id = ?1");

// The content of a row, listed once: each column with the value that is written into it. `?n` is the n-th value of
// `Written`, and `?` is the value after the greatest number so far. Tables, staging, publication and the test below use
// this list.
macro_rules! content {
    ($form:ident) => {
        $crate::model::user_fields!(content_with; $form)
    };
}

macro_rules! content_with {
    ($form:ident; $($field:ident: $kind:ident = $okta:literal),*) => {
        $form!(
            content_hash = "?1",
            status = "?2",
            login = "?3",
            email = "?4",
            display_name = "?5",
            login_key = "fold(?3)",
            email_key = "fold(?4)",
            login_local_part_key = "fold(?6)",
            name_key = "fold(?5)",
            profile = "?7",
            search_text = "search_text(?5, ?7, ?3, ?4)"
            $(, $field = "?")*
        )
    };
}

macro_rules! columns {
    ($first:ident = $_:literal $(, $column:ident = $value:literal)*) => {
        concat!(stringify!($first) $(, ", ", stringify!($column))*)
    };
}

macro_rules! values {
    ($_:ident = $first:literal $(, $column:ident = $value:literal)*) => {
        concat!($first $(, ", ", $value)*)
    };
}

macro_rules! assignments {
    ($first:ident = $to:literal $(, $column:ident = $value:literal)*) => {
        concat!(stringify!($first), " = ", $to $(, ", ", stringify!($column), " = ", $value)*)
    };
}

macro_rules! from_staged {
    ($first:ident = $_:literal $(, $column:ident = $value:literal)*) => {
        concat!(
            stringify!($first), " = staged.", stringify!($first)
            $(, ", ", stringify!($column), " = staged.", stringify!($column))*
        )
    };
}

macro_rules! comparisons {
    ($first:ident = $to:literal $(, $column:ident = $value:literal)*) => {
        concat!(stringify!($first), " IS ", $to $(, " AND ", stringify!($column), " IS ", $value)*)
    };
}

// Comparing a row costs less than computing its fingerprint. It also checks the columns that no fingerprint covers: the
// copies and keys that look-ups and matching use.
statement!(
    HOLDS = concat!(
        "SELECT 1 FROM users WHERE ",
        content!(comparisons),
        " AND user_no = ? AND okta_id = ?"
    )
);

statement!(
    INSERT = concat!(
        "INSERT INTO users (",
        content!(columns),
        ", okta_id, inserted_run) VALUES (",
        content!(values),
        ", ?, ?)"
    )
);

statement!(REPLACE = concat!("UPDATE users SET ", content!(assignments), " WHERE user_no = ?"));

statement!(
    STAGE = concat!(
        "INSERT OR REPLACE INTO staged_users (",
        content!(columns),
        ", user_no, run) VALUES (",
        content!(values),
        ", ?, ?)"
    )
);

statement!(UNSTAGE = "DELETE FROM staged_users WHERE user_no = ?1");

// Reads the staged rows, which all belong to the one unfinished run, and never all users, even if the planner expects
// few users. CROSS JOIN forces this order here; the plus sign forces it in the next statement.
statement!(EACH_STAGED, in order = concat!(
    "SELECT staged.user_no, u.absent_since IS NOT NULL, u.content_hash, staged.content_hash, ",
    okta_user_columns!("u"),
    ", ",
    okta_user_columns!("u", "staged"),
    " FROM staged_users AS staged
     CROSS JOIN users AS u ON u.user_no = staged.user_no
     WHERE staged.run = ?1
     ORDER BY staged.user_no"
));

statement!(
    PUBLISH = concat!(
        "UPDATE users SET ",
        content!(from_staged),
        " FROM staged_users AS staged WHERE users.user_no = +staged.user_no AND staged.run = ?1"
    )
);

statement!(STAGED = "SELECT user_no FROM staged_users WHERE run = ?1");

statement!(FORGET_STAGED = "DELETE FROM staged_users WHERE run = ?1");

// ON DELETE CASCADE also deletes the staged rows of these users.
statement!(
    DROP_INSERTED = "
    DELETE FROM users INDEXED BY users_presence
     WHERE inserted_run = ?1 AND inserted_run > (SELECT published_run FROM directory)"
);

/// What is known about the user with this Okta id. Users of an unpublished run are included.
pub fn known(conn: &Connection, okta_id: &str) -> Result<Option<KnownUser>> {
    KnownUsers::new(conn)?.get(okta_id)
}

/// Looks up users one after the other. Its statements are compiled once for all of them.
pub struct KnownUsers<'conn> {
    known: CachedStatement<'conn>,
    holds: CachedStatement<'conn>,
}

impl<'conn> KnownUsers<'conn> {
    /// For the users of one page.
    pub fn new(conn: &'conn Connection) -> Result<KnownUsers<'conn>> {
        Ok(KnownUsers {
            known: conn.prepare_cached(KNOWN)?,
            holds: conn.prepare_cached(HOLDS)?,
        })
    }

    /// Looks up the user with this Okta id. Users of an unpublished run are included.
    pub fn get(&mut self, okta_id: &str) -> Result<Option<KnownUser>> {
        let known = self.known.query_row([okta_id], |row| {
            Ok(KnownUser {
                user_no: row.get(0)?,
                content_hash: row.get(1)?,
                inserted_run: row.get(2)?,
                absent: row.get(3)?,
                last_updated: row.get(4)?,
                staged: row.get(5)?,
                staged_last_updated: row.get(6)?,
                damaged: false,
            })
        });
        Ok(known.optional()?)
    }

    /// Whether every column of a user's live row holds what Okta sent, including copies and keys. If the fingerprint of
    /// the row is right but this is false, the disk has changed the row.
    pub fn holds(&mut self, user_no: i64, user: &OktaUser, hash: &ContentHash) -> Result<bool> {
        Written::new(user, hash).bind(&mut self.holds, &[&user_no, &user.id])?;
        Ok(self.holds.raw_query().next()?.is_some())
    }
}

/// Inserts users that no run has seen before. Readers see them when `run` is published.
pub fn insert(tx: &Transaction<'_>, run: RunId, users: &[(OktaUser, ContentHash)]) -> Result<()> {
    let mut insert = tx.prepare_cached(INSERT)?;
    users
        .iter()
        .try_for_each(|(user, hash)| Written::new(user, hash).execute(&mut insert, &[&user.id, &run]))
}

/// Overwrites the content of a live row.
///
/// During a run use it only for users that this run inserted. Readers would see the change of any other user before the
/// publication.
pub fn replace(tx: &Transaction<'_>, user_no: i64, user: &OktaUser, hash: &ContentHash) -> Result<()> {
    Written::new(user, hash).execute(&mut *tx.prepare_cached(REPLACE)?, &[&user_no])
}

/// Stages new content of a published user until `run` is published. It replaces earlier staged content.
pub fn stage(
    tx: &Transaction<'_>,
    run: RunId,
    user_no: i64,
    user: &OktaUser,
    hash: &ContentHash,
) -> Result<()> {
    Written::new(user, hash).execute(&mut *tx.prepare_cached(STAGE)?, &[&user_no, &run])
}

/// Deletes the staged content of a user, because Okta now sent the same content as the live row has.
pub fn unstage(tx: &Transaction<'_>, user_no: i64) -> Result<()> {
    tx.prepare_cached(UNSTAGE)?.execute([user_no])?;
    Ok(())
}

/// A user with its content before and after publishing.
#[derive(Clone, Debug, PartialEq)]
pub struct StagedUser {
    /// The user's number in the directory.
    pub user_no: i64,
    /// Whether the user is absent before publishing.
    pub absent: bool,
    /// The live content.
    pub before: OktaUser,
    /// The staged content.
    pub after: OktaUser,
    /// Fingerprint of `before`.
    pub hash_before: ContentHash,
    /// Fingerprint of `after`.
    pub hash_after: ContentHash,
}

/// Calls `each` for every user that `run` has staged, with one user in memory at a time. `each` may write to other
/// tables, but must neither stage nor unstage.
pub fn each_staged(
    conn: &Connection,
    run: RunId,
    mut each: impl FnMut(StagedUser) -> Result<()>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(EACH_STAGED)?;
    let mut rows = statement.query([run])?;
    while let Some(row) = rows.next()? {
        each(StagedUser {
            user_no: row.get(0)?,
            absent: row.get(1)?,
            hash_before: row.get(2)?,
            hash_after: row.get(3)?,
            before: row::read(row, 4)?,
            after: row::read(row, 4 + row::WIDTH)?,
        })?;
    }
    Ok(())
}

/// The users that `run` has staged.
pub fn staged(conn: &Connection, run: RunId) -> Result<UserSet> {
    let mut statement = conn.prepare_cached(STAGED)?;
    let users = statement.query_map([run], |row| row.get(0))?;
    Ok(users.collect::<rusqlite::Result<_>>()?)
}

/// Makes the staged content of `run` live, in one statement. Returns how many users were rewritten.
pub fn publish_staged(tx: &Transaction<'_>, run: RunId) -> Result<u64> {
    let published = tx.prepare_cached(PUBLISH)?.execute([run])?;
    tx.prepare_cached(FORGET_STAGED)?.execute([run])?;
    Ok(published as u64)
}

/// Deletes what an unpublished run wrote: its staged content and the users that it inserted. For a published run this
/// does nothing.
pub fn drop_unpublished(tx: &Transaction<'_>, run: RunId) -> Result<()> {
    tx.prepare_cached(FORGET_STAGED)?.execute([run])?;
    tx.prepare_cached(DROP_INSERTED)?.execute([run])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rusqlite::Connection;

    use crate::directory::store::migrations;

    #[test]
    fn the_list_names_every_column_of_both_tables() {
        let listed: BTreeSet<&str> = content!(columns).split(", ").collect();
        let keys = [
            (
                "users",
                vec!["user_no", "okta_id", "inserted_run", "absent_since"],
            ),
            ("staged_users", vec!["user_no", "run"]),
        ];
        let mut directory = Connection::open_in_memory().expect("memory");
        migrations::run(&mut directory).expect("the schema");
        for (table, keys) in keys {
            let mut names = directory
                .prepare("SELECT name FROM pragma_table_info(?1)")
                .expect("a statement");
            let names = names.query_map([table], |row| row.get(0)).expect("names");
            let columns: Vec<String> = names.collect::<rusqlite::Result<_>>().expect("texts");
            let there: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
            let expected: BTreeSet<&str> = listed.iter().copied().chain(keys).collect();
            assert_eq!(there, expected, "{table}");
        }
    }
}
