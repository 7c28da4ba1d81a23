//! What a publication does beside the users themselves: the look-up table of attributes, and who
//! reports to whom. The cost follows the users whom the run changed, but for one walk along the managers.

use crate::contract::errors::Result;
use crate::contract::settings::{Key, Settings};
use crate::directory::Transaction;
use crate::directory::profiles::look_ups::{self, LookUps};
use crate::directory::profiles::managers;
use crate::model::{ManagerRule, OktaKey, RunId};

/// What the settings let be found by. Call it before the staged rows of `run` are applied.
pub fn prepare(tx: &Transaction<'_>, run: RunId, settings: &Settings) -> Result<LookUps> {
    let rule = ManagerRule::from_settings(settings);
    look_ups::prepare(tx, run, &indexed(settings), rule.as_ref())
}

/// Works out who answers to the managers' values. Call it after everything else.
pub fn close(tx: &Transaction<'_>, settings: &Settings) -> Result<()> {
    ManagerRule::from_settings(settings).map_or(Ok(()), |rule| managers::close(tx, &rule))
}

/// The attributes of the look-up table: those chosen, and the one that managers are found by.
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
