//! The end of a run: guard, change records, publication and matching in one transaction.
//!
//! Until that transaction commits, readers see the directory as it was before the run; if the guard
//! refuses, it rolls back and what the run had collected is dropped.

use std::collections::BTreeMap;

use super::diff::{cleared, field_changes};
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
}

/// What the staged rows turned out to be.
#[derive(Default)]
struct Staged {
    updated: u64,
    touched: u64,
    cleared: BTreeMap<String, u64>,
}

impl Publication<'_> {
    /// Judges and publishes the run. An error leaves the directory untouched.
    pub fn publish(&self, tx: &Transaction<'_>, report: &mut SyncReport) -> Result<()> {
        self.prove_complete(tx, report)?;
        let seen = sync_runs::seen(tx, self.run)?;
        let before = users::counts(tx)?;
        report.added = users::count_inserted(tx, self.run)?;
        report.seen = report.added + seen.len() as u64;
        let vanished = self.vanished(tx, &seen)?;
        let limits = Limits::from_settings(self.settings);
        limits.judge_absent(report.seen, vanished.len() as u64, before.present, self.options)?;

        changes::append_added(tx, self.run, self.at)?;
        let staged = self.record_updates(tx)?;
        for (attribute, count) in limits.suspicious(&staged.cleared) {
            let had = users::count_with_attribute(tx, attribute)?;
            limits.judge_cleared(attribute, count, had, self.options)?;
        }
        report.updated = staged.updated;
        report.touched = staged.touched;
        report.unchanged = seen.len() as u64 - staged.updated - staged.touched;
        report.returned = self.record_returned(tx, &seen)?;
        report.absent = vanished.len() as u64;
        self.record_absent(tx, &vanished)?;
        users::publish_staged(tx, self.run)?;
        org::set_published_run(tx, self.run)?;
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

    fn vanished(&self, tx: &Transaction<'_>, seen: &UserSet) -> Result<Vec<(i64, String)>> {
        let mut vanished = Vec::new();
        users::not_seen(tx, seen, |user_no, okta_id| {
            vanished.push((user_no, okta_id.to_owned()));
            Ok(())
        })?;
        Ok(vanished)
    }

    fn record_updates(&self, tx: &Transaction<'_>) -> Result<Staged> {
        let mut staged = Staged::default();
        users::each_staged(tx, self.run, |row| {
            let fields = field_changes(&row.before, &row.after);
            for attribute in cleared(&fields) {
                *staged.cleared.entry(attribute.to_owned()).or_default() += 1;
            }
            if fields.is_empty() {
                staged.touched += 1;
            } else {
                staged.updated += 1;
            }
            // A user that was absent gets one entry, which says that it returned and with what.
            let kind = if row.absent { ChangeKind::Returned } else { ChangeKind::Updated };
            if row.absent || !fields.is_empty() {
                changes::append(tx, self.run, self.at, &row.before.id, kind, &fields)?;
            }
            Ok(())
        })?;
        Ok(staged)
    }

    /// Users that had been absent and were seen: those whose values changed already have their entry.
    fn record_returned(&self, tx: &Transaction<'_>, seen: &UserSet) -> Result<u64> {
        let mut returned = Vec::new();
        users::each_absent(tx, |row| {
            if seen.contains(row.user_no) {
                returned.push((row.user_no, row.okta_id.to_owned(), row.staged));
            }
            Ok(())
        })?;
        for (user_no, okta_id, staged) in &returned {
            if !staged {
                changes::append(tx, self.run, self.at, okta_id, ChangeKind::Returned, &[])?;
            }
            users::mark_returned(tx, *user_no)?;
        }
        Ok(returned.len() as u64)
    }

    fn record_absent(&self, tx: &Transaction<'_>, vanished: &[(i64, String)]) -> Result<()> {
        for (user_no, okta_id) in vanished {
            users::mark_absent(tx, *user_no, self.at)?;
            changes::append(tx, self.run, self.at, okta_id, ChangeKind::Absent, &[])?;
        }
        Ok(())
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
        report.present = users::counts(tx)?.present;
        if report.present != report.seen {
            return Err(Error::internal(format!(
                "{} users were seen but {} are present",
                report.seen, report.present
            )));
        }
        let digest = users::digest(tx)?;
        report.digest = digest.to_hex();
        report.state = RunState::Complete;
        report.finished = Some(self.at);
        org::set_fresh(tx, self.at, &digest)?;
        sync_runs::finish(tx, report)?;
        changes::prune(tx, self.at.minus(self.settings.days(Key::ChangesKeep)))?;
        sync_runs::prune(tx, self.settings.integer(Key::RunsKeep))
    }
}
