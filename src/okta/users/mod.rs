//! Reads users from Okta (`GET /api/v1/users`) in the form that the directory stores.
//!
//! Reading is tolerant, because Okta adds fields and values at any time and leaves out fields that are not set.
//! Only the id is required. Profile values are stored unchanged, so no number loses a digit. A user who cannot be
//! read does not affect the others.
//!
//! `query` selects the users of a listing, `fields` finds out whether Okta can be asked for chosen attributes only,
//! `created_bounds` asks when users were created, `account` asks who owns the credential.

pub(super) mod account;
pub(super) mod created_bounds;
pub(super) mod fields;
pub(super) mod query;

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::contract::errors::{ErrorCode, Result};
use crate::http::rate_window::Room;
use crate::model::is_object_id;
use crate::model::{AttributeFilter, OktaUser, Profile, json_text};
use crate::okta::client::OktaClient;
use crate::okta::client::json::{self, Members, misfit};
use crate::okta::client::page::{Cursor, Page, Rows, Unreadable, page_of_rows};
use crate::okta::{Ask, PageSize, UserQuery};
use crate::resources;

/// The path that lists users.
pub(super) const PATH: &str = "/api/v1/users";
/// Asks Okta to leave out what the directory does not keep. This works only with all three words together, in a
/// header of the request, even on GET (Okta OpenAPI, parameter `OktaResponse`).
pub(super) const OMIT: (&str, &str) = (
    "Content-Type",
    r#"application/json; okta-response="omitCredentials,omitCredentialsLinks,omitTransitioningToStatus""#,
);

/// How many requests the rate limit leaves for listings of users; none before the first listing.
pub fn room_for_listings(client: &OktaClient) -> Option<Room> {
    client.room(PATH)
}

/// The first page of these users, `rows` at a time (at most 200 by Okta's rule).
pub fn first_cursor(query: &UserQuery, rows: u32) -> Cursor {
    let rows = rows.to_string();
    let mut parameters = vec![("limit", rows.as_str())];
    let selection = query.parameters();
    parameters.extend(selection.iter().map(|(name, value)| (*name, value.as_str())));
    Cursor::first(PATH, &parameters)
}

/// The users at `cursor`, at most `page_size` of them.
pub async fn users_page(
    client: &OktaClient,
    cursor: &Cursor,
    page_size: &PageSize,
) -> Result<Page<OktaUser>> {
    let wanted = &client.wanted;
    let cursor = Cursor::of(wanted.ask(cursor.as_str()));
    page_of_rows(
        client,
        &cursor,
        |ask| ask.headers(&[OMIT]).page_size(page_size),
        |body| decode(body, wanted.filter()),
    )
    .await
}

/// The answer to a request for one user by id.
#[derive(Clone, Debug, PartialEq)]
pub enum OneUser {
    /// The user, with the wanted attributes.
    Found(Box<OktaUser>),
    /// The user exists, but its row cannot be read.
    Unreadable(Unreadable),
    /// The user may exist, but this credential may not see the user.
    Hidden,
    /// Okta has no such user.
    Gone,
}

/// Requests the user with this id. Unlike a listing, this does not depend on the search index.
pub async fn user_by_id(client: &OktaClient, id: &str) -> Result<OneUser> {
    let target = format!("{PATH}/{id}");
    let ask = Ask::new(&target).headers(&[OMIT]);
    let decode = |body: Vec<u8>| match one(json::whole(&body)?, client.wanted.filter()) {
        Ok((user, mended)) if user.id == id => {
            client.meter().count_mended(mended);
            Ok(OneUser::Found(Box::new(user)))
        }
        Ok(_) => Err(misfit("Okta answered with another user than the requested one")),
        Err(why) => Ok(OneUser::Unreadable(Unreadable {
            id: id.to_owned(),
            row: 1,
            why,
        })),
    };
    match client.read(&ask, decode).await {
        Ok(answer) => Ok(answer.body),
        Err(error) if error.code() == ErrorCode::OktaNotFound => Ok(OneUser::Gone),
        Err(error) if error.code() == ErrorCode::RoleMissing => Ok(OneUser::Hidden),
        Err(error) => Err(error),
    }
}

