//! How an Okta user is stored in a row: the columns, the values that are copied out of the profile, and how a row is
//! read.
//!
//! The copies (login, e-mail, display name and the folded keys) are derived from the profile whenever a row
//! is written, and are never read back into the model.

use rusqlite::{Row, Statement, ToSql};

use crate::contract::errors::Result;
use crate::directory::store::values::{lossy, optional_text};
use crate::directory::users::content_hash::ContentHash;
use crate::model::{OktaUser, Profile, display_name, user_fields};

/// The columns of an [`OktaUser`] in the given table or alias, in the order of [`read`].
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
            ".status",
            $crate::model::user_fields!(crate::directory::users::row::field_columns; $content),
            ", ",
            $content,
            ".profile"
        )
    };
}

macro_rules! field_columns {
    ($table:literal; $($field:ident: $kind:ident = $okta:literal),*) => {
        concat!($(", ", $table, ".", stringify!($field)),*)
    };
}
pub(in crate::directory) use {field_columns, okta_user_columns};

macro_rules! count {
    ($($field:ident: $kind:ident = $okta:literal),*) => {
        [$(stringify!($field)),*].len()
    };
}

/// How many fields are between the status and the profile.
const FIELDS: usize = user_fields!(count);

/// How many columns [`read`] reads.
pub(in crate::directory) const WIDTH: usize = 3 + FIELDS;

/// Reads the user whose columns begin at `first`.
pub(in crate::directory) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<OktaUser> {
    let mut column = first + 1;
    let mut next = || {
        column += 1;
        column
    };
    macro_rules! value {
        (Text) => {
            optional_text(row, next())?
        };
        (Time) => {
            row.get(next())?
        };
    }
    // Rust evaluates the fields of a struct literal in the order in which they are written.
    macro_rules! user {
        ($($field:ident: $kind:ident = $okta:literal),*) => {
            OktaUser {
                id: lossy(row, first)?.into_owned(),
                status: lossy(row, first + 1)?.into_owned(),
                $($field: value!($kind),)*
                profile: Profile::from_stored(lossy(row, next())?.into_owned()),
            }
        };
    }
    Ok(user_fields!(user))
}

/// The values of a user that are written into a row.
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

    /// Runs a statement that writes a user's content. The content is bound to the first parameters, and `more` to the
    /// next ones.
    pub(super) fn execute(&self, statement: &mut Statement<'_>, more: &[&dyn ToSql]) -> Result<()> {
        self.bind(statement, more)?;
        statement.raw_execute()?;
        Ok(())
    }

    /// Binds the content in this order, and then `more`. Parameters have numbers, because SQLite would compare a name
    /// with all names one after the other.
    pub(super) fn bind(&self, statement: &mut Statement<'_>, more: &[&dyn ToSql]) -> Result<()> {
        let copied: [&dyn ToSql; 7] = [
            self.hash,
            &self.user.status,
            &self.named.login,
            &self.named.email,
            &self.named.display_name,
            &self.named.login_local_part,
            &self.profile,
        ];
        macro_rules! fields {
            ($($field:ident: $kind:ident = $okta:literal),*) => { [$(&self.user.$field as &dyn ToSql),*] };
        }
        let fields = user_fields!(fields);
        let content = copied.iter().chain(&fields);
        for (number, value) in (1..).zip(content.chain(more)) {
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
        let [login, email, first, last, display] =
            profile.texts(OktaUser::NAMING).map(Option::unwrap_or_default);
        // The last @ separates the two parts, because the part before it may be quoted and contain more of them (RFC
        // 5321 §4.1.2).
        let login_local_part = match login.rsplit_once('@') {
            Some((local_part, _)) => local_part.to_owned(),
            None => login.clone().into_owned(),
        };
        Copies {
            display_name: display_name(&display, &first, &last),
            login: login.into_owned(),
            email: email.into_owned(),
            login_local_part,
        }
    }
}
