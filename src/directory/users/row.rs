//! How an Okta user stands in a row: which columns, what is copied out of the profile, and back.
//!
//! The copies (login, e-mail, display name and the folded keys) are derived from the profile
//! whenever a row is written and never read back into the model.

use rusqlite::{Row, ToSql};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::directory::content_hash::ContentHash;
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
        id: row.get(first)?,
        status: row.get(first + 1)?,
        type_id: row.get(first + 2)?,
        realm_id: row.get(first + 3)?,
        created: row.get(first + 4)?,
        activated: row.get(first + 5)?,
        status_changed: row.get(first + 6)?,
        last_login: row.get(first + 7)?,
        last_updated: row.get(first + 8)?,
        password_changed: row.get(first + 9)?,
        profile: Profile::from_stored(row.get(first + 10)?),
    })
}

/// A user on its way into a row.
pub(super) struct Written<'a> {
    user: &'a OktaUser,
    profile: &'a str,
    hash: &'a ContentHash,
    named: Named,
}

impl<'a> Written<'a> {
    pub(super) fn new(user: &'a OktaUser, hash: &'a ContentHash) -> Written<'a> {
        Written {
            user,
            profile: user.profile.as_json(),
            hash,
            named: Named::of(&user.profile),
        }
    }

    /// The named parameters of every statement that writes a user's content.
    pub(super) fn parameters(&self) -> Vec<(&'static str, &dyn ToSql)> {
        vec![
            (":content_hash", self.hash),
            (":status", &self.user.status),
            (":type_id", &self.user.type_id),
            (":realm_id", &self.user.realm_id),
            (":created", &self.user.created),
            (":activated", &self.user.activated),
            (":status_changed", &self.user.status_changed),
            (":last_login", &self.user.last_login),
            (":last_updated", &self.user.last_updated),
            (":password_changed", &self.user.password_changed),
            (":login", &self.named.login),
            (":email", &self.named.email),
            (":display_name", &self.named.display_name),
            (":login_local_part", &self.named.login_local_part),
            (":profile", &self.profile),
        ]
    }
}

/// What the directory copies out of a profile.
struct Named {
    login: String,
    email: String,
    display_name: String,
    login_local_part: String,
}

/// The attributes that matter here, undecoded: the rest of the profile is skipped, not parsed.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Attributes<'a> {
    #[serde(borrow)]
    login: Option<&'a RawValue>,
    #[serde(borrow)]
    email: Option<&'a RawValue>,
    #[serde(borrow)]
    display_name: Option<&'a RawValue>,
    #[serde(borrow)]
    first_name: Option<&'a RawValue>,
    #[serde(borrow)]
    last_name: Option<&'a RawValue>,
}

impl Named {
    fn of(profile: &Profile) -> Named {
        let attributes: Attributes<'_> = serde_json::from_str(profile.as_json()).unwrap_or_default();
        let login = text(attributes.login);
        // With several @ the last one separates: what is before it may be quoted (RFC 5321 §4.1.2).
        let login_local_part = match login.rsplit_once('@') {
            Some((local_part, _)) => local_part.to_owned(),
            None => login.clone(),
        };
        let mut display_name = text(attributes.display_name);
        if display_name.trim().is_empty() {
            let (first, last) = (text(attributes.first_name), text(attributes.last_name));
            display_name = format!("{} {}", first.trim(), last.trim()).trim().to_owned();
        }
        Named {
            login,
            email: text(attributes.email),
            display_name,
            login_local_part,
        }
    }
}

/// The attribute if it is a text, else nothing.
fn text(value: Option<&RawValue>) -> String {
    value
        .and_then(|value| serde_json::from_str(value.get()).ok())
        .unwrap_or_default()
}
