//! Lists the rows of the inbox that are due, which means that their objects must be read now.

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
    /// Users and groups that no event in the inbox names. A listing of all changes reads them.
    Many,
    /// Events may have been lost, and some may have been deletions. A full run must read everybody.
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

    /// The name as the directory stores it.
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

/// One object that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxRow {
    /// The number of the newest event about the object. The row is removed by this number, so that a newer event keeps
    /// the row.
    pub arrival: i64,
    /// What kind of object it is.
    pub kind: InboxKind,
    /// Okta's id of the user; empty if the kind has none.
    pub user_id: String,
    /// Okta's id of the group; empty if the kind has none.
    pub group_id: String,
    /// Whether an event said that the object was deleted.
    pub deleted: bool,
    /// When the first of its events happened, by Okta's clock.
    pub oldest: UnixMillis,
    /// Okta's id of the newest event.
    pub event: String,
    /// How often Okta was asked after the newest event arrived, while the row stayed.
    pub asked: u32,
    /// Whether Okta's answer after the newest event is published. If so, Okta is asked again only because it may show
    /// more later, and the row counts neither as pending nor as lag.
    pub answered: bool,
}

/// What waits in the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Rows without a published answer, except the held ones. Some may not be due yet.
    pub all: u64,
    /// Due users that no event calls deleted.
    pub users: u64,
    /// Due users that an event calls deleted.
    pub deletions: u64,
    /// How many of `users` a listing did not show although events named them.
    pub unseen: u64,
    /// Due groups and memberships, and due groups whose members changed.
    pub groups: u64,
    /// Whether schemas changed.
    pub schemas: bool,
    /// Whether there were more changes than the events in the inbox name. If so, a delta run must list the changes.
    pub many: bool,
    /// Whether a full run must read everybody.
    pub everybody: bool,
    /// Deletions that the guard against mass deletion left to the next full run.
    pub held: u64,
    /// When the oldest event without a published answer happened; none if nothing waits.
    pub oldest: Option<UnixMillis>,
    /// When the oldest event about one of `users` happened.
    pub oldest_user: Option<UnixMillis>,
}

impl Pending {
    /// Whether something is to be read now.
    pub fn is_due(&self) -> bool {
        self.users + self.deletions + self.groups > 0 || self.schemas || self.many || self.everybody
    }
}

/// The kind of a subject, the ids of its user and group, and whether it was deleted.
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

/// At most `limit` due rows, the oldest first.
pub fn due(conn: &Connection, now: UnixMillis, limit: u64) -> Result<Vec<InboxRow>> {
    rows(conn, DUE, now, limit)
}

/// Like [`due`], but only groups and memberships.
pub fn due_groups(conn: &Connection, now: UnixMillis, limit: u64) -> Result<Vec<InboxRow>> {
    rows(conn, DUE_GROUPS, now, limit)
}

/// Like [`due`], but only users that must be requested by id: users that an event calls deleted, and users that a
/// listing did not show.
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

/// Counts the waiting rows.
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