/// Decodes a JSON list of users, with the attributes that the filter keeps.
pub fn decode(body: &[u8], filter: &AttributeFilter) -> Result<Rows<OktaUser>> {
    // Nearly every page can be read in one pass. Otherwise each user is read separately.
    let what = "the answer is not a list of users with profiles";
    let list = json::read::<Vec<Fields<'_>>>(body, what);
    let rows = list.and_then(|list| {
        let mut rows = Rows::from(Vec::with_capacity(list.len()));
        for fields in list {
            resources::check()?;
            rows.take(to_user(fields, filter).map_err(misfit)?);
        }
        Ok(rows)
    });
    match rows {
        Ok(rows) => Ok(rows),
        Err(error) if error.code() == ErrorCode::UnexpectedAnswer => one_by_one(body, filter, what),
        Err(error) => Err(error),
    }
}

/// Decodes the list with each user read separately.
fn one_by_one(body: &[u8], filter: &AttributeFilter, what: &str) -> Result<Rows<OktaUser>> {
    let mut rows = Rows::from(Vec::new());
    for (at, json) in json::elements(body, what)?.into_iter().enumerate() {
        let row = at + 1;
        match one(json.get(), filter) {
            Ok(user) => rows.take(user),
            Err(why) => rows.unreadable.push(Unreadable {
                id: json::id_of(json.get()).ok_or_else(|| misfit(&format!("row {row}: {why}")))?,
                row,
                why,
            }),
        }
    }
    Ok(rows)
}

impl Rows<OktaUser> {
    fn take(&mut self, (user, mended): (OktaUser, u64)) {
        self.items.push(user);
        self.mended += mended;
    }
}

/// Decodes one user. Returns the user and the number of replaced values, or what is wrong with the row.
fn one(json: &str, filter: &AttributeFilter) -> Result<(OktaUser, u64), &'static str> {
    match serde_json::from_str::<Fields<'_>>(json) {
        Ok(fields) => to_user(fields, filter),
        Err(_) if !json.trim_start().starts_with('{') => Err("it is not a user"),
        Err(_) => Err(
            "its profile is not an object, is nested too deeply, or contains a name that is not valid text",
        ),
    }
}

/// The fields of a user that the directory keeps.
#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Field {
    Id,
    Status,
    Type,
    RealmId,
    Created,
    Activated,
    StatusChanged,
    LastLogin,
    LastUpdated,
    PasswordChanged,
    Profile,
    #[serde(other)]
    Other,
}

/// The fields of one object, undecoded and borrowed from the body. If a key is repeated, the last one wins. A value
/// of an unexpected type affects only its own field. The profile is the exception: if another type counted as an
/// empty profile, it would clear every attribute of the user.
#[derive(Default)]
struct Fields<'a> {
    values: [Option<&'a RawValue>; Field::Profile as usize],
    /// The members of the profile; none if it is missing or null.
    profile: Option<Members<'a>>,
}

