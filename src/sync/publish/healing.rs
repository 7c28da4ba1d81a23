//! Finds and reports rows that the disk had damaged and that Okta's answer repairs.

use crate::contract::errors::Result;
use crate::directory::users::StagedUser;
use crate::directory::{Transaction, content_hash, org, users};
use crate::model::SyncReport;

/// Whether the disk had damaged the row. Either the row does not agree with its fingerprint, or the same content is
/// written again because copies or keys of the row were wrong.
pub(super) fn was_damaged(row: &StagedUser) -> bool {
    row.hash_before == row.hash_after || content_hash(&row.before) != row.hash_before
}

/// Warns about the damage, and computes the digest of all users again, because a fingerprint may be damaged too.
pub(super) fn report_healed(tx: &Transaction<'_>, report: &mut SyncReport, healed: u64) -> Result<()> {
    if healed == 0 {
        return Ok(());
    }
    let mut known = org::get(tx)?;
    let digest = users::digest(tx)?;
    report.digest = digest.to_hex();
    known.digest = Some(digest);
    org::set(tx, &known)?;
    report.warnings.push(format!(
        "{healed} stored users were not as they had been written; they are as Okta sent them again. Something changed \
         the directory file: check disk and memory of this machine."
    ));
    Ok(())
}
