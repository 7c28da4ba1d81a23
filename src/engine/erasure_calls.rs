//! Erases a person on request, everywhere at once. No network.

use super::Engine;
use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::{erasure, increments};

impl Engine {
    /// Erases the person with this Okta id: profile, matches, pins, memberships, changes with their values, and
    /// notes of runs. The person is not stored again until [`Engine::readmit_user`], even if Okta still lists the
    /// person. The caller must delete older copies of the directory (backups, exports).
    ///
    /// Returns false if the person was erased before. [`crate::contract::errors::ErrorCode::NotFound`] if nothing
    /// in the directory has the id, [`crate::contract::errors::ErrorCode::Busy`] while a sync runs. An unfinished
    /// run is dropped.
    pub fn erase_user(&self, okta_id: &str) -> Result<bool> {
        let _open = self.enter()?;
        let _lease = self.lease()?;
        let rules = self.rules()?;
        let erased = self.directory.write(|tx| {
            let erased = erasure::erase(tx, okta_id, &rules, UnixMillis::now())?;
            if erased {
                increments::forget_rows_before(tx)?;
            }
            Ok(erased)
        })?;
        self.log.forget(okta_id);
        // SQLite's log may still contain what was overwritten in the file, so it is emptied.
        self.directory.cut_log()?;
        self.log.info("a person was erased on request");
        Ok(erased)
    }

    /// Allows an erased person to be stored again; the next run reads all users.
    /// [`crate::contract::errors::ErrorCode::NotFound`] if nobody with this id was erased.
    pub fn readmit_user(&self, okta_id: &str) -> Result<()> {
        let _open = self.enter()?;
        self.directory.write(|tx| erasure::readmit(tx, okta_id))
    }
}
