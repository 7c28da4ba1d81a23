//! Updates the look-up tables when a run is published: users by attribute, and who reports to whom. The cost grows
//! with the number of changed users, except for one pass over the managers.

use crate::contract::errors::Result;
use crate::contract::settings::{Key, Settings};
use crate::directory::Transaction;
use crate::directory::profiles::look_ups::{self, LookUps};
use crate::directory::profiles::managers;
use crate::model::{ManagerRule, OktaKey, RunId};

/// Prepares the look-up tables that the settings choose. Call it before the staged rows of `run` are applied.
pub fn prepare(tx: &Transaction<'_>, run: RunId, settings: &Settings) -> Result<LookUps> {
    let rule = ManagerRule::from_settings(settings);
    look_ups::prepare(tx, run, &indexed(settings), rule.as_ref())
}

/// Finds the manager of every user. Call it last.
pub fn close(tx: &Transaction<'_>, settings: &Settings) -> Result<()> {
    ManagerRule::from_settings(settings).map_or(Ok(()), |rule| managers::close(tx, &rule))
}

/// The attributes in the look-up table: those that the settings choose, and the one that identifies managers.
fn indexed(settings: &Settings) -> Vec<String> {
    let mut names = settings.names(Key::AttributesIndexed);
    if let Some(ManagerRule {
        refers_to: Some(OktaKey::Attribute(name)),
        ..
    }) = ManagerRule::from_settings(settings)
    {
        names.push(name);
    }
    names.sort();
    names.dedup();
    names
}
