//! Lists the groups: all of them, or those that changed since the last listing.

use super::reach::{self, is_recent};
use super::wanted::Wanted;
use super::{GroupOutcome, GroupReader, MOST_RESTARTS, OLDEST_PART, judge};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::groups::{self, GroupsListed, Listing, Pass, moved};
use crate::model::Group;
use crate::okta::groups::{GroupQuery, MOST_ROWS, first_cursor, groups_page};
use crate::okta::{Cursor, Page, PageSize, Walk};

impl GroupReader<'_> {
    /// Lists the groups, from where an unfinished listing stopped.
    pub(super) async fn list(&self, outcome: &mut GroupOutcome) -> Result<()> {
        let wanted = Wanted::from_settings(self.settings);
        let mut by_name = true;
        let mut pass = self.begin_or_resume(&wanted)?;
        for _ in 0..=MOST_RESTARTS {
            let listing = match self.list_pass(&pass, &wanted, by_name, outcome).await {
                Err(error) if error.code() == ErrorCode::CursorInvalid => {
                    self.log
                        .warn(format!("the listing of groups begins anew: {error}"));
                    pass.listing
                }
                // A listing of all groups includes the changed ones.
                Err(error) if pass.listing == Listing::Moved && is_refused_search(&error) => Listing::Whole,
                Err(error) if by_name && is_refused_search(&error) => {
                    // The engine compares names itself as well, so the request may list every group.
                    by_name = false;
                    pass.listing
                }
                ended => return ended,
            };
            pass = self.begin(listing, &wanted)?;
        }
        Err(Error::new(ErrorCode::CursorInvalid))
    }

    fn begin_or_resume(&self, wanted: &Wanted) -> Result<Pass> {
        let pass = self.directory.read(groups::pass)?;
        let now = UnixMillis::now();
        let is_within = |at: Option<UnixMillis>, span| at.is_some_and(|at| at <= now && at.age(now) < span);
        let same = pass.wanted == wanted.to_string();
        if pass.listing != Listing::Ended && same && is_within(pass.began, OLDEST_PART) {
            return Ok(pass);
        }
        let listed_lately = is_within(pass.whole_listed, self.settings.hours(Key::GroupsWholeAfter));
        let listing = match listed_lately && same && pass.watermark.is_some() {
            true => Listing::Moved,
            false => Listing::Whole,
        };
        // Most refusals come from an outage and say nothing about the group, so a listing of all groups asks again.
        if !listed_lately {
            self.directory.write(groups::ask_postponed)?;
        }
        self.begin(listing, wanted)
    }

    fn begin(&self, listing: Listing, wanted: &Wanted) -> Result<Pass> {
        self.directory.write(|tx| {
            groups::begin(
                tx,
                listing,
                &wanted.to_string(),
                UnixMillis::now(),
                self.okta_now(),
            )
        })?;
        self.directory.read(groups::pass)
    }

    async fn list_pass(
        &self,
        pass: &Pass,
        wanted: &Wanted,
        by_name: bool,
        outcome: &mut GroupOutcome,
    ) -> Result<()> {
        let query = match (pass.listing, pass.watermark) {
            (Listing::Moved, Some(watermark)) => GroupQuery::MovedSince(watermark.minus(reach::OVERLAP)),
            _ => wanted.query(by_name),
        };
        let stored = pass.cursor.as_ref().and_then(|stored| stored.parse().ok());
        let mut cursor = stored.unwrap_or_else(|| first_cursor(&query));
        let page_size = PageSize::new(MOST_ROWS);
        let mut walk = Walk::default();
        let mut all_readable = true;
        loop {
            self.cancel.check()?;
            let page = groups_page(self.client, &cursor, &page_size).await?;
            let ids = page.items.iter().flatten().map(|group| group.id.as_str());
            walk.take(&cursor, ids, page.next.as_ref())?;
            let (found, next) = readable(page, outcome, &mut all_readable);
            self.commit_page(pass, wanted, &found, next.as_ref(), outcome)?;
            match next {
                Some(next) => cursor = next,
                None => return self.end_listing(pass, wanted, all_readable, outcome),
            }
        }
    }

    fn commit_page(
        &self,
        pass: &Pass,
        wanted: &Wanted,
        found: &[Group],
        next: Option<&Cursor>,
        outcome: &mut GroupOutcome,
    ) -> Result<()> {
        let seen = found.iter().filter_map(moved).max();
        let (kept, other): (Vec<Group>, Vec<Group>) =
            found.iter().cloned().partition(|group| wanted.wants(group));
        let gone: Vec<String> = other.into_iter().map(|group| group.id).collect();
        let page = GroupsListed {
            pass: pass.number,
            groups: &kept,
            seen,
            next: next.map(Cursor::as_str),
        };
        let okta_now = self.okta_now();
        let just_moved = |group: &Group| is_recent(group.last_membership_updated, okta_now);
        let (counts, removed) = self.directory.write(|tx| {
            let removed = groups::remove_unwanted(tx, &gone)?;
            Ok((groups::commit_page(tx, &page, just_moved)?, removed))
        })?;
        outcome.counts.listed += counts.listed;
        outcome.counts.added += counts.added;
        outcome.counts.updated += counts.updated;
        outcome.counts.removed += removed;
        Ok(())
    }

    /// Removes the groups that a listing of all did not show, unless they are too many or some rows could not
    /// be read.
    fn end_listing(
        &self,
        pass: &Pass,
        wanted: &Wanted,
        all_readable: bool,
        outcome: &mut GroupOutcome,
    ) -> Result<()> {
        let now = UnixMillis::now();
        let reached = |ended: &Pass| reach::watermark(ended, now, self.okta_now());
        let (removed, warning) = self.directory.write(|tx| {
            let ended = groups::pass(tx)?;
            if pass.listing != Listing::Whole || !all_readable {
                groups::end(tx, now, reached(&ended))?;
                return Ok((0, None));
            }
            let (unlisted, total) = groups::unlisted(tx, pass.number)?;
            // Any number of groups may go if the settings no longer want them.
            let (gone, unwanted): (Vec<_>, Vec<_>) =
                unlisted.into_iter().partition(|group| wanted.wants(group));
            let ids = |groups: Vec<Group>| groups.into_iter().map(|group| group.id).collect::<Vec<_>>();
            let (gone, unwanted) = (ids(gone), ids(unwanted));
            let total = total.saturating_sub(unwanted.len() as u64);
            let mut removed = groups::remove_unwanted(tx, &unwanted)?;
            let may = judge::may_remove(gone.len() as u64, total, self.settings, self.options);
            if may {
                removed += groups::remove_unwanted(tx, &gone)?;
            }
            groups::end(tx, now, reached(&ended))?;
            Ok((removed, (!may).then(|| too_many_gone(gone.len(), total))))
        })?;
        outcome.counts.removed += removed;
        outcome.warnings.extend(warning);
        Ok(())
    }
}

/// The groups of a page, and where the listing goes on. Notes rows that are not groups.
fn readable(
    page: Page<Result<Group>>,
    outcome: &mut GroupOutcome,
    all_readable: &mut bool,
) -> (Vec<Group>, Option<Cursor>) {
    let mut found = Vec::with_capacity(page.items.len());
    for (place, row) in (1..).zip(page.items) {
        match row {
            Ok(group) => found.push(group),
            Err(error) => {
                *all_readable = false;
                outcome.notes.unreadable(place, &error);
            }
        }
    }
    (found, page.next)
}

fn too_many_gone(gone: usize, total: u64) -> String {
    format!(
        "{gone} of {total} groups were no longer listed, so none of them was removed; check what the credential \
         may see, or confirm for one run that so many are gone"
    )
}

fn is_refused_search(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::SearchRefused | ErrorCode::SearchUnparsable | ErrorCode::ValidationFailed
    )
}
