//! What is asked for of each user and kept of the answer: profile attributes by name.
//!
//! What is not kept is dropped while the answer is read, so it never reaches the disk. Where the names
//! of all wanted attributes are known, Okta can be asked for no more than these (the `fields` parameter of
//! listUsers). Whether an org honours it shows only in its answers, so it is tried out first, with the
//! same users asked for both ways; any difference, and the directory asks for whole users as before.

use crate::contract::errors::{ErrorCode, Result};
use crate::model::{AttributeFilter, OktaUser};
use crate::okta::client::OktaClient;
use crate::okta::client::ask::Ask;
use crate::okta::client::page::Cursor;
use crate::okta::users;

/// Users that both answers are compared by.
const SAMPLE: &str = "/api/v1/users?limit=20&search=status+pr";
/// What the directory keeps beside the profile.
const OWN_FIELDS: &str =
    "id,status,created,activated,statusChanged,lastLogin,lastUpdated,passwordChanged,type,realmId";

/// What is wanted of each user.
#[derive(Clone, Debug, Default)]
pub struct UserFields {
    filter: AttributeFilter,
    /// The `fields` parameter, encoded; none: whole users are asked for.
    parameter: Option<String>,
}

impl UserFields {
    /// Keeps what the filter keeps, and asks for whole users.
    pub fn whole(filter: AttributeFilter) -> UserFields {
        UserFields {
            filter,
            parameter: None,
        }
    }

    /// Keeps what the filter keeps, and asks for no more. None if that cannot be asked for.
    pub fn projected(filter: AttributeFilter) -> Option<UserFields> {
        let names = filter.kept()?;
        let is_plain = |name: &String| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if !names.iter().all(is_plain) {
            return None;
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let fields = format!("{OWN_FIELDS},profile:({})", names.join(","));
        let parameter = url::form_urlencoded::byte_serialize(fields.as_bytes()).collect();
        Some(UserFields {
            filter,
            parameter: Some(parameter),
        })
    }

    /// The filter.
    pub(in crate::okta) fn filter(&self) -> &AttributeFilter {
        &self.filter
    }

    /// The same page, asked for with these fields and no others. Everything else stays letter by letter.
    pub(in crate::okta) fn ask(&self, cursor: &Cursor) -> Cursor {
        let (path, query) = cursor.as_str().split_once('?').unwrap_or((cursor.as_str(), ""));
        let others = query
            .split('&')
            .filter(|one| !one.is_empty() && !one.starts_with("fields="));
        let own = self.parameter.as_ref().map(|fields| format!("fields={fields}"));
        let parameters: Vec<&str> = others.chain(own.as_deref()).collect();
        if parameters.is_empty() {
            return Cursor::of(path.to_owned());
        }
        Cursor::of(format!("{path}?{}", parameters.join("&")))
    }
}

impl OktaClient {
    /// Asks for these fields of users from now on, and keeps no others.
    pub fn want(&mut self, wanted: UserFields) {
        self.wanted = wanted;
    }
}

/// Whether the org honours these fields: the same users, asked for whole and projected, must come out
/// the same, and in fewer bytes. Only a cancel is an error; whatever else happens means no.
pub async fn is_honoured(client: &OktaClient, fields: &UserFields) -> Result<bool> {
    let Ok(sample) = SAMPLE.parse() else {
        return Ok(false);
    };
    let whole = UserFields::whole(fields.filter.clone());
    let (whole, projected) = (whole.ask(&sample), fields.ask(&sample));
    let mut seen: Vec<(Vec<OktaUser>, usize)> = Vec::new();
    for cursor in [&whole, &projected] {
        let read = client
            .ask(&Ask::new(cursor.as_str()).headers(&[users::OMIT]))
            .await;
        let users = read.and_then(|answer| {
            let size = answer.body.len();
            Ok((users::decode(&answer.body, &fields.filter)?.items, size))
        });
        match users {
            Ok(users) => seen.push(users),
            Err(error) if error.code() == ErrorCode::Cancelled => return Err(error),
            Err(_) => return Ok(false),
        }
    }
    let [(whole, size), (projected, projected_size)] = seen.as_slice() else {
        return Ok(false);
    };
    Ok(!whole.is_empty() && whole == projected && projected_size < size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::settings::Settings;

    fn fields(keep: &str) -> Option<UserFields> {
        let mut settings = Settings::default();
        settings.set("attributes.keep", keep).expect("a text");
        UserFields::projected(AttributeFilter::from_settings(&settings, &[]))
    }

    #[test]
    fn a_cursor_is_asked_with_the_fields_in_force_and_no_others() {
        let projected = fields("title").expect("names are known");
        let asked = projected.ask(&"/api/v1/users?after=00u%2F1&limit=200".parse().expect("a cursor"));
        assert_eq!(
            asked.as_str(),
            "/api/v1/users?after=00u%2F1&limit=200&fields=id%2Cstatus%2Ccreated%2Cactivated%2CstatusChanged\
             %2ClastLogin%2ClastUpdated%2CpasswordChanged%2Ctype%2CrealmId%2C\
             profile%3A%28email%2Clogin%2CmanagerId%2Ctitle%29"
        );
        assert_eq!(projected.ask(&asked), asked);
        let whole = UserFields::default();
        assert_eq!(
            whole.ask(&asked).as_str(),
            "/api/v1/users?after=00u%2F1&limit=200"
        );
        assert!(
            fields("").is_none(),
            "all attributes are wanted, and nobody knows which these are"
        );
        assert!(fields("odd name").is_none());
    }
}
