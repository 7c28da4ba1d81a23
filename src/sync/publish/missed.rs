//! Counts changes that listings find although events should have reported them. The number shows whether live
//! works.
//!
//! Some changes do not count as missed: those from before live was on, those of the last moments, those that still wait
//! in the inbox, and edits of deactivated users, which Okta does not log.

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::inbox;
use crate::directory::runs::freshness;
use crate::directory::{Connection, users};
use crate::model::{OktaUser, RunMode};

/// The longest delay of an event, and the largest difference of two clocks.
const GRACE: Duration = Duration::from_secs(120);
/// The status of users whose edits Okta does not log.
const DEACTIVATED: &str = "DEPROVISIONED";

/// Counts the missed changes of one run.
#[derive(Debug, Default)]
pub struct Missed {
    /// Changes between these two times should have been reported; none while live is off.
    listening: Option<(UnixMillis, UnixMillis)>,
    /// Whether deletions should have been reported: live was on since the last full run.
    deletions: bool,
    /// How many changes were missed.
    pub count: u64,
}

impl Missed {
    /// A counter for a run of this mode that began at this time by Okta's clock.
    pub fn by_run(conn: &Connection, mode: RunMode, began: Option<UnixMillis>) -> Result<Missed> {
        if mode == RunMode::Live {
            return Ok(Missed::default());
        }
        let state = inbox::state(conn)?;
        let (Some(since), Some(began)) = (state.since, began) else {
            return Ok(Missed::default());
        };
        let pending = inbox::pending(conn, began)?;
        // Events were lost, or a single mark has replaced them. So nobody can say which changes were missed.
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

    /// Counts a new user.
    pub fn arrived(&mut self, conn: &Connection, okta_id: &str) -> Result<()> {
        if self.listening.is_none() {
            return Ok(());
        }
        let updated = users::known(conn, okta_id)?.and_then(|user| user.last_updated);
        self.take(conn, okta_id, updated)
    }

    /// Counts a user whose values changed.
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

    /// Counts a user who is gone.
    pub fn deleted(&mut self, conn: &Connection, okta_id: &str) -> Result<()> {
        if self.listening.is_some() && self.deletions && !inbox::is_waiting(conn, okta_id)? {
            self.count += 1;
        }
        Ok(())
    }
}
