//! Lists the rows of the inbox that are due: what is to be read again now.

use rusqlite::{Connection, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::model::Subject;

/// What a row of the inbox is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InboxKind {
    /// A user.
    User,
    /// A group itself.
    Group,
    /// One user in one group.
    Membership,
    /// All members of a group.
    Members,
    /// The attributes that users have.
    Schema,
    /// Users and groups that no event names: whatever moved is to be read.
    Many,
    /// Events may have been lost, those of deletions among them: everybody is to be read.
    Everybody,
}

impl InboxKind {
    /// Every kind.
    pub const ALL: [InboxKind; 7] = [
        InboxKind::User,
        InboxKind::Group,
        InboxKind::Membership,
        InboxKind::Members,
        InboxKind::Schema,
        InboxKind::Many,
        InboxKind::Everybody,
    ];

    /// The name as it stands in the directory.
    pub fn name(self) -> &'static str {
        match self {
            InboxKind::User => "user",
            InboxKind::Group => "group",
            InboxKind::Membership => "membership",
            InboxKind::Members => "members",
            InboxKind::Schema => "schema",
            InboxKind::Many => "many",
            InboxKind::Everybody => "everybody",
        }
    }

    fn from_name(name: &str) -> Option<InboxKind> {
        InboxKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One thing that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxRow {
    /// The number of its newest event; the row is removed by it.
    pub arrival: i64,
    /// What it is about.
    pub kind: InboxKind,
    /// Okta's id of the user; empty where the kind has none.
    pub user_id: String,
    /// Okta's id of the group; empty where the kind has none.
    pub group_id: String,
    /// Whether an event said that it is deleted.
    pub deleted: bool,
    /// When the first of its events happened, by Okta's clock.
    pub oldest: UnixMillis,
    /// The newest event.
    pub event: String,
    /// How often Okta was asked without being done with it.
    pub asked: u32,
    /// Whether Okta was asked since its newest event and what it said is published: it is asked again in case that
    /// more is to come, and nobody waits for it.
    pub answered: bool,
}

/// How much is waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Rows that nobody has answered, without those held; some may wait for their time.
    pub all: u64,
    /// Of those that are due: users.
    pub users: u64,
    /// Users who are said to be deleted; not among `users`.
    pub deletions: u64,
    /// Those of `users` whom a listing did not show although events told of them.
    pub unseen: u64,
    /// Groups, memberships, and groups whose members moved.
    pub groups: u64,
    /// Whether schemas moved.
    pub schemas: bool,
    /// Whether more moved than events name.
    pub many: bool,
    /// Whether everybody is to be read.
    pub everybody: bool,
    /// Deletions that the guard left to the next full run.
    pub held: u64,
    /// When the first event happened that nobody has answered; none if nothing waits.
    pub oldest: Option<UnixMillis>,
    /// When the first event happened of a user who is waiting and not said to be deleted.
    pub oldest_user: Option<UnixMillis>,
}

impl Pending {
    /// Whether something is to be read now.
    pub fn is_due(&self) -> bool {
        self.users + self.deletions + self.groups > 0 || self.schemas || self.many || self.everybody
    }
}

/// The kind of a subject, with the ids of user and group, and whether it is deleted.
pub(super) fn parts(subject: &Subject) -> (InboxKind, &str, &str, bool) {
    match subject {
        Subject::User { okta_id } => (InboxKind::User, okta_id, "", false),
        Subject::DeletedUser { okta_id } => (InboxKind::User, okta_id, "", true),
        Subject::Group { group_id } => (InboxKind::Group, "", group_id, false),
        Subject::DeletedGroup { group_id } => (InboxKind::Group, "", group_id, true),
        Subject::Membership { group_id, user_id } => (InboxKind::Membership, user_id, group_id, false),
        Subject::Members { group_id } => (InboxKind::Members, "", group_id, false),
        Subject::Schema => (InboxKind::Schema, "", "", false),
        Subject::Many => (InboxKind::Many, "", "", false),
    }
}

statement!(DUE, reads every row = "
    SELECT arrival, kind, user_id, group_id, deleted, oldest, event, asked, answered
      FROM inbox
     WHERE due <= :now AND held = 0
     ORDER BY arrival
     LIMIT :limit"
);

