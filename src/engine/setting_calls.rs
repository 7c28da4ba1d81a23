//! Settings: for one engine only, or kept in the directory for every engine that opens it.

use std::path::Path;

use super::{Engine, lock};
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, SettingInForce, Settings};
use crate::directory::credentials::CredentialStore;
use crate::directory::settings;
use crate::http::MAX_CA_BYTES;
use crate::matching::parse_rules;
use crate::plain_file::{self, Links};

const MATCHING_RULES: &str = "matching.rules";

impl Engine {
    /// Changes one setting for the calls that begin from now on. It holds until this engine is closed and wins over
    /// the value that the directory keeps.
    pub fn set(&self, key: &str, value: &str) -> Result<()> {
        let _open = self.enter()?;
        check_rules(key, value)?;
        check_file(key, value.trim())?;
        lock(&self.settings).set(key, value)?;
        self.follow_settings();
        Ok(())
    }

    /// Keeps a setting in the directory. From now on it holds for every engine that opens the directory, unless a
    /// call gives another value. Fails for a setting that is needed before the directory is open, and for a secret.
    pub fn store_setting(&self, key: &str, value: &str) -> Result<()> {
        self.store_settings(&[(key.to_owned(), value.to_owned())])
    }

    /// Keeps several settings, all of them or none.
    pub fn store_settings(&self, pairs: &[(String, String)]) -> Result<()> {
        let _open = self.enter()?;
        let mut in_force = lock(&self.settings);
        let mut changed = in_force.clone();
        for (key, value) in pairs {
            check_rules(key, value)?;
            check_file(key, value.trim())?;
            changed.store(key, value)?;
        }
        self.directory.write_durably(|tx| {
            let mut pairs = pairs.iter();
            pairs.try_for_each(|(key, value)| settings::store(tx, key, value.trim()))
        })?;
        *in_force = changed;
        drop(in_force);
        self.follow_settings();
        for (key, _) in pairs {
            self.log
                .info(format!("the setting {key} was stored in the directory"));
        }
        Ok(())
    }

    /// Deletes a setting from the directory. Returns false if the directory did not contain it.
    pub fn unset_setting(&self, key: &str) -> Result<bool> {
        let _open = self.enter()?;
        let mut in_force = lock(&self.settings);
        in_force.forget(key)?;
        let was_kept = self.directory.write_durably(|tx| settings::forget(tx, key))?;
        drop(in_force);
        self.follow_settings();
        Ok(was_kept)
    }

    /// The value of a setting that is in force.
    pub fn setting(&self, key: &str) -> Result<String> {
        let _open = self.enter()?;
        lock(&self.settings).get(key).map(str::to_owned)
    }

    /// Every setting with the value in force and the origin of that value. A password in a proxy's address is left
    /// out.
    pub fn settings(&self) -> Result<Vec<SettingInForce>> {
        let _open = self.enter()?;
        Ok(lock(&self.settings).in_force())
    }

    /// Loads the settings that the directory keeps; a value given at the opening wins over them. A setting that
    /// this engine does not know, for instance one of a newer version, is logged and left unchanged.
    pub(super) fn load_settings(&self) -> Result<()> {
        let kept = self.directory.read(settings::list)?;
        let mut in_force = lock(&self.settings);
        for (key, value) in kept {
            let usable = check_rules(&key, &value).and_then(|()| in_force.store(&key, &value));
            if let Err(error) = usable {
                self.log.warn(format!("a stored setting is not used: {error}"));
            }
        }
        drop(in_force);
        self.follow_settings();
        Ok(())
    }

    /// Passes changed settings on to the parts that have their own copy.
    fn follow_settings(&self) {
        let settings: Settings = self.snapshot();
        self.credentials
            .set_mirror(settings.text(Key::CredentialsMirrorFile));
    }
}

fn check_rules(key: &str, value: &str) -> Result<()> {
    match key == MATCHING_RULES {
        true => parse_rules(value).map(drop),
        false => Ok(()),
    }
}

/// Fails if a setting names a file that cannot be used. A file that does not exist yet is accepted. The content is
/// checked when it is used.
fn check_file(key: &str, value: &str) -> Result<()> {
    let checked = match key {
        _ if value.is_empty() => Ok(()),
        "http.ca_file" => plain_file::check(Path::new(value), MAX_CA_BYTES, Links::Followed),
        "credentials.mirror_file" => CredentialStore::check_mirror(value),
        _ => Ok(()),
    };
    checked.or_else(|error| match plain_file::is_refusal(&error) {
        true => Err(Error::about(
            ErrorCode::InvalidSetting,
            format!("{key} names {value}: {}", plain_file::cause(&error)),
        )),
        // The disk may work again later, so a failure of the disk is no reason to refuse.
        false => Ok(()),
    })
}
