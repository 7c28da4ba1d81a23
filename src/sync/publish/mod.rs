//! The end of a run: guard, change records, publication and matching in one transaction.
//!
//! A full run knows which users are missing. A delta run knows only what changed, so it marks nobody absent, and
//! its cost grows with the number of changes. Its figures for all users are those of the last complete run plus its
//! changes.
//! plus the changes.
//! Until that transaction commits, readers see the directory as it was before the run. If the guard refuses, the
//! transaction rolls back, and the collected rows are deleted.
//! the transaction rolls back and what the run collected is deleted.
//!
//! First `confirm` asks Okta about doubtful users. `guard` judges, `diff` finds what changed, `moved` counts,
//! `look_ups` updates the look-up tables, `healing` reports damaged rows. `watermark` and `fresh` decide where the
//! next delta run begins. `answered`, `user_answers`, `again` and `missed` are about events.

pub(super) mod again;
mod answered;
pub(super) mod confirm;
pub(super) mod diff;
pub mod fresh;
pub(super) mod guard;
mod healing;
mod look_ups;
mod missed;
mod moved;
pub(super) mod user_answers;
pub(super) mod watermark;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::contract::settings::{Key, Settings};
use crate::directory::groups;
use crate::directory::matches::Scope;
use crate::directory::profiles::look_up_damage;
use crate::directory::profiles::look_ups::{LookUps, RowWriter};
use crate::directory::runs::freshness;
use crate::directory::runs::{self, changes};
use crate::directory::store::key_indexes;
use crate::directory::users::StatusChange;
use crate::directory::users::retention::{self, Erased};
use crate::directory::{Digest, Transaction, UserSet, matches, org, users};
use crate::model::{AttributeFilter, ChangeKind, MatchRule};
use crate::model::{RunId, RunMode, RunState, SyncOptions, SyncReport};
use crate::okta::Organization;
use crate::sync::publish::diff::{cleared, field_changes};
use crate::sync::publish::guard::Limits;
use crate::sync::publish::healing::was_damaged;
use crate::sync::publish::missed::Missed;
use crate::sync::publish::moved::{Moved, count_seen, may_move};
use crate::sync::publish::user_answers::UserAnswers;
use crate::sync::retention::{is_kept, kept, only_kept, only_matched};
use crate::sync::write::commit::Spending;

/// What the end of a run needs to know.
pub struct Publication<'a> {
    /// The run.
    pub run: RunId,
    /// The settings at the beginning of the run.
    pub settings: &'a Settings,
    /// The matching rules in force.
    pub rules: &'a [MatchRule],
    /// What the caller confirmed.
    pub options: SyncOptions,
    /// The moment of publication.
    pub at: UnixMillis,
    /// What the run costs.
    pub spending: &'a Spending,
    /// The address of the org.
    pub org_url: &'a str,
    /// What the org said about itself at this address.
    pub organization: &'a Organization,
    /// Published users who are gone although no listing of the run shows it.
    pub gone: &'a [(i64, String)],
    /// Okta's answers about the users that events name; empty unless it is a live run.
    pub answers: &'a UserAnswers,
}