statement!(DUE_GROUPS, reads every row = "
    SELECT arrival, kind, user_id, group_id, deleted, oldest, event, asked, answered
      FROM inbox
     WHERE due <= :now AND held = 0 AND kind IN ('group', 'membership', 'members')
     ORDER BY arrival
     LIMIT :limit"
);

statement!(DUE_BY_ID, reads every row = "
    SELECT arrival, kind, user_id, group_id, deleted, oldest, event, asked, answered
      FROM inbox
     WHERE due <= :now AND held = 0 AND kind = 'user' AND (deleted = 1 OR asked > 0)
     ORDER BY arrival
     LIMIT :limit"
);

statement!(PENDING, reads every row = "
    SELECT coalesce(sum(NOT answered AND NOT held), 0),
           coalesce(sum(is_due AND kind = 'user' AND NOT deleted), 0),
           coalesce(sum(is_due AND kind = 'user' AND deleted), 0),
           coalesce(sum(is_due AND kind = 'user' AND NOT deleted AND asked > 0), 0),
           coalesce(sum(is_due AND kind IN ('group', 'membership', 'members')), 0),
           coalesce(max(is_due AND kind = 'schema'), 0),
           coalesce(max(is_due AND kind = 'many'), 0),
           coalesce(max(is_due AND kind = 'everybody'), 0),
           coalesce(sum(held), 0),
           min(oldest) FILTER (WHERE NOT answered AND NOT held),
           min(oldest) FILTER (WHERE kind = 'user' AND NOT deleted AND NOT held)
      FROM (SELECT kind, deleted, held, oldest, answered, asked, due <= ?1 AND held = 0 AS is_due FROM inbox)"
);

statement!(IS_WAITING = "SELECT 1 FROM inbox WHERE kind = 'user' AND user_id = ?1");

/// At most so many things that are due, oldest first.
pub fn due(conn: &Connection, now: UnixMillis, limit: u64) -> Result<Vec<InboxRow>> {
    rows(conn, DUE, now, limit)
}

/// The same of groups and memberships only.
pub fn due_groups(conn: &Connection, now: UnixMillis, limit: u64) -> Result<Vec<InboxRow>> {
    rows(conn, DUE_GROUPS, now, limit)
}

/// The same of users whom no listing shows: who are said to be deleted, and whom one did not show.
pub fn due_by_id(conn: &Connection, now: UnixMillis, limit: u64) -> Result<Vec<InboxRow>> {
    rows(conn, DUE_BY_ID, now, limit)
}

fn rows(conn: &Connection, sql: &str, now: UnixMillis, limit: u64) -> Result<Vec<InboxRow>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query(named_params! { ":now": now, ":limit": Count(limit) })?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let kind: String = row.get(1)?;
        let unknown = || Error::about(ErrorCode::DirectoryCorrupt, "an event of an unknown kind waits");
        rows.push(InboxRow {
            arrival: row.get(0)?,
            kind: InboxKind::from_name(&kind).ok_or_else(unknown)?,
            user_id: row.get(2)?,
            group_id: row.get(3)?,
            deleted: row.get(4)?,
            oldest: row.get(5)?,
            event: row.get(6)?,
            asked: row.get(7)?,
            answered: row.get(8)?,
        });
    }
    Ok(rows)
}

/// How much is waiting.
pub fn pending(conn: &Connection, now: UnixMillis) -> Result<Pending> {
    Ok(conn.prepare_cached(PENDING)?.query_row([now], |row| {
        Ok(Pending {
            all: row.get::<_, Count>(0)?.0,
            users: row.get::<_, Count>(1)?.0,
            deletions: row.get::<_, Count>(2)?.0,
            unseen: row.get::<_, Count>(3)?.0,
            groups: row.get::<_, Count>(4)?.0,
            schemas: row.get(5)?,
            many: row.get(6)?,
            everybody: row.get(7)?,
            held: row.get::<_, Count>(8)?.0,
            oldest: row.get(9)?,
            oldest_user: row.get(10)?,
        })
    })?)
}

/// Whether something about this user waits to be read.
pub fn is_waiting(conn: &Connection, okta_id: &str) -> Result<bool> {
    Ok(conn.prepare_cached(IS_WAITING)?.exists([okta_id])?)
}
