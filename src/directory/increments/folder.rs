//! The folder that this directory shares with other nodes. Publishing and following note it, so that after a restart a
//! delivery is stored where every node finds it.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;

statement!(GET = "SELECT path FROM shared_folder WHERE one = 1");

statement!(
    SET = "
    INSERT INTO shared_folder (one, path) VALUES (1, ?1)
    ON CONFLICT (one) DO UPDATE SET path = excluded.path"
);

statement!(FORGET = "DELETE FROM shared_folder");

/// The folder; none if the directory is not in a cluster.
pub fn shared_folder(conn: &Connection) -> Result<Option<PathBuf>> {
    let found: Option<Vec<u8>> = conn
        .prepare_cached(GET)?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(found.map(|bytes| OsStr::from_bytes(&bytes).into()))
}

/// Notes the folder.
pub fn note_shared_folder(tx: &Transaction<'_>, folder: &Path) -> Result<()> {
    tx.prepare_cached(SET)?.execute([folder.as_os_str().as_bytes()])?;
    Ok(())
}

/// Forgets the folder: the directory has left the cluster.
pub(super) fn forget_shared_folder(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(FORGET)?.execute([])?;
    Ok(())
}
