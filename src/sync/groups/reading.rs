//! One group whose members are being read: what is asked next, and the answers so far.

use super::reach::is_recent;
use super::{GroupReader, MOST_RESTARTS, OLDEST_PART};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::directory::groups::Due;
use crate::model::Group;
use crate::okta::groups::{MOST_ROWS, first_members_cursor, group_now, members_page};
use crate::okta::{Cursor, Page, PageSize, Walk};

/// A group whose members are being read.
pub struct MemberReading {
    /// The group, as the directory has it.
    pub due: Due,
    /// The page that is asked for.
    pub cursor: Cursor,
    /// Whether it is the first page of this reading.
    pub is_first: bool,
    /// The pages so far.
    pub walk: Walk,
    /// When the reading began, by Okta's clock.
    pub began: Option<UnixMillis>,
    /// Okta's count of the members.
    pub count: Option<u64>,
    /// How many members a page has: a group whose pages are too much for Okta slows down no other one.
    page_size: PageSize,
    /// Why the group itself is asked for; none if it is not.
    pub asked_again: Option<Why>,
    restarts: u32,
}

/// Why a group is asked for once more while its members are read.
#[derive(Clone, Debug)]
pub enum Why {
    /// Its members contradict the count of the listing, which may be older.
    Contradicted,
    /// Okta says that there is no such group.
    NotFound(Error),
}

/// What Okta answered.
pub enum GroupAnswer {
    /// A page of members.
    Page(Result<Page<Result<String>>>),
    /// The group itself; none if there is no such group.
    Group(Result<Option<Group>>, Why),
}

impl MemberReading {
    /// Resumes where an earlier reading stopped, unless that is too long ago by Okta's clock.
    pub fn begin(due: Due, okta_now: Option<UnixMillis>) -> MemberReading {
        let is_old = |(began, now): (UnixMillis, UnixMillis)| began.age(now) >= OLDEST_PART;
        let stored = due
            .cursor
            .as_ref()
            .filter(|_| !due.began.zip(okta_now).is_some_and(is_old));
        let stored: Option<Cursor> = stored.and_then(|stored| stored.parse().ok());
        MemberReading {
            is_first: stored.is_none(),
            began: if stored.is_some() { due.began } else { okta_now },
            cursor: stored.unwrap_or_else(|| first_members_cursor(&due.okta_id)),
            walk: Walk::default(),
            count: due.okta_count,
            page_size: PageSize::new(MOST_ROWS),
            asked_again: None,
            restarts: 0,
            due,
        }
    }

    /// Whether it may begin anew because Okta no longer knows its cursor.
    pub fn may_restart(&self) -> bool {
        self.restarts < MOST_RESTARTS
    }

    /// The same group from its first page.
    pub fn restarted(self, okta_now: Option<UnixMillis>) -> MemberReading {
        MemberReading {
            restarts: self.restarts + 1,
            page_size: self.page_size,
            ..MemberReading::begin(
                Due {
                    cursor: None,
                    ..self.due
                },
                okta_now,
            )
        }
    }

    /// Whether a change during the reading may show in the group's time stamp but not in its members: then
    /// the next sync reads the group once more.
    pub fn may_have_moved(&self) -> bool {
        is_recent(self.due.last_membership_updated, self.began)
    }
}

impl GroupReader<'_> {
    /// Asks Okta what the reading needs next.
    pub(super) async fn ask(&self, reading: MemberReading) -> (MemberReading, GroupAnswer) {
        let told = match reading.asked_again.clone() {
            None => GroupAnswer::Page(members_page(self.client, &reading.cursor, &reading.page_size).await),
            Some(why) => GroupAnswer::Group(group_now(self.client, &reading.due.okta_id).await, why),
        };
        (reading, told)
    }
}
