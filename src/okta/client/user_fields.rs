//! The attributes that the client requests and keeps of each user, by name. Pure.
//!
//! An attribute that is not kept is dropped while the answer is read, so it never reaches the disk. If all wanted
//! attributes are known by name, Okta can be asked for only these (parameter `fields` of listUsers).

use crate::model::{AttributeFilter, user_fields};

macro_rules! names {
    ($($field:ident: $kind:ident = $okta:literal),*) => {
        concat!("id,status" $(, ",", $okta)*)
    };
}

/// The fields that the directory keeps in addition to the profile.
const OWN_FIELDS: &str = user_fields!(names);

/// The attributes that are wanted of each user.
#[derive(Clone, Debug, Default)]
pub struct UserFields {
    filter: AttributeFilter,
    /// The `fields` parameter, encoded; none if whole users are requested.
    parameter: Option<String>,
}

impl UserFields {
    /// Requests whole users and keeps what the filter keeps.
    pub fn whole(filter: AttributeFilter) -> UserFields {
        UserFields {
            filter,
            parameter: None,
        }
    }

    /// Requests only what the filter keeps. None if Okta cannot be asked for exactly that.
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
    pub fn filter(&self) -> &AttributeFilter {
        &self.filter
    }

    /// The same address with a request for these attributes and no others. The rest of the address stays as it is.
    pub fn ask(&self, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let others = query
            .split('&')
            .filter(|one| !one.is_empty() && !one.starts_with("fields="));
        let own = self.parameter.as_ref().map(|fields| format!("fields={fields}"));
        let parameters: Vec<&str> = others.chain(own.as_deref()).collect();
        if parameters.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", parameters.join("&"))
    }
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
        let asked = projected.ask("/api/v1/users?after=00u%2F1&limit=200");
        assert_eq!(
            asked,
            "/api/v1/users?after=00u%2F1&limit=200&fields=id%2Cstatus%2Ctype%2CrealmId%2Ccreated%2Cactivated\
             %2CstatusChanged%2ClastLogin%2ClastUpdated%2CpasswordChanged%2C\
             profile%3A%28email%2Clogin%2CmanagerId%2Ctitle%29"
        );
        assert_eq!(projected.ask(&asked), asked);
        let whole = UserFields::default();
        assert_eq!(whole.ask(&asked), "/api/v1/users?after=00u%2F1&limit=200");
        assert!(
            fields("").is_none(),
            "all attributes are wanted, and nobody knows which these are"
        );
        assert!(fields("odd name").is_none());
    }
}