impl Publication<'_> {
    /// Judges and publishes the run. An error must roll the transaction back.
    pub fn publish(&self, tx: &Transaction<'_>, report: &mut SyncReport) -> Result<()> {
        self.prove_complete(tx, report)?;
        let limits = Limits::from_settings(self.settings);
        let mut seen = runs::seen(tx, self.run)?;
        let look_ups = look_ups::prepare(tx, self.run, self.settings)?;
        let mut missed = Missed::by_run(tx, report.mode, self.spending.read().okta_began)?;
        let statuses = StatusChange::before(tx, may_move(tx, self.run, report.mode, &seen, self.gone)?)?;
        let mut moved = self.record_arrivals(tx, &look_ups, &mut missed)?;
        self.record_updates(tx, &mut moved, &mut seen, &mut missed)?;
        for (user_no, _) in self.gone {
            seen.remove(*user_no);
        }
        count_seen(report, &seen, &moved);

        let vanished = match report.mode {
            RunMode::Full => self.vanished(tx, &seen)?,
            RunMode::Delta | RunMode::Live => self.gone.to_vec(),
        };
        if report.mode == RunMode::Full {
            let before = users::count_present(tx)?;
            let sent = report.seen + report.passed_over;
            limits.judge_absent(sent, vanished.len() as u64, before, self.options)?;
        }
        for (attribute, count) in limits.suspicious(&moved.cleared) {
            let had = users::count_with_attribute(tx, attribute)?;
            limits.judge_cleared(attribute, count, had, self.options)?;
        }

        report.returned = self.record_returned(tx, &seen, &mut moved)?;
        let mut scope = Scope::new(self.rules);
        if report.mode != RunMode::Full {
            for (user_no, _) in &vanished {
                moved.known.insert(*user_no);
            }
            // Adds the users connected with these before the change. After the change, the users connected then are
            // added too.
            for user_no in moved.known.iter() {
                scope.add_okta(tx, user_no)?;
            }
        }
        report.absent = self.record_absent(tx, &vanished, &mut moved, &mut missed)?;
        look_ups.take_known(tx)?;
        users::publish_staged(tx, self.run)?;
        self.make_visible(tx)?;
        match report.mode {
            RunMode::Full => {
                report.purged = self.purge(tx)?;
                self.forget_unwanted(tx, report)?;
                self.describe_all(tx, report, &mut moved)?;
            }
            RunMode::Delta | RunMode::Live => self.move_on(tx, report, &mut moved, scope, statuses)?,
        }
        healing::report_healed(tx, report, moved.healed)?;
        self.answer_events(tx, report, &missed)?;
        self.conclude(tx, report)
    }

    /// A run is complete if every listing ended with an answer without a next page.
    fn prove_complete(&self, tx: &Transaction<'_>, report: &mut SyncReport) -> Result<()> {
        let slices = runs::slices(tx, self.run)?;
        report.slices = slices.len() as u64;
        report.slices_ended = slices.iter().filter(|slice| slice.ended).count() as u64;
        if slices.is_empty() || report.slices_ended != report.slices {
            let what = format!("only {} of {} listings ended", report.slices_ended, report.slices);
            return Err(Error::internal(what));
        }
        Ok(())
    }

    /// Records the users that the run inserted. Reads no other rows.
    fn record_arrivals(
        &self,
        tx: &Transaction<'_>,
        look_ups: &LookUps,
        missed: &mut Missed,
    ) -> Result<Moved> {
        let mut moved = Moved::default();
        let mut rows = RowWriter::new(tx)?;
        users::each_inserted(tx, self.run, |user| {
            self.append(tx, user.okta_id, ChangeKind::Added, &[])?;
            missed.arrived(tx, user.okta_id)?;
            look_ups.take(&mut rows, user.user_no, user.profile)?;
            moved.digest.add(user.okta_id, &user.hash);
            moved.arrived.insert(user.user_no);
            Ok(())
        })?;
        Ok(moved)
    }

    fn record_updates(
        &self,
        tx: &Transaction<'_>,
        moved: &mut Moved,
        seen: &mut UserSet,
        missed: &mut Missed,
    ) -> Result<()> {
        let filter = AttributeFilter::from_settings(self.settings, self.rules);
        users::each_staged(tx, self.run, |row| {
            // The user was seen, even if the page that contained it was deleted because its slice began again.
            seen.insert(row.user_no);
            let fields = only_kept(&filter, field_changes(&row.before, &row.after));
            let is_healed = was_damaged(&row);
            moved.healed += u64::from(is_healed);
            // An attribute that the disk had damaged did not change in Okta.
            for attribute in cleared(&fields).filter(|_| !is_healed) {
                *moved.cleared.entry(attribute.to_owned()).or_default() += 1;
            }
            let is_change = is_healed || !fields.is_empty();
            if is_change {
                moved.updated += 1;
            } else {
                moved.touched += 1;
            }
            if row.absent {
                moved.returned.insert(row.user_no);
            } else {
                moved.digest.remove(&row.before.id, &row.hash_before);
            }
            moved.digest.add(&row.after.id, &row.hash_after);
            moved.known.insert(row.user_no);
            // A user who was absent gets one entry, which says that the user returned, and what changed.
            let kind = if row.absent {
                ChangeKind::Returned
            } else {
                ChangeKind::Updated
            };
            if row.absent || is_change {
                self.append(tx, &row.before.id, kind, &fields)?;
                missed.changed(tx, &row.before, &row.after)?;
            }
            Ok(())
        })
    }

    fn vanished(&self, tx: &Transaction<'_>, seen: &UserSet) -> Result<Vec<(i64, String)>> {
        let mut vanished = Vec::new();
        users::not_seen(tx, seen, |user_no, okta_id| {
            vanished.push((user_no, okta_id.to_owned()));
            Ok(())
        })?;
        Ok(vanished)
    }

    fn record_returned(&self, tx: &Transaction<'_>, seen: &UserSet, moved: &mut Moved) -> Result<u64> {
        let mut returned = Vec::new();
        users::seen_again(tx, seen, |user_no, okta_id| {
            returned.push((user_no, okta_id.to_owned()));
            Ok(())
        })?;
        for (user_no, okta_id) in &returned {
            if !moved.returned.contains(*user_no) {
                self.append(tx, okta_id, ChangeKind::Returned, &[])?;
                moved.digest.add(okta_id, &users::content_hash_of(tx, *user_no)?);
                moved.known.insert(*user_no);
            }
            users::mark_returned(tx, *user_no)?;
        }
        if !returned.is_empty() {
            // The returned users may be members of unchanged groups, which a listing of changed groups would not
            // contain.
            groups::list_all_again(tx)?;
        }
        Ok(returned.len() as u64)
    }

    fn record_absent(
        &self,
        tx: &Transaction<'_>,
        vanished: &[(i64, String)],
        moved: &mut Moved,
        missed: &mut Missed,
    ) -> Result<u64> {
        for (user_no, okta_id) in vanished {
            users::mark_absent(tx, *user_no, self.at)?;
            groups::leave_all(tx, okta_id)?;
            self.append(tx, okta_id, ChangeKind::Absent, &[])?;
            missed.deleted(tx, okta_id)?;
            moved
                .digest
                .remove(okta_id, &users::content_hash_of(tx, *user_no)?);
        }
        if !vanished.is_empty() {
            groups::unstage_absent(tx)?;
        }
        Ok(vanished.len() as u64)
    }

    fn make_visible(&self, tx: &Transaction<'_>) -> Result<()> {
        key_indexes::require(tx)?;
        let mut known = org::get(tx)?;
        known.published_run = self.run;
        known.org_id.clone_from(&self.organization.id);
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

    /// Computes the report's figures for all users after a full run.
    fn describe_all(&self, tx: &Transaction<'_>, report: &mut SyncReport, moved: &mut Moved) -> Result<()> {
        report.matches = matches::rematch(tx, self.rules)?;
        let erased = self.erase_untied(tx, report, moved)?;
        moved.healed += look_up_damage::heal(tx, self.run)?;
        look_ups::close(tx, self.settings)?;
        report.present = users::count_statuses(tx)?;
        let kept_before = erased.iter().filter(|user| !user.just_came).count() as u64;
        if report.present + kept_before != report.seen {
            let what = format!(
                "{} users were seen but {} are present",
                report.seen, report.present
            );
            return Err(Error::internal(what));
        }
        self.move_digest(tx, report, &moved.digest)
    }

    /// Computes the figures for all users after a delta run: those before it, plus its changes.
    fn move_on(
        &self,
        tx: &Transaction<'_>,
        report: &mut SyncReport,
        moved: &mut Moved,
        mut scope: Scope<'_>,
        statuses: StatusChange,
    ) -> Result<()> {
        for user_no in moved.arrived.iter() {
            scope.add_okta(tx, user_no)?;
        }
        scope.rematch(tx)?;
        report.matches = matches::counts(tx)?;
        let came = report.added + report.returned;
        let erased = self.erase_untied(tx, report, moved)?;
        match erased.is_empty() {
            true => statuses.after(tx, &moved.arrived)?,
            false => drop(users::count_statuses(tx)?),
        }
        if !(moved.arrived.is_empty() && moved.known.is_empty()) {
            look_ups::close(tx, self.settings)?;
        }
        let left = report.absent + erased.len() as u64;
        report.present = (freshness::get(tx)?.present + came).saturating_sub(left);
        self.move_digest(tx, report, &moved.digest)
    }

    /// Erases users without a match, if the settings keep only matched users.
    fn erase_untied(
        &self,
        tx: &Transaction<'_>,
        report: &mut SyncReport,
        moved: &mut Moved,
    ) -> Result<Vec<Erased>> {
        if !only_matched(self.settings) {
            return Ok(Vec::new());
        }
        let erased = retention::erase_untied(tx, self.run)?;
        for user in &erased {
            moved.digest.remove(&user.okta_id, &user.hash);
            if user.just_came {
                // No reader has seen this user, so the user counts as passed over.
                report.added -= 1;
                report.seen -= 1;
                report.passed_over += 1;
            } else {
                report.purged += 1;
                changes::append(tx, self.run, self.at, &user.okta_id, ChangeKind::Purged, &[])?;
            }
        }
        if !erased.is_empty() {
            report.matches = matches::counts(tx)?;
        }
        Ok(erased)
    }

    /// Deletes what changed settings no longer keep. The values are removed from the feed. Absent users are removed
    /// from the directory, because it is unknown whether they matched.
    fn forget_unwanted(&self, tx: &Transaction<'_>, report: &mut SyncReport) -> Result<()> {
        if freshness::get(tx)?.kept == kept(self.settings) {
            return Ok(());
        }
        let filter = AttributeFilter::from_settings(self.settings, self.rules);
        retention::forget_fields(tx, |field| is_kept(&filter, field))?;
        if only_matched(self.settings) {
            for okta_id in users::purge_absent(tx, self.at)? {
                changes::append(tx, self.run, self.at, &okta_id, ChangeKind::Purged, &[])?;
                retention::forget_user(tx, &okta_id)?;
                report.purged += 1;
            }
        }
        Ok(())
    }

    /// Updates the digest of all present users by the run's changes. The integrity check verifies it by reading all
    /// users.
    fn move_digest(&self, tx: &Transaction<'_>, report: &mut SyncReport, change: &Digest) -> Result<()> {
        let mut known = org::get(tx)?;
        let mut digest = known.digest.unwrap_or_default();
        digest.combine(change);
        report.digest = digest.to_hex();
        if report.mode != RunMode::Live {
            known.fresh_as_of = Some(self.at);
        }
        known.digest = Some(digest);
        org::set(tx, &known)
    }

    fn conclude(&self, tx: &Transaction<'_>, report: &mut SyncReport) -> Result<()> {
        report.state = RunState::Complete;
        report.finished = Some(self.at);
        self.spending.report(report);
        freshness::set(tx, &self.freshness(freshness::get(tx)?, report))?;
        runs::finish(tx, report)?;
        changes::prune(tx, self.at.minus(self.settings.days(Key::ChangesKeep)))?;
        runs::prune(tx, self.settings.integer(Key::RunsKeep)).map(drop)
    }
}
