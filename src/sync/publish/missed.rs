//! What listings find although events should have told of it: the proof that live works, or that it does not.
//!
//! Not everything is told. Nobody is blamed for what happened before events were listened to or just now, for what
//! still waits in the inbox, and for edits of deactivated users, which Okta logs nowhere.

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::inbox;
use crate::directory::runs::freshness;
use crate::directory::{Connection, users};
use crate::model::{OktaUser, RunMode};

/// So long after a change its event may still be under way; and by so much two clocks may differ.
const GRACE: Duration = Duration::from_secs(120);
/// Whose edits are not logged.
const DEACTIVATED: &str = "DEPROVISIONED";

/// Counts what was missed by one run.
#[derive(Debug, Default)]
pub struct Missed {
    /// Changes between these two should have been told; none while nobody listens.
    listening: Option<(UnixMillis, UnixMillis)>,
    /// Whether who is gone should have been told: listened to since the last full run.
    deletions: bool,
    /// How many were not.
    pub count: u64,
}

impl Missed {
    /// For a run of this mode that began at this moment by Okta's clock.
    pub fn by_run(conn: &Connection, mode: RunMode, began: Option<UnixMillis>) -> Result<Missed> {
        if mode == RunMode::Live {
            return Ok(Missed::default());
        }
        let state = inbox::state(conn)?;
        let (Some(since), Some(began)) = (state.since, began) else {
            return Ok(Missed::default());
        };
        let pending = inbox::pending(conn, began)?;
        // Events are known to be lost, or are collapsed into one mark.
        if pending.many || pending.everybody {
            return Ok(Missed::default());
        }
        let last_full = freshness::get(conn)?.last_full;
        Ok(Missed {
            listening: Some((since.plus(GRACE), began.minus(GRACE))),
            deletions: last_full.is_some_and(|at| at >= since),
            count: 0,
        })
    }

    /// A user is new.
    pub fn arrived(&mut self, conn: &Connection, okta_id: &str) -> Result<()> {
        if self.listening.is_none() {
            return Ok(());
        }
        let updated = users::known(conn, okta_id)?.and_then(|user| user.last_updated);
        self.take(conn, okta_id, updated)
    }

    /// A user has other values than before.
    pub fn changed(&mut self, conn: &Connection, before: &OktaUser, after: &OktaUser) -> Result<()> {
        match before.status == DEACTIVATED && after.status == DEACTIVATED {
            true => Ok(()),
            false => self.take(conn, &after.id, after.last_updated),
        }
    }

    fn take(&mut self, conn: &Connection, okta_id: &str, updated: Option<UnixMillis>) -> Result<()> {
        let Some(((since, until), updated)) = self.listening.zip(updated) else {
            return Ok(());
        };
        if (since..until).contains(&updated) && !inbox::is_waiting(conn, okta_id)? {
            self.count += 1;
        }
        Ok(())
    }

    /// A user is gone.
    pub fn deleted(&mut self, conn: &Connection, okta_id: &str) -> Result<()> {
        if self.listening.is_some() && self.deletions && !inbox::is_waiting(conn, okta_id)? {
            self.count += 1;
        }
        Ok(())
    }
}