impl<'a> Fields<'a> {
    /// The JSON text of a field other than the profile; none if it is missing.
    fn json(&self, field: Field) -> Option<&'a str> {
        self.values.get(field as usize)?.map(RawValue::get)
    }

    /// The text of a field; none if it is missing, null or not a text.
    fn text(&self, field: Field) -> Option<Cow<'a, str>> {
        json_text(self.json(field)?)
    }

    /// The text of a field, as an owned value.
    fn owned(&self, field: Field) -> Option<String> {
        self.text(field).map(Cow::into_owned)
    }

    /// The time of a field; none if it is missing, null or not RFC 3339.
    fn moment(&self, field: Field) -> Option<UnixMillis> {
        UnixMillis::parse(&self.text(field)?)
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Fields::default();
                while let Some(field) = map.next_key::<Field>()? {
                    match (field, fields.values.get_mut(field as usize)) {
                        (Field::Profile, _) => fields.profile = map.next_value()?,
                        (_, Some(value)) => *value = Some(map.next_value()?),
                        (_, None) => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(FieldsVisitor)
    }
}

fn to_user(fields: Fields<'_>, filter: &AttributeFilter) -> Result<(OktaUser, u64), &'static str> {
    let id = fields
        .owned(Field::Id)
        .filter(|id| is_object_id(id))
        .ok_or("it has no usable id")?;
    let mut user = OktaUser {
        id,
        status: fields.owned(Field::Status).unwrap_or_default(),
        type_id: type_id(&fields),
        realm_id: fields.owned(Field::RealmId),
        created: fields.moment(Field::Created),
        activated: fields.moment(Field::Activated),
        status_changed: fields.moment(Field::StatusChanged),
        last_login: fields.moment(Field::LastLogin),
        last_updated: fields.moment(Field::LastUpdated),
        password_changed: fields.moment(Field::PasswordChanged),
        profile: Profile::default(),
    };
    // Without a profile the row says nothing about it. If that counted as an empty profile, every attribute of the user
    // would be cleared.
    let members = fields.profile.ok_or("it has no profile")?;
    let (profile, mended) = profile(members, filter);
    user.profile = profile;
    Ok((user, mended))
}

fn type_id(fields: &Fields<'_>) -> Option<String> {
    let user_type: Fields<'_> = serde_json::from_str(fields.json(Field::Type)?).ok()?;
    user_type.owned(Field::Id).filter(|id| is_object_id(id))
}

/// The kept part of the profile, and how many of its values had to be replaced.
fn profile(members: Members<'_>, filter: &AttributeFilter) -> (Profile, u64) {
    let mut members = members.0;
    if !filter.keeps_all() {
        members.retain(|(name, _)| filter.keeps(name));
    }
    Profile::counted(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::errors::ErrorCode;
    use proptest::prelude::*;

    const WHOLE: &str = r#"[{"id":"00u1aaaaaaaaaaaaa001","status":"ACTIVE",
        "created":"2024-01-15T09:30:00.000Z","activated":null,"statusChanged":"2024-01-15T09:31:10.000Z",
        "lastLogin":"2025-11-02T07:12:44.000Z","lastUpdated":"2025-06-01T12:00:00Z","passwordChanged":null,
        "type":{"id":"oty1aaaaaaaaaaaaa001"},"realmId":"guo1aaaaaaaaaaaaa001",
        "profile":{"login":"user0001@example.com","firstName":"Us\u00e9r","mobilePhone":null,"fte":0.50,
            "badge":12345678901234567890123,"skills":["rust","sql"],"emoji":"\ud83d\ude00"},
        "credentials":{"provider":{"type":"OKTA"}},"_links":{"self":{"href":"https://x"}},"new":{"a":[1]}}]"#;

    fn one(body: &str) -> OktaUser {
        let mut users = decode(body.as_bytes(), &AttributeFilter::default())
            .unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!((users.items.len(), users.unreadable.len()), (1, 0), "{body}");
        users.items.remove(0)
    }

    #[test]
    fn a_whole_user() {
        let user = one(WHOLE);
        assert_eq!(
            (user.id.as_str(), user.status.as_str()),
            ("00u1aaaaaaaaaaaaa001", "ACTIVE")
        );
        assert_eq!(user.type_id.as_deref(), Some("oty1aaaaaaaaaaaaa001"));
        assert_eq!(user.realm_id.as_deref(), Some("guo1aaaaaaaaaaaaa001"));
        assert_eq!(user.created, Some(UnixMillis(1_705_311_000_000)));
        assert_eq!(user.last_updated, UnixMillis::parse("2025-06-01T12:00:00.000Z"));
        assert_eq!((user.activated, user.password_changed), (None, None));
        assert_eq!(user.profile.text("firstName").as_deref(), Some("Usér"));
        assert_eq!(user.profile.text("emoji").as_deref(), Some("😀"));
        let json = user.profile.as_json();
        assert!(
            json.contains("12345678901234567890123") && json.contains(r#""fte":0.50"#),
            "{json}"
        );
        assert!(
            json.starts_with(r#"{"badge":"#) && json.contains(r#""mobilePhone":null"#),
            "{json}"
        );
    }

    #[test]
    fn almost_nothing_is_enough() {
        for body in [
            r#"[{"id":"00u1","profile":{}}]"#,
            r#"[{"id":"00u1","profile":{},"status":null,"type":null,"created":"soon","lastLogin":7}]"#,
            r#"[{"id":"00u1","profile":{},"status":5,"type":"x","realmId":{}}]"#,
            r#"[{"id":"00u0","id":"00u1","profile":{"a":1},"profile":{}}]"#,
        ] {
            let user = one(body);
            assert_eq!((user.id.as_str(), user.status.as_str()), ("00u1", ""), "{body}");
            assert_eq!((user.created, user.type_id), (None, None), "{body}");
            assert_eq!(user.profile.as_json(), "{}", "{body}");
        }
        assert_eq!(
            one(r#"[{"id":"00u1","profile":{},"status":"HIBERNATING"}]"#).status,
            "HIBERNATING"
        );
        assert_eq!(
            one(r#"[{"id":"00u1","profile":{"a":1,"a":2}}]"#)
                .profile
                .as_json(),
            r#"{"a":2}"#
        );
        assert!(
            decode(b"[]", &AttributeFilter::default())
                .expect("an empty list")
                .items
                .is_empty()
        );
    }

    #[test]
    fn what_is_not_a_list_of_users_is_never_an_empty_page() {
        for body in [
            "{}",
            "null",
            "7",
            r#"{"errorCode":"E0000009"}"#,
            "[null]",
            "[[]]",
            "[{}]",
            r#"[{"id":null}]"#,
            r#"[{"id":7}]"#,
            r#"[{"id":""}]"#,
            r#"[{"id":"a b"}]"#,
            r#"[{"id":"a/b"}]"#,
            r#"[{"id":"00u1"},{"profile":{}}]"#,
        ] {
            let error = decode(body.as_bytes(), &AttributeFilter::default()).expect_err(body);
            assert_eq!(error.code(), ErrorCode::UnexpectedAnswer, "{body}");
        }
    }

    #[test]
    fn who_cannot_be_read_is_named_and_spoils_nobody_else() {
        let deep = "[".repeat(130) + &"]".repeat(130);
        for profile in [
            "[]".to_owned(),
            r#""x""#.to_owned(),
            "7".to_owned(),
            "null".to_owned(),
            r#"{"\ud800":1}"#.to_owned(),
            format!(r#"{{"a":{deep}}}"#),
        ] {
            let body = format!(
                r#"[{{"id":"00u1","profile":{{"a":1}}}},{{"id":"00u0","profile":{profile},"id":"00u2"}},{{"id":"00u3","profile":{{}}}}]"#
            );
            let rows = decode(body.as_bytes(), &AttributeFilter::default()).expect(&body);
            let ids: Vec<_> = rows.items.iter().map(|user| user.id.as_str()).collect();
            assert_eq!(ids, ["00u1", "00u3"], "{profile}");
            assert_eq!(
                (rows.unreadable[0].id.as_str(), rows.unreadable[0].row),
                ("00u2", 2)
            );
        }
        let rows = decode(br#"[{"id":"00u1"}]"#, &AttributeFilter::default()).expect("a list");
        assert_eq!(
            (rows.unreadable[0].id.as_str(), rows.unreadable[0].why),
            ("00u1", "it has no profile")
        );
        let surrogate = r#"[{"\ud800":1,"id":"00u1","profile":{}}]"#;
        let rows = decode(surrogate.as_bytes(), &AttributeFilter::default()).expect("a list");
        assert_eq!(rows.unreadable[0].id, "00u1");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200), text in r#"[\[\]{}":,a-z0-9\\]{0,80}"#) {
            for body in [bytes.as_slice(), text.as_bytes()] {
                let users = decode(body, &AttributeFilter::default());
                prop_assert!(users.is_err() || body.contains(&b'['));
                let is_sound = json::sound(body).map_or_else(|error| error.code() != ErrorCode::NotJson, |_| true);
                prop_assert!(users.err().is_none_or(|error| (error.code() == ErrorCode::NotJson) != is_sound));
            }
        }
    }

    #[test]
    fn deep_unknown_fields_pass() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        let user = one(&format!(
            r#"[{{"id":"00u1","new":{deep},"profile":{{"deep":{deep}}}}}]"#
        ));
        assert!(user.profile.as_json().contains(&deep));
    }

    #[test]
    fn first_pages() {
        for (query, cursor) in [
            (UserQuery::All, "/api/v1/users?limit=200&search=status+pr"),
            (UserQuery::NotDeprovisioned, "/api/v1/users?limit=200"),
            (
                UserQuery::Deprovisioned,
                "/api/v1/users?limit=200&filter=status+eq+%22DEPROVISIONED%22",
            ),
            (
                UserQuery::UpdatedSince(UnixMillis(0)),
                "/api/v1/users?limit=200&search=lastUpdated+ge+%221970-01-01T00%3A00%3A00.000Z%22",
            ),
        ] {
            assert_eq!(first_cursor(&query, 200).as_str(), cursor);
        }
    }
}
