//! The one row about the directory as a whole: which org it holds, what is published, how fresh it is.

use rusqlite::{Connection, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::statement::statement;
use crate::directory::users::content_hash::Digest;
use crate::model::RunId;

/// Which org the directory belongs to and what readers see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// Okta's id of the org; empty before the first complete run.
    pub org_id: String,
    /// Readers see the users that runs up to this one inserted; 0 before the first published run.
    pub published_run: RunId,
    /// When the last complete run finished; none before the first.
    pub fresh_as_of: Option<UnixMillis>,
    /// The digest of all present users at that time; none before the first complete run.
    pub digest: Option<Digest>,
}

impl Org {
    /// The org that the directory belongs to. Only a complete run binds the directory to an org. Older engines already
    /// wrote the id when a run began, so the id alone does not prove it.
    pub fn bound_to(&self) -> Option<&str> {
        let is_bound = self.has_published() && !self.org_id.is_empty();
        is_bound.then_some(self.org_id.as_str())
    }

    /// Whether a run was published. Before that, readers see no Okta user.
    pub fn has_published(&self) -> bool {
        self.published_run.0 > 0
    }
}

statement!(GET = "SELECT org_id, published_run, fresh_as_of, digest FROM directory");

statement!(
    SET = "
    UPDATE directory
       SET org_id = :org_id, published_run = :published_run, fresh_as_of = :fresh_as_of, digest = :digest"
);

/// Reads the row.
pub fn get(conn: &Connection) -> Result<Org> {
    let (org_id, published_run, fresh_as_of, digest) = conn.prepare_cached(GET)?.query_row([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Vec<u8>>(3)?))
    })?;
    let digest = match <[u8; 32]>::try_from(digest.as_slice()) {
        Ok(bytes) => Some(Digest::from_bytes(bytes)),
        Err(_) if digest.is_empty() => None,
        Err(_) => {
            return Err(Error::about(
                ErrorCode::DirectoryCorrupt,
                "the digest has a wrong length",
            ));
        }
    };
    Ok(Org {
        org_id,
        published_run,
        fresh_as_of,
        digest,
    })
}

/// Writes the row. A greater `published_run` publishes the users that a run inserted. Compute the digest after that,
/// and store it with a second call.
pub fn set(tx: &Transaction<'_>, org: &Org) -> Result<()> {
    let digest: &[u8] = org.digest.as_ref().map_or(&[], |digest| digest.as_bytes());
    tx.prepare_cached(SET)?.execute(named_params! {
        ":org_id": org.org_id,
        ":published_run": org.published_run,
        ":fresh_as_of": org.fresh_as_of,
        ":digest": digest,
    })?;
    Ok(())
}
