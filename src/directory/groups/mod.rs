//! Okta groups and who is in them.
//!
//! A pass over the groups has two halves that can each be resumed: `listing` writes what Okta lists,
//! page by page, and marks the groups whose members have to be read; `members` stages the members of
//! a group and puts them in the place of the old ones in one transaction. `pass` says how far both are.
//! `look_up` is what readers ask.
//!
//! Members are named by Okta's id and not by reference: whether Okta lists members who are
//! deactivated, or hidden from the credential, is not documented, so an id unknown here is no fault.

mod listing;
mod look_up;
mod members;
mod pass;
mod single;

pub use listing::{GroupsListed, commit_page, moved, remove_unwanted, unlisted};
pub use look_up::{get, groups_of, list, matched_members, members, okta_id_of_jira_user};
pub use members::{
    Doubts, Due, Staged, begin_reading, count_due, doubt, due, leave_all, memberships, put_in_place, refuse,
    stage, staged, unstage_absent,
};
pub use pass::{Listing, Pass, begin, end, list_all_again, pass};

pub use single::{cost_of_listing, pages_of_members, set_member, write_single};
