//! User types and the attributes of their profiles, as Okta last sent them.
//!
//! The version contains every type with the time at which its schema last changed. Okta does not update users when a
//! schema changes. So a full run is due when the version differs from the version at the beginning of the last full
//! run.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::statement::statement;
use crate::directory::store::values::{Count, collected, lossy, optional_text};
use crate::model::{Attribute, Profile, TitledValue, UserType};

/// A user type as Okta sent it. The attributes are none if its schema could not be read.
pub type TypeTold = (UserType, Option<Vec<Attribute>>);
/// A user type with its attributes.
type TypeWithAttributes = (UserType, Vec<Attribute>);

statement!(
    TYPES = "
    SELECT okta_id, name, display_name, description, is_default, schema_id, last_updated
      FROM user_types
     ORDER BY place"
);

statement!(
    ATTRIBUTES = "
    SELECT name, title, description, type, items_type, format, custom, required, place, enum_values
      FROM schema_attributes
     WHERE type_id = ?1
     ORDER BY place"
);

statement!(TITLES = "SELECT name, title FROM schema_attributes WHERE type_id = ?1 ORDER BY place");

statement!(DEFAULT_TYPE = "SELECT okta_id FROM user_types WHERE is_default = 1 ORDER BY place LIMIT 1");

statement!(CLEAR = "DELETE FROM user_types");

