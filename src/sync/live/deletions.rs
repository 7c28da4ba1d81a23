//! The guard for deletions by events: which users are gone, and whether so many may be.
//!
//! Events report one deletion after the other, so the guard counts all deletions since the last full run. If they are
//! too many, they are left to the next full run, which sees everybody and has the same limits.

use crate::contract::errors::{ErrorCode, Result};
use crate::directory::inbox;
use crate::directory::{Connection, users};
use crate::sync::context::SyncContext;
use crate::sync::publish::guard::Limits;
use crate::sync::publish::user_answers::UserAnswers;

impl SyncContext<'_> {
    /// If there are too many deletions, leaves them out of the publication and returns a warning.
    pub(super) fn judge_deletions(&self, answers: &mut UserAnswers) -> Result<Option<String>> {
        if answers.deleted.is_empty() {
            return Ok(None);
        }
        let (before, present, gone) = self.directory.read(|conn| {
            let before = inbox::state(conn)?.deleted_since_full;
            Ok((
                before,
                users::counts(conn)?.present,
                gone(conn, answers)?.len() as u64,
            ))
        })?;
        let all = before + gone;
        let limits = Limits::from_settings(self.settings);
        if self.options.confirm_absent || !limits.too_many_absent(all, present + before) {
            return Ok(None);
        }
        let held: Vec<i64> = answers.deleted.drain(..).map(|(_, arrival)| arrival).collect();
        answers.settled.retain(|arrival| !held.contains(arrival));
        self.directory.write(|tx| inbox::hold(tx, &held))?;
        let what = format!(
            "Events report {} deleted users, which makes {all} of {} since the last full run. That is more than the limits \
             allow, so these deletions are left to the next full run ({}).",
            held.len(),
            present + before,
            ErrorCode::TooManyAbsent.number(),
        );
        self.log.warn(what.clone());
        Ok(Some(what))
    }
}

/// The present users among those who are deleted, by number and id.
pub fn gone(conn: &Connection, answers: &UserAnswers) -> Result<Vec<(i64, String)>> {
    let mut gone = Vec::new();
    for (okta_id, _) in &answers.deleted {
        let known = users::known(conn, okta_id)?.filter(|user| !user.absent);
        gone.extend(known.map(|user| (user.user_no, okta_id.clone())));
    }
    Ok(gone)
}
