//! Between reading and publication: asks by id for users about whom the listings leave a doubt.
//!
//! A listing can end too early and look complete, and a search index can lag behind, but the answer to a
//! request for one user by id is certain. So users that were not listed are not marked absent on the word of
//! the listings alone while Okta still has one of them. And if two users have one login, the one who is gone
//! is found at once.

use std::collections::BTreeMap;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::users::{self, Namesake};
use crate::directory::{Connection, UserSet, runs};
use crate::model::{OktaUser, RunId, RunMode};
use crate::okta::UserQuery;
use crate::okta::users::{OneUser, user_by_id};
use crate::sync::begin::Begun;
use crate::sync::context::SyncContext;
use crate::sync::write::commit::Spending;

/// The most users asked for by id among those that were not listed.
const MOST_ASKED: usize = 10;
/// The most pairs of users with one login that a run asks about. A sound org has none; this bounds the cost
/// of an odd one.
const MOST_PAIRS: u32 = 25;
/// A first run may list this many fewer users than Okta counts, because users come and go while it reads.
const FEW: u64 = 10;
/// The same, in percent of the users.
const FEW_PERCENT: u64 = 1;
/// The most users that a warning names.
const MOST_NAMED: usize = 5;

/// The result of reading and asking.
#[derive(Debug, Default)]
pub(in crate::sync) struct Gathered {
    /// Warnings for the report.
    pub(in crate::sync) warnings: Vec<String>,
    /// Published users who are gone although a listing still has them, or does not cover them.
    pub(in crate::sync) gone: Vec<(i64, String)>,
}

/// A full run's listings, compared with what is known.
enum Look {
    Whole,
    /// Okta has users that were not listed.
    LeavesOut,
    /// Okta's count, and the smaller number of listed users.
    Fewer(u64, u64),
}

impl SyncContext<'_> {
    /// Reads the listings of a run, and asks about what they leave in doubt.
    pub(in crate::sync) fn gather(
        &self,
        begun: Begun,
        mode: RunMode,
        counted: u64,
        spending: &Spending,
    ) -> Result<Gathered> {
        let run = begun.run;
        let mut unreadable = self.collect(begun, true, spending)?;
        self.cancel.check()?;
        let mut warnings = Vec::new();
        if mode == RunMode::Full && !matches!(self.look(run, counted, spending)?, Look::Whole) {
            self.log
                .warn("the listings left users out; reading everybody once more, in one listing");
            let again = self.begin_again(run)?;
            unreadable.extend(self.collect(again, false, spending)?);
            self.cancel.check()?;
            match self.look(run, counted, spending)? {
                Look::Whole => {}
                Look::LeavesOut => {
                    let what = "Okta's listings leave out users whom Okta has when they are asked for by id; nothing \
                                was changed. Sync again later, and tell Okta support if it stays.";
                    return Err(Error::with_message(ErrorCode::UnexpectedAnswer, what));
                }
                Look::Fewer(counted, listed) => warnings.push(format!(
                    "Okta counts {counted} users and lists {listed} of them, twice; the role or the resource set of \
                     the credential may not see all."
                )),
            }
        }
        warnings.extend(warning_of(&unreadable));
        let gone = self.ask_for_namesakes(run, mode, spending)?;
        Ok(Gathered { warnings, gone })
    }

    /// Checks the users that were not listed. `counted` is Okta's own count of users before a first run, else
    /// 0.
    fn look(&self, run: RunId, counted: u64, spending: &Spending) -> Result<Look> {
        let missing = self.directory.read(|conn| missing(conn, run))?;
        if missing.is_empty() {
            return self.look_at_count(run, counted);
        }
        let (mut found, mut unreadable) = (Vec::new(), Vec::new());
        for id in evenly(&missing) {
            match self.ask_for(id)? {
                OneUser::Found(user) => found.push(*user),
                OneUser::Unreadable(row) => unreadable.push(row.id),
                OneUser::Hidden | OneUser::Gone => {}
            }
        }
        let there = found.len() + unreadable.len();
        if there == 0 {
            return Ok(Look::Whole);
        }
        self.take_by_id(run, found, unreadable, spending)?;
        // If there were few, each was asked for. If there were many, users that were not asked for may exist
        // as well.
        Ok(match missing.len() <= MOST_ASKED {
            true => Look::Whole,
            false => Look::LeavesOut,
        })
    }

    fn look_at_count(&self, run: RunId, counted: u64) -> Result<Look> {
        let report = self.directory.read(|conn| runs::get(conn, run))?;
        let listed = report.map_or(0, |report| report.seen + report.passed_over);
        let few = FEW.max(counted * FEW_PERCENT / 100);
        Ok(match listed > 0 && counted > listed + few {
            true => Look::Fewer(counted, listed),
            false => Look::Whole,
        })
    }

    /// Adds one listing of everybody to the run. Users that earlier listings saw stay seen.
    fn begin_again(&self, run: RunId) -> Result<Begun> {
        self.directory.write(|tx| {
            let number = runs::next_slice(tx, run)?;
            runs::add_slice(tx, run, number, &UserQuery::All.to_string())
        })?;
        self.load(run)
    }

    /// Asks for users who share a login. Returns those who are gone.
    pub(in crate::sync) fn ask_for_namesakes(
        &self,
        run: RunId,
        mode: RunMode,
        spending: &Spending,
    ) -> Result<Vec<(i64, String)>> {
        let namesakes = self.directory.read(|conn| match mode {
            RunMode::Full => users::namesakes(conn, run, MOST_PAIRS),
            RunMode::Delta | RunMode::Live => users::namesakes_of_run(conn, run, MOST_PAIRS),
        })?;
        let (mut found, mut gone) = (Vec::new(), Vec::new());
        for Namesake {
            user_no,
            okta_id,
            is_new,
        } in namesakes
        {
            match self.ask_for(&okta_id)? {
                OneUser::Found(user) => found.push(*user),
                // No reader has seen a new user yet; the next run finds out.
                OneUser::Gone if !is_new => gone.push((user_no, okta_id)),
                OneUser::Gone | OneUser::Hidden | OneUser::Unreadable(_) => {}
            }
        }
        self.take_by_id(run, found, Vec::new(), spending)?;
        self.directory.write(|tx| {
            gone.iter()
                .try_for_each(|(user_no, _)| users::unstage(tx, *user_no))
        })?;
        Ok(gone)
    }

    /// Asks for one user. If Okta refuses this one user, the listings decide about it; an error that does not
    /// concern the user ends the attempt.
    fn ask_for(&self, id: &str) -> Result<OneUser> {
        match self.runtime.block_on(user_by_id(&self.client, id)) {
            Err(error) if is_about_the_user(&error) => {
                self.log
                    .warn(format!("user {id} cannot be asked for by id: {error}"));
                Ok(OneUser::Hidden)
            }
            asked => asked,
        }
    }

    fn take_by_id(
        &self,
        run: RunId,
        users: Vec<OktaUser>,
        unreadable: Vec<String>,
        spending: &Spending,
    ) -> Result<()> {
        if users.is_empty() && unreadable.is_empty() {
            return Ok(());
        }
        self.log.info(format!(
            "{} users were not listed and are there when asked for by id",
            users.len() + unreadable.len()
        ));
        let number = self.directory.read(|conn| runs::next_slice(conn, run))?;
        self.writer(run, spending).commit_by_id(number, users, unreadable)
    }
}

