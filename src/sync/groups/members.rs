//! Reads the members of the groups that are due, several groups side by side.
//!
//! If Okta refuses one group, the others are still read. A new set of members replaces the old one in one
//! transaction. A set that loses members waits until it is known how many are lost in all groups.

use futures_util::stream::{FuturesUnordered, StreamExt};

use super::judge::{self, Judgement};
use super::reading::{GroupAnswer, MemberReading, Why};
use super::refusal::{InARow, tried_again};
use super::{GroupOutcome, GroupReader, is_ours};
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::groups::{self, Due, Pass, Staged};
use crate::model::Group;
use crate::okta::api_error::concerns_one;
use crate::okta::{Cursor, Page};
use crate::sync::publish::guard::Limits;

/// How many groups are read side by side: far below every org's limit of requests in flight, and enough to
/// use up the bucket of groups at usual latencies.
const IN_FLIGHT: usize = 6;
/// How many due groups are read from the directory at a time.
const PORTION: u64 = 200;

/// A set of members that would lose some of the stored ones; it waits until all losses are known.
struct Held {
    due: Due,
    staged: Staged,
    difference: i64,
    again: bool,
}

/// One round over the groups that are due.
struct Round<'a> {
    pass: Pass,
    limits: Limits,
    failures: InARow,
    held: Vec<Held>,
    outcome: &'a mut GroupOutcome,
}

