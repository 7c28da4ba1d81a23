//! The end of a run: guard, change records, publication and matching in one transaction.
//!
//! Until that transaction commits, readers see the directory as it was before the run; if the guard
//! refuses, it rolls back and what the run had collected is dropped.

use std::collections::{BTreeMap, HashSet};

use super::commit::Spending;
use super::diff::{cleared, field_changes};
use super::look_ups;
use super::sweep::Limits;
use crate::clock::UnixMillis;
use crate::config::{Key, Settings};
use crate::directory::{Transaction, UserSet, changes, matches, org, sync_runs, users};
use crate::error::{Error, Result};
use crate::model::{ChangeKind, MatchRule, RunId, RunState, SyncOptions, SyncReport};

/// What the end of a run needs to know.
pub struct Publication<'a> {
    /// The run.
    pub run: RunId,
    /// The settings it began with.
    pub settings: &'a Settings,
    /// The matching rules in force.
    pub rules: &'a [MatchRule],
    /// What the caller confirmed.
    pub options: SyncOptions,
    /// The moment of publication.
    pub at: UnixMillis,
    /// What the run costs.
    pub spending: &'a Spending,
}

/// What the staged rows turned out to be.
#[derive(Default)]
struct Staged {
    updated: u64,
    touched: u64,
    cleared: BTreeMap<String, u64>,
    /// Users that had been absent and come back with other values.
    returned: HashSet<i64>,
}