/// The ids of present users that were not seen.
fn missing(conn: &Connection, run: RunId) -> Result<Vec<String>> {
    let mut seen = runs::seen(conn, run)?;
    let not_seen = |seen: &UserSet| {
        let mut missing = Vec::new();
        users::not_seen(conn, seen, |_, okta_id| {
            missing.push(okta_id.to_owned());
            Ok(())
        })?;
        Ok(missing)
    };
    let missing: Vec<String> = not_seen(&seen)?;
    if missing.is_empty() {
        return Ok(missing);
    }
    // When a slice begins anew, the list of users it had seen is deleted, but the changed ones are still
    // staged.
    users::each_staged(conn, run, |row| {
        seen.insert(row.user_no);
        Ok(())
    })?;
    not_seen(&seen)
}

/// The ids to ask for, spread evenly over all.
fn evenly(ids: &[String]) -> impl Iterator<Item = &str> {
    ids.iter()
        .step_by(ids.len().div_ceil(MOST_ASKED).max(1))
        .map(String::as_str)
}

pub(in crate::sync) fn is_about_the_user(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::OktaInternal
            | ErrorCode::OktaUnavailable
            | ErrorCode::Conflict
            | ErrorCode::ValidationFailed
            | ErrorCode::RequestRejected
            | ErrorCode::NotAllowedInState
            | ErrorCode::FeatureOff
            | ErrorCode::UnexpectedAnswer
            | ErrorCode::BodyTooLarge
    )
}

/// A warning that names users who cannot be read; none if there are none.
fn warning_of(unreadable: &BTreeMap<String, String>) -> Option<String> {
    let named = unreadable.iter().take(MOST_NAMED);
    let named: Vec<String> = named.map(|(id, what)| format!("{id} ({what})")).collect();
    let more = match unreadable.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| {
        format!(
            "Users who cannot be read were passed over, and what was known of them was kept: {}{more}. Correct their \
             profiles in Okta.",
            named.join("; ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_drawn_from_all_over() {
        let ids = |count: usize| (0..count).map(|number| number.to_string()).collect::<Vec<_>>();
        for count in [0, 1, 9, 10, 11, 19, 20, 21, 1_000, 3_877] {
            let ids = ids(count);
            let drawn: Vec<&str> = evenly(&ids).collect();
            assert!(
                drawn.len() <= MOST_ASKED && drawn.len() * 2 >= count.min(MOST_ASKED),
                "{count}"
            );
            assert!(count > MOST_ASKED || drawn.len() == count);
        }
    }

    #[test]
    fn the_warning_names_a_few() {
        let unreadable =
            |count: usize| (0..count).map(|n| (format!("00u{n}"), "row 1 of a page: x".to_owned()));
        assert_eq!(warning_of(&unreadable(0).collect()), None);
        let one = warning_of(&unreadable(1).collect()).expect("a warning");
        assert!(
            one.contains("00u0 (row 1 of a page: x)") && !one.contains("more"),
            "{one}"
        );
        assert!(
            warning_of(&unreadable(7).collect())
                .expect("a warning")
                .contains(" and 2 more")
        );
    }
}