statement!(ADD_TYPE = "
    INSERT INTO user_types (okta_id, name, display_name, description, is_default, schema_id, last_updated, place)
    VALUES (:okta_id, :name, :display_name, :description, :is_default, :schema_id, :last_updated, :place)");

statement!(
    ADD_ATTRIBUTE = "
    INSERT INTO schema_attributes (type_id, place, name, title, description, type, items_type, format,
                                   custom, required, enum_values)
    VALUES (:type_id, :place, :name, :title, :description, :type, :items_type, :format,
            :custom, :required, :enum_values)"
);

statement!(SET_VERSION = "UPDATE schema_sync SET version = ?1");
statement!(SET_CHECKED = "UPDATE schema_sync SET checked = ?1");
statement!(NOTE_FULL_RUN = "UPDATE schema_sync SET at_full = version WHERE at_full <> version");
statement!(STATE = "SELECT checked, version, at_full FROM schema_sync");

statement!(PROFILE = "SELECT type_id, profile FROM visible_users WHERE okta_id = ?1");

/// The user types in Okta's order.
pub fn user_types(conn: &Connection) -> Result<Vec<UserType>> {
    let mut statement = conn.prepare_cached(TYPES)?;
    let types = statement.query_map([], |row| {
        Ok(UserType {
            id: lossy(row, 0)?.into_owned(),
            name: lossy(row, 1)?.into_owned(),
            display_name: lossy(row, 2)?.into_owned(),
            description: optional_text(row, 3)?,
            is_default: row.get(4)?,
            schema_id: lossy(row, 5)?.into_owned(),
            last_updated: row.get(6)?,
        })
    })?;
    collected(types)
}

/// The attributes of a type in Okta's order. If `type_id` is none or unknown, those of the default type.
pub fn attributes(conn: &Connection, type_id: Option<&str>) -> Result<Vec<Attribute>> {
    of_type_or_default(conn, type_id, attributes_of)
}

fn of_type_or_default<T>(
    conn: &Connection,
    type_id: Option<&str>,
    read: impl Fn(&Connection, &str) -> Result<Vec<T>>,
) -> Result<Vec<T>> {
    if let Some(type_id) = type_id {
        let own = read(conn, type_id)?;
        if !own.is_empty() {
            return Ok(own);
        }
    }
    let default: Option<String> = conn
        .prepare_cached(DEFAULT_TYPE)?
        .query_row([], |row| row.get(0))
        .optional()?;
    default.map_or_else(|| Ok(Vec::new()), |type_id| read(conn, &type_id))
}

fn attributes_of(conn: &Connection, type_id: &str) -> Result<Vec<Attribute>> {
    let mut statement = conn.prepare_cached(ATTRIBUTES)?;
    let mut rows = statement.query([type_id])?;
    let mut attributes = Vec::new();
    while let Some(row) = rows.next()? {
        attributes.push(attribute(row)?);
    }
    Ok(attributes)
}

fn attribute(row: &Row<'_>) -> Result<Attribute> {
    Ok(Attribute {
        name: lossy(row, 0)?.into_owned(),
        title: lossy(row, 1)?.into_owned(),
        description: optional_text(row, 2)?,
        kind: lossy(row, 3)?.into_owned(),
        items_type: optional_text(row, 4)?,
        format: optional_text(row, 5)?,
        custom: row.get(6)?,
        required: row.get(7)?,
        order: row.get::<_, Count>(8)?.0,
        // Damaged values are read as an empty list. The next reading of the schemas then finds a difference and writes
        // all rows again.
        enum_values: serde_json::from_str(&lossy(row, 9)?).unwrap_or_default(),
    })
}

/// The profile of an Okta user, each value with its title.
pub fn titled_profile(conn: &Connection, okta_id: &str) -> Result<Vec<TitledValue>> {
    let found: Option<(Option<String>, String)> = conn
        .prepare_cached(PROFILE)?
        .query_row([okta_id], |row| {
            Ok((optional_text(row, 0)?, lossy(row, 1)?.into_owned()))
        })
        .optional()?;
    let (type_id, profile) = found.ok_or_else(|| Error::new(ErrorCode::NotFound))?;
    Titles::default().of(conn, type_id.as_deref(), &Profile::from_stored(profile))
}

/// The titles of attributes. The titles of a type are read once for all its users.
#[derive(Default)]
pub struct Titles {
    of_types: HashMap<Option<String>, Vec<Title>>,
}

/// The name of an attribute and its title. The title is empty if the schema has none.
type Title = (String, String);

impl Titles {
    /// The values of a profile with the titles of its type, in the order of the schema. Attributes that the schema does
    /// not have come last, and their names stand for titles.
    pub fn of(
        &mut self,
        conn: &Connection,
        type_id: Option<&str>,
        profile: &Profile,
    ) -> Result<Vec<TitledValue>> {
        let mut values = profile.attributes();
        let mut titled = Vec::with_capacity(values.len());
        for (name, title) in self.of_type(conn, type_id)? {
            if let Some(value) = values.remove(name) {
                titled.push(titled_value(name, title, value));
            }
        }
        titled.extend(
            values
                .into_iter()
                .map(|(name, value)| titled_value(&name, "", value)),
        );
        Ok(titled)
    }

    /// Like [`Titles::of`], but only for chosen attributes, in their given order. Other attributes are not read.
    pub fn of_chosen(
        &mut self,
        conn: &Connection,
        type_id: Option<&str>,
        profile: &Profile,
        chosen: &[String],
    ) -> Result<Vec<TitledValue>> {
        let mut values = profile.only(chosen);
        let titles = self.of_type(conn, type_id)?;
        let title = |name: &String| titles.iter().find(|(known, _)| known == name);
        let in_order = chosen
            .iter()
            .filter_map(|name| values.remove(name).map(|value| (name, value)));
        Ok(in_order
            .map(|(name, value)| titled_value(name, title(name).map_or("", |(_, title)| title), value))
            .collect())
    }

    fn of_type(&mut self, conn: &Connection, type_id: Option<&str>) -> Result<&[Title]> {
        Ok(match self.of_types.entry(type_id.map(str::to_owned)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(of_type_or_default(conn, type_id, titles_of)?),
        })
    }
}

fn titles_of(conn: &Connection, type_id: &str) -> Result<Vec<Title>> {
    let mut statement = conn.prepare_cached(TITLES)?;
    let titles = statement.query_map([type_id], |row| {
        Ok((lossy(row, 0)?.into_owned(), lossy(row, 1)?.into_owned()))
    })?;
    collected(titles)
}

fn titled_value(name: &str, title: &str, value: Box<RawValue>) -> TitledValue {
    TitledValue {
        name: name.to_owned(),
        title: if title.is_empty() { name } else { title }.to_owned(),
        value,
    }
}

/// When Okta was last asked for schemas, even if the answer could not be used; none if never.
pub fn checked(conn: &Connection) -> Result<Option<UnixMillis>> {
    Ok(conn.prepare_cached(STATE)?.query_row([], |row| row.get(0))?)
}

/// Records when Okta was asked for schemas.
pub fn set_checked(tx: &Transaction<'_>, at: UnixMillis) -> Result<()> {
    tx.prepare_cached(SET_CHECKED)?.execute([at])?;
    Ok(())
}

/// Whether a schema changed, or types were added or removed, since the last full run began. False before the first full
/// run, and while no schema could be read.
pub fn moved_since_full(conn: &Connection) -> Result<bool> {
    let (version, at_full): (String, String) = conn
        .prepare_cached(STATE)?
        .query_row([], |row| Ok((row.get(1)?, row.get(2)?)))?;
    Ok(!version.is_empty() && !at_full.is_empty() && version != at_full)
}

/// Records that a full run begins with the present schemas.
pub fn note_full_run(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(NOTE_FULL_RUN)?.execute([])?;
    Ok(())
}

/// Stores the types that Okta sent, each once. A type that arrived without attributes keeps its stored ones. Returns
/// whether anything changed; if not, nothing is written.
pub fn replace(tx: &Transaction<'_>, told: Vec<TypeTold>) -> Result<bool> {
    let mut before = Vec::new();
    for user_type in user_types(tx)? {
        let attributes = attributes_of(tx, &user_type.id)?;
        before.push((user_type, attributes));
    }
    let told: Vec<TypeWithAttributes> = told.into_iter().map(|one| completed(one, &before)).collect();
    if before == told {
        return Ok(false);
    }
    tx.prepare_cached(CLEAR)?.execute([])?;
    for (place, (user_type, attributes)) in (0_i64..).zip(&told) {
        add_type(tx, place, user_type)?;
        for attribute in attributes {
            add_attribute(tx, &user_type.id, attribute)?;
        }
    }
    tx.prepare_cached(SET_VERSION)?.execute([version(&told)])?;
    Ok(true)
}

fn completed((user_type, attributes): TypeTold, before: &[TypeWithAttributes]) -> TypeWithAttributes {
    let known = || before.iter().find(|(known, _)| known.id == user_type.id);
    match (attributes, known()) {
        (Some(attributes), _) => (user_type, attributes),
        (None, Some((known, attributes))) => {
            let last_updated = known.last_updated;
            let user_type = UserType {
                last_updated,
                ..user_type
            };
            (user_type, attributes.clone())
        }
        (None, None) => (user_type, Vec::new()),
    }
}

fn add_type(tx: &Transaction<'_>, place: i64, user_type: &UserType) -> Result<()> {
    tx.prepare_cached(ADD_TYPE)?.execute(named_params! {
        ":okta_id": user_type.id,
        ":name": user_type.name,
        ":display_name": user_type.display_name,
        ":description": user_type.description,
        ":is_default": user_type.is_default,
        ":schema_id": user_type.schema_id,
        ":last_updated": user_type.last_updated,
        ":place": place,
    })?;
    Ok(())
}

fn add_attribute(tx: &Transaction<'_>, type_id: &str, attribute: &Attribute) -> Result<()> {
    let enum_values = serde_json::to_string(&attribute.enum_values)
        .map_err(|_| Error::internal("the values of an attribute are not JSON"))?;
    tx.prepare_cached(ADD_ATTRIBUTE)?.execute(named_params! {
        ":type_id": type_id,
        ":place": Count(attribute.order),
        ":name": attribute.name,
        ":title": attribute.title,
        ":description": attribute.description,
        ":type": attribute.kind,
        ":items_type": attribute.items_type,
        ":format": attribute.format,
        ":custom": attribute.custom,
        ":required": attribute.required,
        ":enum_values": enum_values,
    })?;
    Ok(())
}

fn version(told: &[TypeWithAttributes]) -> String {
    let mut version = String::new();
    for (user_type, _) in told {
        let moved = user_type.last_updated.map_or(0, |at| at.0);
        // Writing to a String cannot fail.
        let _ = write!(version, "{} {moved};", user_type.id);
    }
    version
}
