//! One JSON object of an answer. A member that is missing, null or of another type reads as none.

use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::contract::errors::{ErrorCode, Result};
use crate::model::is_object_id;
use crate::model::json_text;
use crate::okta::client::json::{self, Members, misfit};

/// The members of an object, undecoded and borrowed from the body.
pub(in crate::okta) struct Object<'a>(Members<'a>);

impl<'a> Object<'a> {
    /// Parses a JSON text; none if it is not an object.
    pub(in crate::okta) fn parse(json: &'a str) -> Option<Object<'a>> {
        serde_json::from_str(json).ok().map(Object)
    }

    /// Parses a body; `what` names the expected object in the error.
    pub(in crate::okta) fn of_body(body: &'a [u8], what: &str) -> Result<Object<'a>> {
        json::read(body, &format!("the answer is not {what}")).map(Object)
    }

    /// Parses a list of objects; `what` names one of them in the error. A row that is no object, or that cannot be
    /// read, does not affect the others.
    pub(in crate::okta) fn list(body: &'a [u8], what: &str) -> Result<Vec<Result<Object<'a>>>> {
        let no_list = format!("the answer is not a list of {what}s");
        // Nearly every list can be read in one pass. Otherwise each row is read separately.
        match json::read::<Vec<Members<'a>>>(body, &no_list) {
            Ok(list) => Ok(list.into_iter().map(|members| Ok(Object(members))).collect()),
            Err(error) if error.code() == ErrorCode::UnexpectedAnswer => {
                let rows = json::elements(body, &no_list)?.into_iter();
                let unreadable = || misfit(&format!("a {what} cannot be read"));
                Ok(rows
                    .map(|row| Object::parse(row.get()).ok_or_else(unreadable))
                    .collect())
            }
            Err(error) => Err(error),
        }
    }

    /// The JSON text of a member. If the name is repeated, the last one counts.
    pub(in crate::okta) fn json(&self, name: &str) -> Option<&'a str> {
        let mut members = self.0.0.iter().rev();
        members
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.get())
    }

    /// The text of a member.
    pub(in crate::okta) fn text(&self, name: &str) -> Option<String> {
        json_text(self.json(name)?).map(std::borrow::Cow::into_owned)
    }

    /// Okta's id of the object. It is an error if there is none, because we cannot use an object without an id.
    pub(in crate::okta) fn id(&self, what: &str) -> Result<String> {
        self.text("id")
            .filter(|id| is_object_id(id))
            .ok_or_else(|| misfit(&format!("a {what} has no usable id")))
    }

    /// The time of a member.
    pub(in crate::okta) fn moment(&self, name: &str) -> Option<UnixMillis> {
        UnixMillis::parse(&self.text(name)?)
    }

    /// Whether a member is `true`.
    pub(in crate::okta) fn is_true(&self, name: &str) -> bool {
        self.json(name) == Some("true")
    }

    /// The number of a member.
    pub(in crate::okta) fn count(&self, name: &str) -> Option<u64> {
        self.json(name)?.parse().ok()
    }

    /// The object of a member.
    pub(in crate::okta) fn object(&self, name: &str) -> Option<Object<'a>> {
        Object::parse(self.json(name)?)
    }

    /// The elements of a list that is a member; empty if it is not a list.
    pub(in crate::okta) fn elements(&self, name: &str) -> Vec<&'a RawValue> {
        self.json(name)
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default()
    }

    /// All members, in their order.
    pub(in crate::okta) fn members(self) -> Members<'a> {
        self.0
    }

    /// The last path segment of the link `_links.NAME.href`.
    pub(in crate::okta) fn linked_id(&self, name: &str) -> Option<String> {
        let href = self.object("_links")?.object(name)?.text("href")?;
        let path = href.split(['?', '#']).next().unwrap_or_default();
        let id = path.rsplit('/').next().unwrap_or_default();
        is_object_id(id).then(|| id.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_none_and_spoils_nothing_else() {
        let json = r#"{"a":"x","a":"y","n":7,"t":true,"list":[1,"2"],"at":"2024-01-15T09:30:00Z",
            "_links":{"schema":{"href":"https://x/api/v1/meta/schemas/user/osc1?a=b"},"odd":{"href":"x/../"}}}"#;
        let object = Object::parse(json).expect("an object");
        assert_eq!(object.text("a").as_deref(), Some("y"));
        assert_eq!((object.text("n"), object.text("missing")), (None, None));
        assert_eq!((object.count("n"), object.count("a")), (Some(7), None));
        assert!(object.is_true("t") && !object.is_true("n"));
        assert_eq!(object.moment("at"), Some(UnixMillis(1_705_311_000_000)));
        assert_eq!(
            (object.elements("list").len(), object.elements("a").len()),
            (2, 0)
        );
        assert_eq!(object.linked_id("schema").as_deref(), Some("osc1"));
        assert_eq!((object.linked_id("odd"), object.linked_id("none")), (None, None));
        let deep = "[".repeat(130) + &"]".repeat(130);
        let body = format!(r#"[{{"id":"a"}},null,{{"id":"b","deep":{deep}}},7,{{"\ud800":1}},{{"id":"c"}}]"#);
        let rows = Object::list(body.as_bytes(), "group").expect("a list");
        let ids: Vec<_> = rows.into_iter().map(|row| row?.id("group")).collect();
        let read: Vec<_> = ids.iter().flatten().map(String::as_str).collect();
        assert_eq!((ids.len(), read), (6, vec!["a", "c"]));
        assert!(Object::list(b"{}", "group").is_err() && Object::list(b"[{]", "group").is_err());
        for body in ["{}", r#"{"id":7}"#, r#"{"id":""}"#, r#"{"id":"a/b"}"#] {
            assert!(Object::parse(body).expect(body).id("group").is_err(), "{body}");
        }
    }
}
