//! Updates the look-up tables of attributes and managers for the users whom a run is about to publish.

use rusqlite::{CachedStatement, Connection, Transaction};

use crate::contract::errors::Result;
use crate::directory::profiles::attribute_index::{self, AttributeRows, Covered};
use crate::directory::profiles::managers::{self, ManagerRows};
use crate::directory::store::profile_values::values;
use crate::directory::store::statement::statement;
use crate::directory::store::values::lossy;
use crate::model::{ManagerRule, RunId};

statement!(STAGED = "SELECT user_no, profile FROM staged_users WHERE run = ?1");

// Users that the run has staged are left out, because their values come from the staged rows.
statement!(
    OTHERS = "
    SELECT u.user_no, u.profile
      FROM users AS u
     WHERE u.inserted_run < ?1
       AND NOT EXISTS (SELECT 1 FROM staged_users AS s WHERE s.user_no = u.user_no AND s.run = ?1)"
);

statement!(FOLD = "SELECT fold(?1)");

/// The attributes that the look-up tables cover, and which of them have no rows yet.
pub struct LookUps {
    run: RunId,
    touched: AttributeWalk,
    anew: AttributeWalk,
}

/// Deletes the look-up rows of users that `run` has staged, and of attributes that are no longer chosen. Call it in the
/// publishing transaction, before staged rows are applied.
pub fn prepare(
    tx: &Transaction<'_>,
    run: RunId,
    names: &[String],
    rule: Option<&ManagerRule>,
) -> Result<LookUps> {
    let covered = attribute_index::prepare(tx, run, names)?;
    let managers_anew = managers::prepare(tx, run, rule)?;
    let manager = rule.map(|rule| rule.attribute.as_str());
    let new = covered.iter().filter(|attribute| attribute.is_new).cloned();
    Ok(LookUps {
        run,
        anew: AttributeWalk::new(new.collect(), manager.filter(|_| managers_anew)),
        touched: AttributeWalk::new(covered, manager),
    })
}

impl LookUps {
    /// Adds the values of a user that the run inserted.
    pub fn take(&self, rows: &mut RowWriter<'_>, user_no: i64, profile: &str) -> Result<()> {
        self.touched.take(rows, user_no, profile)
    }

    /// Adds the values of users that the run staged. For a newly chosen attribute, adds the values of all users.
    pub fn take_known(&self, tx: &Transaction<'_>) -> Result<()> {
        self.touched.read(tx, STAGED, self.run)?;
        self.anew.read(tx, OTHERS, self.run)
    }
}

/// The look-up rows of one user.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LookUpRows {
    /// Attribute numbers with folded values, in order.
    pub(super) attributes: Vec<(i64, String)>,
    /// The value that names the user's manager, and the folded value.
    pub(super) manager: Option<(String, String)>,
}

impl LookUpRows {
    pub(super) fn clear(&mut self) {
        self.attributes.clear();
        self.manager = None;
    }
}

/// Adds rows to the look-up tables. Its statements are compiled once for all users.
pub struct RowWriter<'tx> {
    attributes: AttributeRows<'tx>,
    managers: ManagerRows<'tx>,
}

impl<'tx> RowWriter<'tx> {
    /// For the users of one transaction.
    pub fn new(tx: &'tx Transaction<'_>) -> Result<RowWriter<'tx>> {
        Ok(RowWriter {
            attributes: AttributeRows::new(tx)?,
            managers: ManagerRows::new(tx)?,
        })
    }
}

/// Folds texts as the directory does.
pub(super) struct Folding<'conn>(CachedStatement<'conn>);

impl<'conn> Folding<'conn> {
    pub(super) fn new(conn: &'conn Connection) -> Result<Folding<'conn>> {
        Ok(Folding(conn.prepare_cached(FOLD)?))
    }

    fn fold(&mut self, text: &str) -> Result<String> {
        Ok(self.0.query_row([text], |row| row.get(0))?)
    }
}

/// The attributes that one pass over the users reads from their profiles.
pub(super) struct AttributeWalk {
    names: Vec<String>,
    covered: Vec<Covered>,
    /// The position of the manager's attribute in `names`.
    manager: Option<usize>,
}

impl AttributeWalk {
    fn new(covered: Vec<Covered>, manager: Option<&str>) -> AttributeWalk {
        let mut names: Vec<String> = covered.iter().map(|attribute| attribute.name.clone()).collect();
        let manager = manager.map(|manager| {
            names.iter().position(|name| name == manager).unwrap_or_else(|| {
                names.push(manager.to_owned());
                names.len() - 1
            })
        });
        AttributeWalk {
            names,
            covered,
            manager,
        }
    }

    /// The attributes for which the directory has rows.
    pub(super) fn of_directory(conn: &Connection) -> Result<AttributeWalk> {
        let manager = managers::attribute(conn)?;
        let manager = Some(manager.as_str()).filter(|name| !name.is_empty());
        Ok(AttributeWalk::new(attribute_index::covered(conn)?, manager))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The rows that a user with this profile must have.
    pub(super) fn rows(&self, folding: &mut Folding<'_>, profile: &str) -> Result<LookUpRows> {
        let mut rows = LookUpRows::default();
        for found in values(profile, &self.names) {
            if let Some(attribute) = self.covered.get(found.name) {
                rows.attributes
                    .push((attribute.number, folding.fold(&found.value)?));
            }
            let manager = found.value.trim();
            if self.manager == Some(found.name) && !found.element && !manager.is_empty() {
                rows.manager = Some((manager.to_owned(), folding.fold(manager)?));
            }
        }
        rows.attributes.sort();
        rows.attributes.dedup();
        Ok(rows)
    }

    fn read(&self, tx: &Transaction<'_>, sql: &str, run: RunId) -> Result<()> {
        if self.names.is_empty() {
            return Ok(());
        }
        let mut statement = tx.prepare_cached(sql)?;
        let mut rows = statement.query([run])?;
        let mut writer = RowWriter::new(tx)?;
        while let Some(row) = rows.next()? {
            let user_no = row.get(0)?;
            self.take(&mut writer, user_no, &lossy(row, 1)?)?;
        }
        Ok(())
    }

    pub(super) fn take(&self, rows: &mut RowWriter<'_>, user_no: i64, profile: &str) -> Result<()> {
        if self.names.is_empty() {
            return Ok(());
        }
        for found in values(profile, &self.names) {
            if let Some(attribute) = self.covered.get(found.name) {
                rows.attributes.put(attribute.number, &found.value, user_no)?;
            }
            if self.manager == Some(found.name) && !found.element {
                rows.managers.put(user_no, &found.value)?;
            }
        }
        Ok(())
    }
}
