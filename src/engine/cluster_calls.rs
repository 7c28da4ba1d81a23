//! Publishes the directory on a shared folder for the other nodes of a cluster, and follows what they publish.
//! These calls use the shared folder and no other network.

use std::path::Path;
use std::sync::Arc;

use super::shared_folder::SharedFolder;
use super::{Engine, lock};
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::{increments, matches};
use crate::model::{Followed, Published, SharedPublication};

impl Engine {
    /// Publishes the directory on a folder that all nodes share. Only the rows that changed since the last
    /// published state are written, or all rows if that is not possible. Followers get `note`. `anew` also removes
    /// everything that was published before, which is needed after a person was erased.
    ///
    /// The inbox and the position in the System Log are published as well. Afterwards the deliveries that this node
    /// has taken in are removed from the folder.
    ///
    /// Only one node may publish at a time; the host ensures that with a lock of the cluster. [`ErrorCode::Busy`]
    /// while a sync runs.
    pub fn publish_to(&self, folder: &Path, note: &str, anew: bool) -> Result<SharedPublication> {
        let _open = self.enter()?;
        let _turn = lock(&self.cluster_turn);
        let _lease = self.lease_in_turn()?;
        let shared = self.share(folder)?;
        let taken_in = shared.deliveries.taken_in();
        let publication = increments::publish(&self.directory, folder, note, anew)?;
        if publication.published == Published::Newer {
            self.log
                .warn("nothing was published: a newer version of the engine publishes on the shared folder");
            return Ok(publication);
        }
        self.tell_hook_secrets();
        if let Err(error) = shared.deliveries.remove(&taken_in) {
            // This does no harm: a delivery that is taken in twice is recognised by its id.
            self.log.warn(format!(
                "deliveries that were taken in could not be removed from the shared folder: {error}"
            ));
        }
        Ok(publication)
    }

    /// Brings the directory to the newest state on a shared folder, in one transaction; calls that only read go on
    /// meanwhile. It undoes changes that this directory made by itself since its last state (matches by hand, Jira
    /// users, an interrupted run, polls of the log). The host keeps such changes elsewhere and makes them again.
    /// Deliveries are not lost, because they are on the folder. If matching rules are set here that differ from the
    /// publisher's, it matches all users by them.
    ///
    /// [`ErrorCode::Busy`] while a sync runs.
    pub fn follow(&self, folder: &Path) -> Result<Followed> {
        let _open = self.enter()?;
        let _turn = lock(&self.cluster_turn);
        let _lease = self.lease_in_turn()?;
        let shared = self.share(folder)?;
        self.hand_over_spool(&shared);
        let followed = increments::follow(&self.directory, folder);
        shared.deliveries.begin_anew();
        if followed.as_ref().is_ok_and(|followed| followed.following.moved()) {
            self.match_by_own_rules()?;
        }
        followed
    }

    /// Matches by the rules that are set here, if the publisher used others, perhaps because it does not know of the
    /// change yet. The next publication of this node passes the matches on.
    fn match_by_own_rules(&self) -> Result<()> {
        if !self.snapshot().is_set(Key::MatchingRules) {
            return Ok(());
        }
        let rules = self.rules()?;
        self.directory
            .write(|tx| match matches::were_last_applied(tx, &rules)? {
                true => Ok(()),
                false => matches::rematch(tx, &rules).map(drop),
            })
    }

    /// Leaves the cluster, for a node that now runs alone. It takes in the deliveries of all nodes from the shared
    /// folder and removes them there, because no publication will remove them. From now on deliveries are kept in
    /// the directory. Published files stay. Publishing or following joins a cluster again. Outside a cluster this
    /// does nothing.
    ///
    /// [`ErrorCode::Busy`] while a sync runs.
    pub fn leave_cluster(&self) -> Result<()> {
        let _open = self.enter()?;
        let _turn = lock(&self.cluster_turn);
        let Some(shared) = self.shared_folder() else {
            // An earlier version went on recording after it had left.
            return match self.directory.read(increments::is_recorded)? {
                true => self.directory.write(increments::leave),
                false => Ok(()),
            };
        };
        let _lease = self.lease_in_turn()?;
        // This comes first: the receiver of a delivery checks it again after writing the delivery, and then takes
        // the delivery in itself.
        *lock(&self.shared_folder) = None;
        let left = self
            .empty_shared_folder(&shared)
            .and_then(|()| self.directory.write_durably(increments::leave));
        if left.is_err() {
            *lock(&self.shared_folder) = Some(shared);
        }
        left
    }

    /// Takes in the deliveries of all nodes. If some of them cannot be read any more, asks for a full run.
    fn empty_shared_folder(&self, shared: &SharedFolder) -> Result<()> {
        shared.deliveries.begin_anew();
        let emptied = match shared.is_there() {
            true => self.take_in_and_remove(shared),
            false => Err(Error::new(ErrorCode::SharedFolderFailed)),
        };
        match emptied {
            Err(error) if error.code() == ErrorCode::SharedFolderFailed => {
                self.log.warn(format!(
                    "the shared folder is gone, and with it the deliveries that other nodes kept; a full synchronization reads everybody again: {error}"
                ));
                self.note_lost_deliveries(
                    "the shared folder of the cluster was missing when this node began to run alone",
                )
            }
            emptied => emptied,
        }
    }

    fn take_in_and_remove(&self, shared: &SharedFolder) -> Result<()> {
        loop {
            self.take_in_shared(shared)?;
            let taken_in = shared.deliveries.taken_in();
            if taken_in.is_empty() {
                return Ok(());
            }
            shared.deliveries.remove(&taken_in)?;
        }
    }

    /// The shared folder; none if there is no cluster.
    pub(super) fn shared_folder(&self) -> Option<Arc<SharedFolder>> {
        lock(&self.shared_folder).clone()
    }

    /// The shared folder at `path`. It is remembered if it is another folder than before.
    pub(super) fn share(&self, path: &Path) -> Result<Arc<SharedFolder>> {
        // After a restart the process may be in another folder.
        let path = &std::path::absolute(path).map_err(|error| {
            let what = format!("the shared folder ({error})");
            Error::about(ErrorCode::InvalidArgument, what)
        })?;
        if let Some(known) = self.shared_folder().filter(|known| known.is_at(path)) {
            return Ok(known);
        }
        self.directory
            .write_durably(|tx| increments::note_shared_folder(tx, path))?;
        let folder = SharedFolder::at(path, &self.directory);
        *lock(&self.shared_folder) = Some(Arc::clone(&folder));
        Ok(folder)
    }

    /// Tells the other nodes which secrets a delivery may carry. If this fails, they learn the secrets when they
    /// follow.
    pub(super) fn tell_hook_secrets(&self) {
        let written = self
            .shared_folder()
            .map_or(Ok(()), |folder| folder.verifiers.write_accepted(&self.directory));
        if let Err(error) = written {
            self.log.warn(format!(
                "the other nodes do not know the secret of the event hook yet: {error}"
            ));
        }
    }
}