impl Publication<'_> {
    /// Judges and publishes the run. An error must roll the transaction back.
    pub fn publish(&self, tx: &Transaction<'_>, report: &mut SyncReport) -> Result<()> {
        self.prove_complete(tx, report)?;
        let limits = Limits::from_settings(self.settings);
        let mut seen = sync_runs::seen(tx, self.run)?;
        changes::append_added(tx, self.run, self.at)?;
        let staged = self.record_updates(tx, &mut seen)?;
        count_seen(report, users::count_inserted(tx, self.run)?, &seen, &staged);

        let vanished = self.vanished(tx, &seen)?;
        let before = users::counts(tx)?.present;
        limits.judge_absent(report.seen, vanished.len() as u64, before, self.options)?;
        for (attribute, count) in limits.suspicious(&staged.cleared) {
            let had = users::count_with_attribute(tx, attribute)?;
            limits.judge_cleared(attribute, count, had, self.options)?;
        }

        report.returned = self.record_returned(tx, &seen, &staged)?;
        report.absent = self.record_absent(tx, &vanished)?;
        look_ups::refresh(tx, self.run, self.settings)?;
        users::publish_staged(tx, self.run)?;
        self.make_visible(tx)?;
        report.purged = self.purge(tx)?;
        self.conclude(tx, report)
    }

    /// Complete means: every listing of the run ended in an explicit answer without a next page.
    fn prove_complete(&self, tx: &Transaction<'_>, report: &mut SyncReport) -> Result<()> {
        let slices = sync_runs::slices(tx, self.run)?;
        report.slices = slices.len() as u64;
        report.slices_ended = slices.iter().filter(|slice| slice.ended).count() as u64;
        if slices.is_empty() || report.slices_ended != report.slices {
            let what = format!("only {} of {} listings ended", report.slices_ended, report.slices);
            return Err(Error::internal(what));
        }
        Ok(())
    }

    fn record_updates(&self, tx: &Transaction<'_>, seen: &mut UserSet) -> Result<Staged> {
        let mut staged = Staged::default();
        users::each_staged(tx, self.run, |row| {
            // Seen even if its page was forgotten when a slice began anew.
            seen.insert(row.user_no);
            let fields = field_changes(&row.before, &row.after);
            for attribute in cleared(&fields) {
                *staged.cleared.entry(attribute.to_owned()).or_default() += 1;
            }
            if fields.is_empty() {
                staged.touched += 1;
            } else {
                staged.updated += 1;
            }
            if row.absent {
                staged.returned.insert(row.user_no);
            }
            // A user that was absent gets one entry, which says that it returned and with what.
            let kind = if row.absent {
                ChangeKind::Returned
            } else {
                ChangeKind::Updated
            };
            if row.absent || !fields.is_empty() {
                changes::append(tx, self.run, self.at, &row.before.id, kind, &fields)?;
            }
            Ok(())
        })?;
        Ok(staged)
    }

    fn vanished(&self, tx: &Transaction<'_>, seen: &UserSet) -> Result<Vec<(i64, String)>> {
        let mut vanished = Vec::new();
        users::not_seen(tx, seen, |user_no, okta_id| {
            vanished.push((user_no, okta_id.to_owned()));
            Ok(())
        })?;
        Ok(vanished)
    }

    fn record_returned(&self, tx: &Transaction<'_>, seen: &UserSet, staged: &Staged) -> Result<u64> {
        let mut returned = Vec::new();
        users::seen_again(tx, seen, |user_no, okta_id| {
            returned.push((user_no, okta_id.to_owned()));
            Ok(())
        })?;
        for (user_no, okta_id) in &returned {
            if !staged.returned.contains(user_no) {
                changes::append(tx, self.run, self.at, okta_id, ChangeKind::Returned, &[])?;
            }
            users::mark_returned(tx, *user_no)?;
        }
        Ok(returned.len() as u64)
    }

    fn record_absent(&self, tx: &Transaction<'_>, vanished: &[(i64, String)]) -> Result<u64> {
        for (user_no, okta_id) in vanished {
            users::mark_absent(tx, *user_no, self.at)?;
            changes::append(tx, self.run, self.at, okta_id, ChangeKind::Absent, &[])?;
        }
        Ok(vanished.len() as u64)
    }

    fn make_visible(&self, tx: &Transaction<'_>) -> Result<()> {
        let mut known = org::get(tx)?;
        known.published_run = self.run;
        org::set(tx, &known)
    }

    fn purge(&self, tx: &Transaction<'_>) -> Result<u64> {
        let before = self.at.minus(self.settings.days(Key::SweepPurgeAfter));
        let purged = users::purge_absent(tx, before)?;
        for okta_id in &purged {
            changes::append(tx, self.run, self.at, okta_id, ChangeKind::Purged, &[])?;
        }
        Ok(purged.len() as u64)
    }

    fn conclude(&self, tx: &Transaction<'_>, report: &mut SyncReport) -> Result<()> {
        report.matches = matches::rematch(tx, self.rules)?;
        look_ups::close(tx, self.settings)?;
        report.present = users::counts(tx)?.present;
        if report.present != report.seen {
            let what = format!(
                "{} users were seen but {} are present",
                report.seen, report.present
            );
            return Err(Error::internal(what));
        }
        let digest = users::digest(tx)?;
        report.digest = digest.to_hex();
        report.state = RunState::Complete;
        report.finished = Some(self.at);
        self.spending.report(report);
        let mut known = org::get(tx)?;
        known.fresh_as_of = Some(self.at);
        known.digest = Some(digest);
        org::set(tx, &known)?;
        sync_runs::finish(tx, report)?;
        changes::prune(tx, self.at.minus(self.settings.days(Key::ChangesKeep)))?;
        sync_runs::prune(tx, self.settings.integer(Key::RunsKeep)).map(drop)
    }
}

/// All counts come from what is in the directory, so they hold after any number of kills.
fn count_seen(report: &mut SyncReport, added: u64, seen: &UserSet, staged: &Staged) {
    // Until now the report counted rows.
    let rows = report.seen;
    report.added = added;
    report.seen = added + seen.len();
    report.repeated = rows.saturating_sub(report.seen);
    report.updated = staged.updated;
    report.touched = staged.touched;
    report.unchanged = seen.len() - staged.updated - staged.touched;
}
