//! Events and publication. Each change names the event that reported it. The transaction that publishes a run also
//! removes the rows of the inbox that the run has dealt with.

use crate::contract::errors::Result;
use crate::directory::Transaction;
use crate::directory::inbox::{self, Settling};
use crate::directory::runs::{self, changes, freshness};
use crate::model::{ChangeKind, FieldChange, RunMode, SyncReport};
use crate::sync::publish::Publication;
use crate::sync::publish::fresh::is_short;
use crate::sync::publish::missed::Missed;

impl Publication<'_> {
    /// Appends a change to the feed, with the event that reported it.
    pub(super) fn append(
        &self,
        tx: &Transaction<'_>,
        okta_id: &str,
        kind: ChangeKind,
        fields: &[FieldChange],
    ) -> Result<()> {
        let event = self.answers.event_of(okta_id);
        changes::append_with_event(tx, self.run, self.at, okta_id, kind, fields, event).map(drop)
    }

    /// Removes the rows of the inbox that this run has dealt with, and counts changes that events should have
    /// reported.
    pub(super) fn answer_events(
        &self,
        tx: &Transaction<'_>,
        report: &SyncReport,
        missed: &Missed,
    ) -> Result<()> {
        let oldest = match report.mode {
            RunMode::Live => {
                inbox::settle(tx, &self.answers.settled)?;
                for (arrival, until) in &self.answers.asked_again {
                    inbox::ask_again(tx, *arrival, *until)?;
                }
                for failed in &self.answers.failed {
                    failed.leave(tx, self.at)?;
                }
                inbox::note_deleted(tx, Some(report.absent))?;
                self.answers.oldest
            }
            RunMode::Delta if is_short(report, &freshness::get(tx)?) => {
                inbox::settle_seen(tx, runs::answers(tx, self.run)?.0)?
            }
            RunMode::Full | RunMode::Delta => {
                let (upto, began) = runs::answers(tx, self.run)?;
                let everybody = report.mode == RunMode::Full;
                if everybody {
                    inbox::note_deleted(tx, None)?;
                }
                inbox::settle_listed(
                    tx,
                    Settling {
                        upto,
                        began,
                        everybody,
                    },
                )?
            }
        };
        inbox::note_missed(tx, missed.count, self.at)?;
        match oldest {
            Some(oldest) => inbox::note_lag(tx, oldest.age(self.at)),
            None => Ok(()),
        }
    }
}
