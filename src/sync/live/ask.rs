//! Requests the users whom events name, each by id, a few side by side.
//!
//! A request by id shows the user as it is, not as the search index has it. A 404 means a deletion only if an event
//! said that the user is deleted, and only if Okta answers 404 twice, the second time after all other users were
//! requested: Okta answers 404 for other reasons as well. A user whom the directory does not know may be about to be
//! created, so Okta is asked again.
//!
//! An error for one user must not keep the others waiting, and an outage must not settle what events say. If nobody is
//! answered, it is taken for an outage: the error is returned, and the rows stay. Otherwise the row is tried later.

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::inbox::InboxRow;
use crate::http::rate_window::Bucket;
use crate::okta::OktaClient;
use crate::okta::api_error::concerns_one;
use crate::okta::users::{OneUser, user_by_id};
use crate::sync::publish::again::asked_again;
use crate::sync::publish::confirm::is_about_the_user;
use crate::sync::publish::user_answers::{FailedRow, UserAnswers};

/// Requests for users that are in flight at once.
const IN_FLIGHT: usize = 6;
/// After this many users without an answer in a row, Okta is taken to be out of order.
const MOST_FIRST: usize = 2;

/// Whether all users could be requested.
pub enum UsersAsked {
    /// All of them.
    All(UserAnswers),
    /// The rate limit leaves no room for so many: a listing is cheaper.
    TooMany,
    /// No user was answered. The rows that failed, by the numbers of their events.
    Failed(Vec<i64>, Error),
}

/// An answer, or the error for this user; other users may be answered.
type OneAnswer = std::result::Result<OneUser, Error>;

/// Requests the users of these rows. The directory does not know those in `strangers`.
pub async fn ask_for_users(
    client: &OktaClient,
    rows: &[&InboxRow],
    strangers: &HashSet<&str>,
) -> Result<UsersAsked> {
    let take = |answers: &mut _, row, answer, doubted: &mut _| {
        let is_stranger = |row: &InboxRow| strangers.contains(row.user_id.as_str());
        take(answers, row, answer, is_stranger(row), doubted);
    };
    let (mut answers, mut doubted) = (UserAnswers::default(), Vec::new());
    // Deletions come last: a listing shows none of them, so they may wait if requests are scarce.
    let (deleted, others): (Vec<&InboxRow>, Vec<&InboxRow>) = rows.iter().partition(|row| row.deleted);
    let mut rows = [others.as_slice(), deleted.as_slice()].concat();
    let first = ask_first(client, &mut rows).await?;
    if let Some(error) = outage(&first) {
        let arrivals = first.iter().map(|(row, _)| row.arrival).collect();
        return Ok(UsersAsked::Failed(arrivals, error));
    }
    for (row, answer) in first {
        take(&mut answers, row, answer, &mut doubted);
    }
    // The first answer announced what the bucket leaves.
    let spare = usize::try_from(client.room_in(Bucket::User).spare).unwrap_or(usize::MAX);
    if others.len() > spare.saturating_add(1) {
        return Ok(UsersAsked::TooMany);
    }
    rows.truncate(spare);
    for (row, answer) in ask_all(client, &rows).await? {
        take(&mut answers, row, answer, &mut doubted);
    }
    for (row, answer) in ask_all(client, &doubted).await? {
        match answer {
            Ok(OneUser::Gone) => {
                answers.deleted.push((row.user_id.clone(), row.arrival));
                answers.settled.push(row.arrival);
            }
            answer => take(&mut answers, row, answer, &mut Vec::new()),
        }
    }
    Ok(UsersAsked::All(answers))
}

/// Requests one user after the other until one is answered, and takes them out of `rows`. The first user may be the only
/// one who fails. If the next one fails too, no other user is requested.
async fn ask_first<'a>(
    client: &OktaClient,
    rows: &mut Vec<&'a InboxRow>,
) -> Result<Vec<(&'a InboxRow, OneAnswer)>> {
    let mut asked: Vec<(&InboxRow, OneAnswer)> = Vec::new();
    while asked.len() < MOST_FIRST && !rows.is_empty() && asked.iter().all(|(_, answer)| answer.is_err()) {
        let row = rows.remove(0);
        asked.push((row, ask_one(client, row).await?));
    }
    Ok(asked)
}

/// The error that says that Okta is out of order; none if a user was answered, or if Okta refused each of them.
fn outage(asked: &[(&InboxRow, OneAnswer)]) -> Option<Error> {
    let errors: Vec<&Error> = asked
        .iter()
        .filter_map(|(_, answer)| answer.as_ref().err())
        .collect();
    let is_answered = errors.len() < asked.len();
    let outage = errors.into_iter().find(|error| may_be_outage(error));
    outage.filter(|_| !is_answered).cloned()
}

async fn ask_all<'a>(client: &OktaClient, rows: &[&'a InboxRow]) -> Result<Vec<(&'a InboxRow, OneAnswer)>> {
    let asked = rows
        .iter()
        .map(|row| async move { Ok::<_, Error>((*row, ask_one(client, row).await?)) });
    stream::iter(asked)
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await
}

/// Requests one user. An error that concerns every request ends the refresh.
async fn ask_one(client: &OktaClient, row: &InboxRow) -> Result<OneAnswer> {
    match user_by_id(client, &row.user_id).await {
        Err(error) if is_about_the_user(&error) || concerns_one(error.code()) => {
            client
                .log()
                .warn(format!("user {} cannot be asked for by id: {error}", row.user_id));
            Ok(Err(error))
        }
        asked => asked.map(Ok),
    }
}

/// Whether everybody may get this error, as far as it tells. Okta's refusal of one user is none.
fn may_be_outage(error: &Error) -> bool {
    use ErrorCode::{OktaInternal, OktaUnavailable};
    matches!(error.code(), OktaInternal | OktaUnavailable) || !is_about_the_user(error)
}

/// Notes what an answer means. A user who is not there, and whom an event calls deleted, goes to `doubted`: Okta is
/// asked once more.
fn take<'a>(
    answers: &mut UserAnswers,
    row: &'a InboxRow,
    answer: OneAnswer,
    is_stranger: bool,
    doubted: &mut Vec<&'a InboxRow>,
) {
    let now = UnixMillis::now();
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return answers.failed.push(FailedRow::of(row, error)),
    };
    let is_as_told = match answer {
        OneUser::Gone if row.deleted => return doubted.push(row),
        OneUser::Gone => !is_stranger,
        OneUser::Found(user) => {
            answers.found.push(*user);
            // A deletion takes Okta a while, and deleting an active user only deactivates the user.
            !row.deleted
        }
        OneUser::Unreadable(unreadable) => {
            answers.unreadable.push(unreadable.id);
            true
        }
        OneUser::Hidden => true,
    };
    match asked_again(row.asked, now).filter(|_| !is_as_told) {
        Some(until) => answers.asked_again.push((row.arrival, until)),
        None => answers.settled.push(row.arrival),
    }
}