impl GroupReader<'_> {
    /// Reads the members of every group that is due.
    pub(super) async fn read_members(&self, outcome: &mut GroupOutcome) -> Result<()> {
        let pass = self.directory.read(groups::pass)?;
        let postponed = self.directory.read(|conn| groups::postponed(conn, pass.number))?;
        outcome.notes.postponed(postponed);
        self.progress
            .groups_listed(self.directory.read(|conn| groups::count_due(conn, pass.number))?);
        let mut round = Round {
            pass,
            limits: Limits::from_settings(self.settings),
            failures: InARow::default(),
            held: Vec::new(),
            outcome,
        };
        let ended = self.read_due(&mut round).await;
        if ended.as_ref().is_err_and(is_ours) {
            return ended;
        }
        // A rate limit may end every round early, so what was read is stored nevertheless.
        self.release(round)?;
        ended
    }

    async fn read_due(&self, round: &mut Round<'_>) -> Result<()> {
        let mut waiting: Vec<Due> = Vec::new();
        let mut last: Option<Due> = None;
        let mut flying = FuturesUnordered::new();
        loop {
            self.cancel.check()?;
            while flying.len() < IN_FLIGHT {
                if waiting.is_empty() {
                    let pass = round.pass.number;
                    waiting = self
                        .directory
                        .read(|conn| groups::due(conn, pass, last.as_ref(), PORTION))?;
                    waiting.reverse();
                }
                let Some(due) = waiting.pop() else { break };
                last = Some(due.clone());
                flying.push(self.ask(MemberReading::begin(due, self.okta_now())));
            }
            let Some((reading, told)) = flying.next().await else {
                return Ok(());
            };
            let more = match told {
                GroupAnswer::Page(Ok(page)) => self.take_page(reading, page, round)?,
                GroupAnswer::Page(Err(error)) => self.take_failure(reading, error, round)?,
                GroupAnswer::Group(group, why) => self.take_group(reading, group, why, round)?,
            };
            match more {
                Some(reading) => flying.push(self.ask(reading)),
                None => self.progress.group_done(),
            }
        }
    }

    /// Stages a page of members. Returns the group if there is more to ask.
    fn take_page(
        &self,
        mut reading: MemberReading,
        page: Page<Result<String>>,
        round: &mut Round<'_>,
    ) -> Result<Option<MemberReading>> {
        let ids = page.items.iter().flatten().map(String::as_str);
        if let Err(error) = reading.walk.take(&reading.cursor, ids, page.next.as_ref()) {
            return self.refuse(&reading, &error, round).map(|()| None);
        }
        round.failures.end();
        let group_no = reading.due.group_no;
        self.progress.members_read(page.items.len() as u64);
        // If a row could not be read, Okta's count will show that a member is missing.
        let members: Vec<String> = page.items.into_iter().flatten().collect();
        let next = page.next;
        let is_first = std::mem::take(&mut reading.is_first);
        self.directory.write(|tx| {
            if is_first {
                groups::begin_reading(tx, group_no, reading.began)?;
            }
            groups::stage(tx, group_no, &members, next.as_ref().map(Cursor::as_str))
        })?;
        let Some(next) = next else {
            return self.complete(reading, round);
        };
        reading.cursor = next;
        Ok(Some(reading))
    }

    /// Handles a failed page: the group begins anew, is gone, or is left for a later pass.
    fn take_failure(
        &self,
        mut reading: MemberReading,
        error: Error,
        round: &mut Round<'_>,
    ) -> Result<Option<MemberReading>> {
        match error.code() {
            ErrorCode::CursorInvalid if reading.may_restart() => Ok(Some(reading.restarted(self.okta_now()))),
            ErrorCode::OktaNotFound => {
                reading.asked_again = Some(Why::NotFound(error));
                Ok(Some(reading))
            }
            code if concerns_one(code) => self.refuse(&reading, &error, round).map(|()| None),
            _ => Err(error),
        }
    }

    /// Handles Okta's answer about the group itself.
    fn take_group(
        &self,
        mut reading: MemberReading,
        told: Result<Option<Group>>,
        why: Why,
        round: &mut Round<'_>,
    ) -> Result<Option<MemberReading>> {
        match (told, why) {
            (Err(error), _) if !concerns_one(error.code()) => Err(error),
            (Ok(None), Why::NotFound(_)) => {
                let gone = [reading.due.okta_id];
                let removed = self.directory.write(|tx| groups::remove_unwanted(tx, &gone))?;
                round.outcome.counts.removed += removed;
                Ok(None)
            }
            (_, Why::NotFound(error)) => self.refuse(&reading, &error, round).map(|()| None),
            (told, Why::Contradicted) => {
                if let Ok(Some(group)) = told {
                    reading.count = group.member_count.or(reading.count);
                }
                self.complete(reading, round)
            }
        }
    }

    fn refuse(&self, reading: &MemberReading, error: &Error, round: &mut Round<'_>) -> Result<()> {
        let due = &reading.due;
        let due_from = tried_again(round.pass.number, due.refusals);
        self.directory.write(|tx| {
            // A cursor that leads nowhere is not used again.
            if matches!(error.code(), ErrorCode::CursorInvalid | ErrorCode::CursorRepeated) {
                groups::begin_reading(tx, due.group_no, None)?;
            }
            groups::refuse(tx, due.group_no, due_from)
        })?;
        round.outcome.notes.refused(&due.okta_id, error);
        if round.failures.is_hopeless_after(error) {
            return Err(error
                .clone()
                .context("too many groups failed one after the other"));
        }
        Ok(())
    }

    /// Handles a complete list of members: it is believed, held until all losses are known, or doubted.
    fn complete(&self, mut reading: MemberReading, round: &mut Round<'_>) -> Result<Option<MemberReading>> {
        let group_no = reading.due.group_no;
        let Some(staged) = self.directory.read(|conn| groups::staged(conn, group_no))? else {
            return Ok(None);
        };
        match judge::reading(&reading.due, reading.count, staged, &round.limits) {
            Judgement::Contradicted(_) if reading.asked_again.is_none() => {
                reading.asked_again = Some(Why::Contradicted);
                return Ok(Some(reading));
            }
            Judgement::Contradicted(difference) => self.doubt(&reading, staged, difference, round)?,
            Judgement::Believed(difference) => {
                let held = Held {
                    again: reading.may_have_moved(),
                    due: reading.due,
                    staged,
                    difference,
                };
                match staged.lost {
                    0 => self.put_in_place(&held, round.pass.number)?,
                    _ => round.held.push(held),
                }
            }
        }
        round.outcome.counts.members_read += 1;
        Ok(None)
    }

    fn put_in_place(&self, held: &Held, pass: i64) -> Result<()> {
        self.directory
            .write(|tx| groups::put_in_place(tx, pass, held.due.group_no, held.difference, held.again))
    }

    /// Keeps the stored members, unless this reading confirms earlier ones. A group that was never read has
    /// no stored members to keep.
    fn doubt(
        &self,
        reading: &MemberReading,
        staged: Staged,
        difference: i64,
        round: &mut Round<'_>,
    ) -> Result<()> {
        let due = &reading.due;
        let again = reading.may_have_moved();
        let (pass, group_no) = (round.pass.number, due.group_no);
        let doubts = judge::doubts(due.doubts, staged.rows, difference);
        let is_first = due.member_count.is_none() && staged.rows > 0;
        self.directory.write(|tx| {
            match doubts {
                None => groups::put_in_place(tx, pass, group_no, difference, again)?,
                Some(_) if is_first => groups::put_in_place(tx, pass, group_no, 0, again)?,
                Some(_) => {}
            }
            doubts.map_or(Ok(()), |doubts| groups::doubt(tx, pass, group_no, doubts))
        })?;
        let notes = &mut round.outcome.notes;
        match doubts {
            Some(_) => notes.doubted(&due.okta_id, staged.rows, difference),
            None => notes.confirmed(&due.okta_id, staged.rows, difference),
        }
        Ok(())
    }

    /// Stores the held sets of members, or keeps the stored ones if too many members would be lost.
    fn release(&self, round: Round<'_>) -> Result<()> {
        let Round { pass, held, .. } = &round;
        let lost = held.iter().map(|held| held.staged.lost).sum();
        let stored = self.directory.read(groups::memberships)?;
        if judge::may_lose(lost, held.len(), stored, &round.limits, self.options) {
            return held
                .iter()
                .try_for_each(|held| self.put_in_place(held, pass.number));
        }
        let mut kept = 0_usize;
        for held in held {
            let doubts = judge::doubts(held.due.doubts, held.staged.rows, held.difference);
            match doubts {
                None => self.put_in_place(held, pass.number)?,
                Some(doubts) => {
                    kept += 1;
                    self.directory
                        .write(|tx| groups::doubt(tx, pass.number, held.due.group_no, doubts))?;
                }
            }
        }
        if kept > 0 {
            round.outcome.warnings.push(format!(
                "{lost} of {stored} memberships of {kept} groups were no longer listed, so those known are kept and \
                 the next sync asks again; check what the credential may see, or confirm for one run that so many \
                 are gone"
            ));
        }
        Ok(())
    }
}
