//! Plans one page: from its users and what is known about them, it makes the rows to write. Pure.
//!
//! New users are inserted; readers do not see them before the run is published. Changed users are staged. Unchanged
//! users are only noted as seen. A row that the disk has damaged counts as changed, so that Okta's answer repairs
//! it. If a user comes twice in one run, the copy with the later `lastUpdated` wins; if both are equal, the copy
//! that came later.

use std::collections::HashMap;

use crate::directory::ContentHash;
use crate::directory::users::KnownUser;
use crate::model::{OktaUser, RunId};

/// A user as Okta sent it, with its fingerprint.
pub type Fingerprinted = (OktaUser, ContentHash);

/// What one page changes in the directory.
#[derive(Debug, Default)]
pub struct PagePlan {
    /// Users who are new in the directory.
    pub insert: Vec<Fingerprinted>,
    /// Users whom this run inserted and who came again with other values.
    pub replace: Vec<(i64, OktaUser, ContentHash)>,
    /// Published users whose values differ.
    pub stage: Vec<(i64, OktaUser, ContentHash)>,
    /// Published users who were staged earlier in this run and now have their published values again.
    pub unstage: Vec<i64>,
    /// Published users on this page.
    pub seen: Vec<i64>,
}

/// Plans one page that contains each user only once. `known` has an entry for every known id of the page.
pub fn plan(run: RunId, page: Vec<Fingerprinted>, known: &HashMap<String, KnownUser>) -> PagePlan {
    let mut plan = PagePlan::default();
    for (user, hash) in page {
        match known.get(&user.id) {
            None => plan.insert.push((user, hash)),
            Some(row) if row.inserted_run == run => {
                let is_other = hash != row.content_hash && user.last_updated >= row.last_updated;
                if is_other || row.damaged {
                    plan.replace.push((row.user_no, user, hash));
                }
            }
            Some(row) => plan_published(&mut plan, row, user, hash),
        }
    }
    plan
}

fn plan_published(plan: &mut PagePlan, row: &KnownUser, user: OktaUser, hash: ContentHash) {
    plan.seen.push(row.user_no);
    let stands = hash == row.content_hash && !row.damaged;
    match row.staged {
        None if stands => {}
        None => plan.stage.push((row.user_no, user, hash)),
        Some(staged) if staged == hash || user.last_updated < row.staged_last_updated => {}
        Some(_) if stands => plan.unstage.push(row.user_no),
        Some(_) => plan.stage.push((row.user_no, user, hash)),
    }
}

/// One copy of each user, in the order of the page.
pub fn newest_of_each(page: Vec<OktaUser>) -> Vec<OktaUser> {
    let mut place: HashMap<String, usize> = HashMap::with_capacity(page.len());
    let mut users: Vec<OktaUser> = Vec::with_capacity(page.len());
    for user in page {
        match place.get(&user.id) {
            Some(&at) if user.last_updated >= users[at].last_updated => users[at] = user,
            Some(_) => {}
            None => {
                place.insert(user.id.clone(), users.len());
                users.push(user);
            }
        }
    }
    users
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnixMillis;
    use crate::directory::content_hash;
    use crate::sync::publish::diff::tests::user;

    const RUN: RunId = RunId(7);

    fn plan(run: RunId, page: Vec<OktaUser>, known: &HashMap<String, KnownUser>) -> PagePlan {
        let hashed = |user: OktaUser| (content_hash(&user), user);
        let page = newest_of_each(page).into_iter().map(hashed);
        super::plan(run, page.map(|(hash, user)| (user, hash)).collect(), known)
    }

    fn at(mut user: OktaUser, millis: i64) -> OktaUser {
        user.last_updated = Some(UnixMillis(millis));
        user
    }

    fn known(user: &OktaUser, inserted_run: i64, staged: Option<&OktaUser>) -> HashMap<String, KnownUser> {
        let row = KnownUser {
            user_no: 1,
            content_hash: content_hash(user),
            inserted_run: RunId(inserted_run),
            absent: false,
            last_updated: user.last_updated,
            staged: staged.map(content_hash),
            staged_last_updated: staged.and_then(|staged| staged.last_updated),
            damaged: false,
        };
        HashMap::from([(user.id.clone(), row)])
    }

    #[test]
    fn a_new_user_sent_twice_on_a_page_is_inserted_once_with_the_newer_values() {
        let page = vec![at(user("a", r#"{"x":2}"#), 20), at(user("a", r#"{"x":1}"#), 10)];
        let plan = plan(RUN, page, &HashMap::new());
        assert_eq!(plan.insert.len(), 1);
        assert_eq!(plan.insert[0].0.profile.as_json(), r#"{"x":2}"#);
    }

    #[test]
    fn an_unchanged_user_is_only_seen() {
        let same = user("a", r#"{"x":1}"#);
        let plan = plan(RUN, vec![same.clone()], &known(&same, 1, None));
        assert_eq!(plan.seen, [1]);
        assert!(plan.insert.is_empty() && plan.stage.is_empty() && plan.replace.is_empty());
    }

    #[test]
    fn a_changed_user_is_staged_and_unstaged_when_it_changes_back() {
        let old = at(user("a", r#"{"x":1}"#), 10);
        let new = at(user("a", r#"{"x":2}"#), 20);
        assert_eq!(plan(RUN, vec![new.clone()], &known(&old, 1, None)).stage.len(), 1);
        let back = at(user("a", r#"{"x":1}"#), 10);
        let stale = plan(RUN, vec![back.clone()], &known(&old, 1, Some(&new)));
        assert!(
            stale.unstage.is_empty(),
            "an older reading does not undo a newer one"
        );
        let older_stage = at(user("a", r#"{"x":3}"#), 5);
        assert_eq!(
            plan(RUN, vec![back], &known(&old, 1, Some(&older_stage))).unstage,
            [1]
        );
    }

    #[test]
    fn a_user_inserted_by_this_run_is_replaced_not_staged() {
        let first = at(user("a", r#"{"x":1}"#), 10);
        let second = at(user("a", r#"{"x":2}"#), 10);
        let plan = plan(RUN, vec![second], &known(&first, RUN.0, None));
        assert_eq!((plan.replace.len(), plan.stage.len(), plan.seen.len()), (1, 0, 0));
    }
    #[test]
    fn a_row_that_the_disk_changed_is_written_anew() {
        let same = user("a", r#"{"x":1}"#);
        let mut rows = known(&same, 1, None);
        rows.get_mut("a").expect("known").damaged = true;
        let damaged = plan(RUN, vec![same.clone()], &rows);
        assert_eq!((damaged.stage.len(), damaged.seen.as_slice()), (1, &[1][..]));
        let mut rows = known(&same, RUN.0, None);
        rows.get_mut("a").expect("known").damaged = true;
        assert_eq!(plan(RUN, vec![same], &rows).replace.len(), 1);
    }
}
