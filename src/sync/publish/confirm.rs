//! Between reading and publishing: requests single users by id where the listings leave a doubt.
//!
//! A listing can end too early and still look complete, and a search index can lag behind. The answer to a request
//! for one user by id is certain. So unlisted users are not marked absent because of the listings alone while Okta
//! still has one of them. And if two users have the same login, the one who is gone is found at once.

use std::collections::BTreeMap;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::key_indexes;
use crate::directory::users::{self, Namesake};
use crate::directory::{Connection, UserSet, runs};
use crate::model::{OktaUser, RunId, RunMode};
use crate::okta::UserQuery;
use crate::okta::users::{OneUser, user_by_id};
use crate::sync::begin::Begun;
use crate::sync::context::SyncContext;
use crate::sync::write::commit::Spending;

/// The most unlisted users that are requested by id.
const MOST_ASKED: usize = 10;
/// The most pairs of users with the same login that a run asks about. A healthy org has no such pair; the limit
/// bounds the cost of an unusual one.
const MOST_PAIRS: u32 = 25;
/// How many users fewer than Okta counts a first run may list, because users come and go while it reads.
const FEW: u64 = 10;
/// The same, as a percentage of the users.
const FEW_PERCENT: u64 = 1;
/// The most users that a warning names.
const MOST_NAMED: usize = 5;

/// The result of reading the listings and asking for single users.
#[derive(Debug, Default)]
pub(in crate::sync) struct Gathered {
    /// Warnings for the report.
    pub(in crate::sync) warnings: Vec<String>,
    /// Published users who are gone, although a listing still contains them or does not cover them.
    pub(in crate::sync) gone: Vec<(i64, String)>,
}

/// The listings of a full run, compared with what is known.
enum Look {
    Whole,
    /// Okta has users who are in no listing.
    LeavesOut,
    /// Okta's count, and the smaller number of listed users.
    Fewer(u64, u64),
}

impl SyncContext<'_> {
    /// Reads the listings of a run, then requests the users about whom they leave a doubt.
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

    /// Checks the users who were not listed. `counted` is Okta's own count of users before a first run, otherwise
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
        // If few users were missing, each was requested. If there were many, more of them may exist than were
        // requested.
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

    /// Adds one listing of all users to the run. Users of earlier listings still count as seen.
    fn begin_again(&self, run: RunId) -> Result<Begun> {
        self.directory.write(|tx| {
            let number = runs::next_slice(tx, run)?;
            runs::add_slice(tx, run, number, &UserQuery::All.to_string())
        })?;
        self.load(run)
    }

    /// Requests users who have the same login, which an index tells; with it every index is there that a publication needs.
    /// Returns those who are gone.
    pub(in crate::sync) fn ask_for_namesakes(
        &self,
        run: RunId,
        mode: RunMode,
        spending: &Spending,
    ) -> Result<Vec<(i64, String)>> {
        key_indexes::build(self.directory)?;
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
                // No reader has seen a new user yet, so this can wait for the next run.
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

    /// Requests one user. If Okta refuses this one user, the listings decide; an error that does not concern the
    /// user ends the attempt.
    fn ask_for(&self, id: &str) -> Result<OneUser> {
        match self.runtime.block_on(user_by_id(&self.client, id)) {
            Err(error) if is_about_the_user(&error) => {
                self.log
                    .warn(format!("user {id} cannot be requested by id: {error}"));
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
            "{} users were not listed, but a request by id finds them",
            users.len() + unreadable.len()
        ));
        let number = self.directory.read(|conn| runs::next_slice(conn, run))?;
        self.writer(run, spending).commit_by_id(number, users, unreadable)
    }
}

/// The ids of present users who were not seen.
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
    // If a slice begins again, its list of seen users is deleted, but its changed users are still staged.
    users::each_staged(conn, run, |row| {
        seen.insert(row.user_no);
        Ok(())
    })?;
    not_seen(&seen)
}

/// The ids to request, spread evenly over all.
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
