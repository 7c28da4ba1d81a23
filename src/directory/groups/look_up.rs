//! Answers readers' questions about groups, with an index, and page by page if an answer may be long.
//!
//! The group `Everyone` has no member rows, because every present user is in it. So each question about members has a
//! second statement for that group.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::paging::{key_page, parse_cursor, prefix_end};
use crate::directory::store::statement::statement;
use crate::directory::store::values::{Count, collected, lossy, optional_text};
use crate::model::{Group, GroupFilter, GroupMember, GroupPage, JiraKeyPage, Profile};

// The number of members of Everyone is stored, so that showing a group never counts all users.
macro_rules! select_groups {
    () => {
        "SELECT g.okta_id, g.type, g.name, g.description, g.created, g.last_updated, g.last_membership_updated,
                CASE g.everyone
                    WHEN 1 THEN (SELECT coalesce(sum(users), 0) FROM kept_counts WHERE kind = 'status')
                    ELSE g.member_count
                END,
                g.profile, g.group_no, g.name_key "
    };
}

// EXISTS stops at the first matched member and does not count members. For Everyone, any matched user is enough.
macro_rules! list_by {
    ($index:literal, $condition:literal) => {
        concat!(
            select_groups!(),
            "FROM groups AS g INDEXED BY ",
            $index,
            " WHERE ",
            $condition,
            " AND (g.name_key, g.group_no) > (:key, :group_no)
               AND g.name_key < :end
               AND (:any OR g.everyone = 1
                    OR EXISTS (SELECT 1
                                 FROM group_members AS m
                                 CROSS JOIN users AS u ON u.okta_id = m.okta_id
                                 CROSS JOIN okta_matches AS t ON t.user_no = u.user_no
                                WHERE m.group_no = g.group_no AND t.jira_no IS NOT NULL))
             ORDER BY g.name_key, g.group_no
             LIMIT :limit"
        )
    };
}

statement!(LIST = list_by!("groups_name", "true"));
statement!(LIST_OF_TYPE = list_by!("groups_type", "g.type = :type"));

const GET: &str = concat!(select_groups!(), "FROM groups AS g WHERE g.okta_id = ?1");

const GROUPS_OF: &str = concat!(
    select_groups!(),
    "FROM groups AS g
     WHERE g.group_no IN (SELECT m.group_no FROM group_members AS m WHERE m.okta_id = ?1)
        OR (g.everyone = 1 AND EXISTS (SELECT 1 FROM present_users AS p WHERE p.okta_id = ?1))
     ORDER BY g.name_key, g.group_no
     LIMIT ?2"
);

const NOT_OF_PASS: &str = concat!(
    select_groups!(),
    "FROM groups AS g WHERE g.listed_pass <> ?1 ORDER BY g.group_no"
);

statement!(FIND_GROUP = "SELECT group_no, everyone FROM groups WHERE okta_id = ?1");

statement!(
    OKTA_ID_OF_JIRA_USER = "
    SELECT u.okta_id
      FROM jira_users AS j
      JOIN okta_matches AS m ON m.jira_no = j.jira_no
      JOIN users AS u ON u.user_no = m.user_no
     WHERE j.key = ?1"
);

statement!(
    MEMBERS = "
    SELECT m.okta_id, u.status, u.login, u.display_name, j.key
      FROM group_members AS m
      LEFT JOIN users AS u ON u.okta_id = m.okta_id AND u.absent_since IS NULL
                          AND u.inserted_run <= (SELECT published_run FROM directory)
      LEFT JOIN okta_matches AS t ON t.user_no = u.user_no
      LEFT JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE m.group_no = :group_no AND m.okta_id > :after
     ORDER BY m.okta_id
     LIMIT :limit"
);

statement!(
    MEMBERS_OF_EVERYONE = "
    SELECT u.okta_id, u.status, u.login, u.display_name, j.key
      FROM users AS u
      LEFT JOIN okta_matches AS t ON t.user_no = u.user_no
      LEFT JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE u.okta_id > :after AND u.absent_since IS NULL
       AND u.inserted_run <= (SELECT published_run FROM directory)
     ORDER BY u.okta_id
     LIMIT :limit"
);

statement!(
    MATCHED_MEMBERS = "
    SELECT j.key, m.okta_id
      FROM group_members AS m
      CROSS JOIN users AS u ON u.okta_id = m.okta_id
      CROSS JOIN okta_matches AS t ON t.user_no = u.user_no
      CROSS JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE m.group_no = :group_no AND m.okta_id > :after
     ORDER BY m.okta_id
     LIMIT :limit"
);

statement!(
    MATCHED_OF_EVERYONE = "
    SELECT j.key, u.okta_id
      FROM users AS u
      CROSS JOIN okta_matches AS t ON t.user_no = u.user_no
      CROSS JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE u.okta_id > :after
     ORDER BY u.okta_id
     LIMIT :limit"
);

statement!(FOLD = "SELECT fold(?1)");

