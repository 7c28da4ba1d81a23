//! Refreshes user types and schemas when the stored ones are old enough.
//!
//! It never fails a run. Without the permission, profiles have keys instead of titles, and a warning says what is
//! missing.

use crate::clock::UnixMillis;
use crate::contract::errors::{ErrorCode, Result};
use crate::contract::settings::{Key, Settings};
use crate::directory::Directory;
use crate::directory::profiles::schemas;
use crate::logging::Log;
use crate::okta::OktaClient;
use crate::okta::schemas::schemas as read;

/// Whether it is time to read the schemas again.
pub fn is_due(directory: &Directory, settings: &Settings, now: UnixMillis) -> Result<bool> {
    if !settings.is_on(Key::SchemasSync) {
        return Ok(false);
    }
    let checked = directory.read(schemas::checked)?;
    Ok(checked.is_none_or(|at| at > now || at.age(now) >= settings.hours(Key::SchemasMaxAge)))
}

/// Reads the schemas from Okta and stores them. Returns warnings for the report. An error means a cancel or a
/// failure of the directory.
pub async fn refresh(directory: &Directory, client: &OktaClient, log: &Log) -> Result<Vec<String>> {
    let found = match read(client).await {
        Ok(found) => found,
        Err(error) if error.code() == ErrorCode::Cancelled => return Err(error),
        Err(error) => {
            // Not tried again for a while, even if the failure may pass soon.
            directory.write(|tx| schemas::set_checked(tx, UnixMillis::now()))?;
            let warning = format!("Schemas could not be read, so attributes have no titles: {error}");
            log.warn(warning.clone());
            return Ok(vec![warning]);
        }
    };
    let types = found.types.len();
    let changed = directory.write(|tx| {
        schemas::set_checked(tx, UnixMillis::now())?;
        schemas::replace(tx, found.types)
    })?;
    if changed {
        log.info(format!("the schemas of {types} user types were stored"));
    }
    if let Some(error) = found.only_default {
        // This is only logged: the default type is enough for most orgs, and a validation says what the others
        // would add.
        log.info(format!(
            "only the default user type is known, because Okta does not show the others: {error}"
        ));
    }
    let unreadable = found.unreadable.into_iter();
    let unreadable = unreadable
        .map(|(what, error)| format!("{what} could not be read, so what was known is kept: {error}"));
    let warnings: Vec<String> = unreadable.collect();
    warnings.iter().for_each(|warning| log.warn(warning.clone()));
    Ok(warnings)
}
