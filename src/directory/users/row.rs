//! How an Okta user is stored in a row: the columns, the values copied out of the profile, and the way back.
//!
//! The copies (login, e-mail, display name and the folded keys) are derived from the profile whenever a row
//! is written, and are never read back into the model.

use rusqlite::{Row, Statement, ToSql};

use crate::contract::errors::Result;
use crate::directory::store::values::{lossy, optional_text};
use crate::directory::users::content_hash::ContentHash;
use crate::model::{OktaUser, Profile};

/// The columns that make an [`OktaUser`], of the table or alias named, in the order of [`read`].
macro_rules! okta_user_columns {
    ($table:literal) => {
        okta_user_columns!($table, $table)
    };
    // Staged rows do not repeat the Okta id.
    ($table:literal, $content:literal) => {
        concat!(
            $table,
            ".okta_id, ",
            $content,
            ".status, ",
            $content,
            ".type_id, ",
            $content,
            ".realm_id, ",
            $content,
            ".created, ",
            $content,
            ".activated, ",
            $content,
            ".status_changed, ",
            $content,
            ".last_login, ",
            $content,
            ".last_updated, ",
            $content,
            ".password_changed, ",
            $content,
            ".profile"
        )
    };
}
pub(in crate::directory) use okta_user_columns;

/// How many columns [`read`] takes.
pub(in crate::directory) const WIDTH: usize = 11;

/// Reads the user whose columns begin at `first`.
pub(in crate::directory) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<OktaUser> {
    Ok(OktaUser {
        id: lossy(row, first)?.into_owned(),
        status: lossy(row, first + 1)?.into_owned(),
        type_id: optional_text(row, first + 2)?,
        realm_id: optional_text(row, first + 3)?,
        created: row.get(first + 4)?,
        activated: row.get(first + 5)?,
        status_changed: row.get(first + 6)?,
        last_login: row.get(first + 7)?,
        last_updated: row.get(first + 8)?,
        password_changed: row.get(first + 9)?,
        profile: Profile::from_stored(lossy(row, first + 10)?.into_owned()),
    })
}

/// A user on its way into a row.
pub(super) struct Written<'a> {
    user: &'a OktaUser,
    profile: &'a str,
    hash: &'a ContentHash,
    named: Copies,
}

impl<'a> Written<'a> {
    pub(super) fn new(user: &'a OktaUser, hash: &'a ContentHash) -> Written<'a> {
        Written {
            user,
            profile: user.profile.as_json(),
            hash,
            named: Copies::of(&user.profile),
        }
    }

    /// Runs a statement that writes a user's content, which are its first parameters; `more` follow.
    pub(super) fn execute(&self, statement: &mut Statement<'_>, more: &[&dyn ToSql]) -> Result<()> {
        self.bind(statement, more)?;
        statement.raw_execute()?;
        Ok(())
    }

    /// Binds the content, in this order (numbers, because SQLite finds a name by comparing it with one after the
    /// other), and `more` behind it.
    pub(super) fn bind(&self, statement: &mut Statement<'_>, more: &[&dyn ToSql]) -> Result<()> {
        let content: [&dyn ToSql; 15] = [
            self.hash,
            &self.user.status,
            &self.user.type_id,
            &self.user.realm_id,
            &self.user.created,
            &self.user.activated,
            &self.user.status_changed,
            &self.user.last_login,
            &self.user.last_updated,
            &self.user.password_changed,
            &self.named.login,
            &self.named.email,
            &self.named.display_name,
            &self.named.login_local_part,
            &self.profile,
        ];
        for (number, value) in (1..).zip(content.iter().chain(more)) {
            statement.raw_bind_parameter(number, value)?;
        }
        Ok(())
    }
}

/// The values that the directory copies out of a profile.
struct Copies {
    login: String,
    email: String,
    display_name: String,
    login_local_part: String,
}

impl Copies {
    fn of(profile: &Profile) -> Copies {
        let texts = profile.texts(["login", "email", "displayName", "firstName", "lastName"]);
        let [login, email, mut display_name, first, last] =
            texts.map(|text| text.unwrap_or_default().into_owned());
        // Of several @ the last one separates: the part before it may be quoted and contain more (RFC 5321
        // §4.1.2).
        let login_local_part = match login.rsplit_once('@') {
            Some((local_part, _)) => local_part.to_owned(),
            None => login.clone(),
        };
        if display_name.trim().is_empty() {
            display_name = format!("{} {}", first.trim(), last.trim()).trim().to_owned();
        }
        Copies {
            login,
            email,
            display_name,
            login_local_part,
        }
    }
}