/// Groups in the order of their names, after the cursor of an earlier page. With `only_matched`, groups without a
/// member that is tied to a Jira user are left out.
pub fn list(
    conn: &Connection,
    filter: GroupFilter<'_>,
    only_matched: bool,
    after: &str,
    limit: u64,
) -> Result<GroupPage> {
    let prefix: String = conn
        .prepare_cached(FOLD)?
        .query_row([filter.name_prefix], |row| row.get(0))?;
    // No group has the number 0, so the first page begins before all groups with exactly this name.
    let (group_no, key) = match after {
        "" => (0, prefix.as_str()),
        cursor => parse_cursor(cursor)?,
    };
    let sql = if filter.kind.is_empty() {
        LIST
    } else {
        LIST_OF_TYPE
    };
    let mut statement = conn.prepare_cached(sql)?;
    for (name, value) in [
        (":key", &key as &dyn rusqlite::ToSql),
        (":group_no", &group_no),
        (":end", &prefix_end(&prefix)),
        (":any", &!only_matched),
        (":limit", &Count(limit.saturating_add(1))),
        (":type", &filter.kind),
    ] {
        if let Some(index) = statement.parameter_index(name)? {
            statement.raw_bind_parameter(index, value)?;
        }
    }
    let mut rows = statement.raw_query();
    let mut page = GroupPage::default();
    let mut last = None;
    while let Some(row) = rows.next()? {
        if page.groups.len() as u64 == limit {
            // The statement found one row more than `limit`, so there is a next page.
            page.next = last;
            break;
        }
        page.groups.push(read(row)?);
        let (group_no, key): (i64, String) = (row.get(9)?, row.get(10)?);
        last = Some(format!("{group_no}:{key}"));
    }
    Ok(page)
}

/// The group with this id.
pub fn get(conn: &Connection, okta_id: &str) -> Result<Option<Group>> {
    Ok(conn.prepare_cached(GET)?.query_row([okta_id], read).optional()?)
}

/// The groups that this pass has not listed.
pub(super) fn not_of_pass(conn: &Connection, pass: i64) -> Result<Vec<Group>> {
    let mut statement = conn.prepare_cached(NOT_OF_PASS)?;
    let groups = statement.query_map([pass], read)?;
    collected(groups)
}

/// The groups of an Okta user, in the order of their names.
pub fn groups_of(conn: &Connection, okta_id: &str, limit: u64) -> Result<Vec<Group>> {
    let mut statement = conn.prepare_cached(GROUPS_OF)?;
    let groups = statement.query_map((okta_id, Count(limit)), read)?;
    collected(groups)
}

/// The Okta id of the user that a Jira user is tied to.
pub fn okta_id_of_jira_user(conn: &Connection, jira_key: &str) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached(OKTA_ID_OF_JIRA_USER)?;
    Ok(statement.query_row([jira_key], |row| row.get(0)).optional()?)
}

/// Members of a group in the order of their Okta ids, after the id `after`. "" begins the list.
pub fn members(conn: &Connection, group_id: &str, after: &str, limit: u64) -> Result<Vec<GroupMember>> {
    let (group_no, everyone) = number(conn, group_id)?;
    let read = |row: &Row<'_>| {
        Ok(GroupMember {
            okta_id: lossy(row, 0)?.into_owned(),
            status: optional_text(row, 1)?,
            login: optional_text(row, 2)?,
            display_name: optional_text(row, 3)?,
            jira_key: optional_text(row, 4)?,
        })
    };
    let limit = Count(limit);
    let members: rusqlite::Result<Vec<GroupMember>> = if everyone {
        conn.prepare_cached(MEMBERS_OF_EVERYONE)?
            .query_map(named_params! { ":after": after, ":limit": limit }, read)?
            .collect()
    } else {
        let parameters = named_params! { ":group_no": group_no, ":after": after, ":limit": limit };
        conn.prepare_cached(MEMBERS)?
            .query_map(parameters, read)?
            .collect()
    };
    Ok(members?)
}

/// Keys of the Jira users that members of a group are tied to, after the key `after`.
pub fn matched_members(conn: &Connection, group_id: &str, after: &str, limit: u64) -> Result<JiraKeyPage> {
    let (group_no, everyone) = number(conn, group_id)?;
    let wanted = Count(limit.saturating_add(1));
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let found: rusqlite::Result<Vec<(String, String)>> = if everyone {
        conn.prepare_cached(MATCHED_OF_EVERYONE)?
            .query_map(named_params! { ":after": after, ":limit": wanted }, read)?
            .collect()
    } else {
        let parameters = named_params! { ":group_no": group_no, ":after": after, ":limit": wanted };
        conn.prepare_cached(MATCHED_MEMBERS)?
            .query_map(parameters, read)?
            .collect()
    };
    Ok(key_page(found?, limit))
}

fn number(conn: &Connection, group_id: &str) -> Result<(i64, bool)> {
    let mut statement = conn.prepare_cached(FIND_GROUP)?;
    let found = statement.query_row([group_id], |row| Ok((row.get(0)?, row.get(1)?)));
    found
        .optional()?
        .ok_or_else(|| Error::about(ErrorCode::NotFound, "the group"))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Group> {
    Ok(Group {
        id: lossy(row, 0)?.into_owned(),
        kind: lossy(row, 1)?.into_owned(),
        name: lossy(row, 2)?.into_owned(),
        description: optional_text(row, 3)?,
        created: row.get(4)?,
        last_updated: row.get(5)?,
        last_membership_updated: row.get(6)?,
        member_count: row.get::<_, Option<Count>>(7)?.map(|Count(count)| count),
        profile: Profile::from_stored(lossy(row, 8)?.into_owned()),
    })
}
