//! Users with the same login. Okta gives a login to one user at a time, so one of two such users was deleted or has
//! another login now.

use rusqlite::Connection;

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::users::user_set::UserSet;
use crate::model::RunId;

/// A user that shares a login with another user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namesake {
    /// The number of the user.
    pub user_no: i64,
    /// Okta's id of the user.
    pub okta_id: String,
    /// Whether the unfinished run inserted the user.
    pub is_new: bool,
}

// Reads only users that the run inserted or changed, and users with the same login as one of these. CROSS JOIN is
// needed: the planner would read the logins of all users, although a delta run changes few.
statement!(
    OF_RUN = "
    WITH moved (user_no, login_key) AS MATERIALIZED (
        SELECT user_no, login_key FROM users INDEXED BY users_presence WHERE inserted_run = ?1
        UNION ALL
        SELECT user_no, login_key FROM staged_users WHERE run = ?1
    )
    SELECT moved.user_no, other.user_no
      FROM moved CROSS JOIN users AS other INDEXED BY users_login ON other.login_key = moved.login_key
     WHERE moved.login_key <> ''
       AND other.user_no <> moved.user_no
       AND other.absent_since IS NULL
     LIMIT ?2"
);

// SQLite answers this from the index `users_login` alone.
statement!(
    OF_ALL = "
    SELECT login_key
      FROM users INDEXED BY users_login
     WHERE login_key <> '' AND absent_since IS NULL
     GROUP BY login_key
    HAVING count(*) > 1
     LIMIT ?1"
);

statement!(
    BY_LOGIN = "
    SELECT user_no
      FROM users INDEXED BY users_login
     WHERE login_key = ?1 AND absent_since IS NULL"
);

statement!(WHO = "SELECT okta_id, inserted_run = ?2 FROM users WHERE user_no = ?1");

// The staged login of a user, if there is staged content. A user whose login changes no longer shares the old login.
statement!(
    NEW_LOGIN = "
    SELECT staged.login_key <> users.login_key
      FROM staged_users AS staged JOIN users USING (user_no)
     WHERE staged.user_no = ?1"
);

/// Users that share a login with a user that `run` inserted or changed. Both users of each pair are returned; at most
/// `most` pairs are read.
pub fn namesakes_of_run(conn: &Connection, run: RunId, most: u32) -> Result<Vec<Namesake>> {
    let mut statement = conn.prepare_cached(OF_RUN)?;
    let mut rows = statement.query((run, most))?;
    let mut found = UserSet::new();
    while let Some(row) = rows.next()? {
        let (moved, other): (i64, i64) = (row.get(0)?, row.get(1)?);
        if !has_new_login(conn, other)? {
            found.insert(moved);
            found.insert(other);
        }
    }
    describe(conn, run, &found)
}

/// All users that share a login. At most `most` logins are read.
pub fn namesakes(conn: &Connection, run: RunId, most: u32) -> Result<Vec<Namesake>> {
    let mut found = UserSet::new();
    let mut logins = conn.prepare_cached(OF_ALL)?;
    let mut logins = logins.query([most])?;
    let mut by_login = conn.prepare_cached(BY_LOGIN)?;
    while let Some(login) = logins.next()? {
        let mut users = by_login.query([login.get::<_, String>(0)?])?;
        while let Some(user) = users.next()? {
            let user_no = user.get(0)?;
            if !has_new_login(conn, user_no)? {
                found.insert(user_no);
            }
        }
    }
    describe(conn, run, &found)
}

fn has_new_login(conn: &Connection, user_no: i64) -> Result<bool> {
    let mut statement = conn.prepare_cached(NEW_LOGIN)?;
    let mut rows = statement.query([user_no])?;
    Ok(match rows.next()? {
        Some(row) => row.get(0)?,
        None => false,
    })
}

fn describe(conn: &Connection, run: RunId, found: &UserSet) -> Result<Vec<Namesake>> {
    let mut who = conn.prepare_cached(WHO)?;
    let described = found.iter().map(|user_no| {
        who.query_row((user_no, run), |row| {
            Ok(Namesake {
                user_no,
                okta_id: row.get(0)?,
                is_new: row.get(1)?,
            })
        })
    });
    Ok(described.collect::<rusqlite::Result<_>>()?)
}
