//! What the nodes of a cluster have in common: publishing the directory on a shared folder, and following it. No
//! network but what the folder needs.

use std::path::Path;

use super::{Engine, lock};
use crate::contract::errors::Result;
use crate::directory::increments;
use crate::model::{Followed, Published, SharedPublication};

impl Engine {
    /// Publishes the directory on a folder that all nodes share: the rows that changed since the state that it is at,
    /// or every row. `note` is handed to whoever follows. `anew` leaves nothing of what was published before, as when
    /// somebody was erased.
    ///
    /// Only one node may publish at a time; the host holds a lock of the cluster for that.
    /// [`ErrorCode::Busy`](crate::contract::errors::ErrorCode::Busy) while a sync runs.
    pub fn publish_to(&self, folder: &Path, note: &str, anew: bool) -> Result<SharedPublication> {
        let _open = self.enter()?;
        let _turn = lock(&self.cluster_turn);
        let _lease = self.lease_in_turn()?;
        let publication = increments::publish(&self.directory, folder, note, anew)?;
        if publication.published == Published::Newer {
            self.log
                .warn("nothing was published: a newer version of the engine publishes on the shared folder");
        }
        Ok(publication)
    }

    /// Brings the directory to the newest state on a shared folder, in one transaction, while calls that read go on.
    /// What this directory has done by itself since its state (matches by hand, Jira users, a run that was cut off) is
    /// taken back: the host keeps such things elsewhere and does them again.
    ///
    /// [`ErrorCode::Busy`](crate::contract::errors::ErrorCode::Busy) while a sync runs.
    pub fn follow(&self, folder: &Path) -> Result<Followed> {
        let _open = self.enter()?;
        let _turn = lock(&self.cluster_turn);
        let _lease = self.lease_in_turn()?;
        increments::follow(&self.directory, folder)
    }
}
