//! Okta groups and their members.
//!
//! A pass over the groups has two parts that can each be resumed. `listing` writes the groups that Okta lists, page by
//! page, and marks the groups whose members must be read. `members` stages the members of a group and replaces the old
//! ones in one transaction. `pass` stores how far both are. `look_up` answers readers.
//!
//! Members are stored by Okta's id and not as references: Okta does not document whether it lists members that are
//! deactivated or hidden from the credential, so an id that the directory does not know is no error.

mod listing;
mod look_up;
mod members;
mod pass;
mod single;

pub use listing::{GroupsListed, commit_page, moved, remove_unwanted, unlisted};
pub use look_up::{get, groups_of, list, matched_members, members, okta_id_of_jira_user};
pub use members::{
    Doubts, Due, Staged, ask_postponed, begin_reading, count_due, doubt, due, leave_all, memberships,
    postponed, put_in_place, refuse, stage, staged, unstage_absent,
};
pub use pass::{Listing, Pass, begin, end, list_all_again, pass};

pub use single::{cost_of_listing, pages_of_members, set_member, write_single};
