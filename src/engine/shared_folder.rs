//! The part of a cluster's shared folder that concerns events. Each node keeps its deliveries there, and the node
//! that synchronizes takes them in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::contract::errors::Result;
use crate::directory::Directory;
use crate::directory::credentials::shared_verifiers::SharedVerifiers;
use crate::directory::inbox::SharedSpool;
use crate::directory::increments;

/// The shared folder, with its deliveries and its digests of secrets.
pub(super) struct SharedFolder {
    path: PathBuf,
    pub(super) deliveries: SharedSpool,
    pub(super) verifiers: SharedVerifiers,
}

impl SharedFolder {
    /// Whether this is the folder at `path`.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        self.path == path
    }

    /// Whether the folder exists. A missing folder is not mounted.
    pub(super) fn is_there(&self) -> bool {
        self.path.is_dir()
    }

    /// The folder that this directory was last published to or followed from; none if the directory is not in a
    /// cluster.
    pub(super) fn of(directory: &Directory) -> Result<Option<Arc<SharedFolder>>> {
        let path = directory.read(increments::shared_folder)?;
        Ok(path.map(|path| SharedFolder::at(&path, directory)))
    }

    /// The folder at `path`, for this directory.
    pub(super) fn at(path: &Path, directory: &Directory) -> Arc<SharedFolder> {
        Arc::new(SharedFolder {
            path: path.to_owned(),
            deliveries: SharedSpool::of(path, directory.path()),
            verifiers: SharedVerifiers::on(path),
        })
    }
}
