//! Finds matched users by an attribute, a group or a manager.
//!
//! A group, a manager and an attribute that the look-up table covers are found with an index. Any other attribute is
//! searched in the profiles of the matched users. There are at most as many of them as Jira users.

use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::profiles::attribute_index;
use crate::directory::store::paging::key_page;
use crate::directory::store::statement::statement;
use crate::directory::store::values::{Count, collected};
use crate::model::{JiraKeyPage, UserCriterion};

statement!(
    BY_INDEX = "
    SELECT j.key, a.user_no
      FROM user_attributes AS a
      CROSS JOIN okta_matches AS t ON t.user_no = a.user_no
      CROSS JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE a.attribute_no = :attribute AND a.value_key = fold(:value) AND a.user_no > :after
     ORDER BY a.user_no
     LIMIT :limit"
);

// Compares the same folded values that the look-up table contains.
statement!(
    BY_PROFILE = "
    SELECT j.key, t.user_no
      FROM okta_matches AS t NOT INDEXED
      CROSS JOIN users AS u ON u.user_no = t.user_no
      CROSS JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE t.jira_no IS NOT NULL AND t.user_no > :after
       AND carries(u.profile, :name, :key)
     ORDER BY t.user_no
     LIMIT :limit"
);

statement!(
    BY_STATUS = "
    SELECT j.key, t.user_no
      FROM okta_matches AS t NOT INDEXED
      CROSS JOIN users AS u ON u.user_no = t.user_no
      CROSS JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE t.jira_no IS NOT NULL AND t.user_no > :after AND fold(u.status) = fold(:value)
     ORDER BY t.user_no
     LIMIT :limit"
);

statement!(
    BY_MANAGER = "
    SELECT j.key, r.user_no
      FROM managers AS r INDEXED BY managers_manager
      CROSS JOIN okta_matches AS t ON t.user_no = r.user_no
      CROSS JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE r.manager_no = :manager AND r.user_no > :after
     ORDER BY r.user_no
     LIMIT :limit"
);

// Several groups may have the same name. DISTINCT returns a user once even if it is in several of them.
statement!(
    BY_GROUP = "
    SELECT DISTINCT j.key, u.user_no
      FROM groups AS g
      CROSS JOIN group_members AS m ON m.group_no = g.group_no
      CROSS JOIN users AS u ON u.okta_id = m.okta_id
      CROSS JOIN okta_matches AS t ON t.user_no = u.user_no
      CROSS JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE g.group_no IN (SELECT group_no FROM groups WHERE okta_id = :value
                          UNION SELECT group_no FROM groups WHERE name_key = fold(:value))
       AND u.user_no > :after
     ORDER BY u.user_no
     LIMIT :limit"
);

statement!(
    IS_EVERYONE = "
    SELECT 1 FROM groups WHERE everyone = 1 AND (okta_id = ?1 OR name_key = fold(?1)) LIMIT 1"
);

statement!(
    EVERYONE = "
    SELECT j.key, t.user_no
      FROM okta_matches AS t NOT INDEXED
      CROSS JOIN jira_users AS j ON j.jira_no = t.jira_no
     WHERE t.jira_no IS NOT NULL AND t.user_no > :after
     ORDER BY t.user_no
     LIMIT :limit"
);

// In this order: Jira key, Okta id, Jira username, login, e-mail. Keys that are compared exactly come first.
statement!(each MANAGER: [&str; 5] = [
    "SELECT m.user_no FROM jira_users AS j JOIN okta_matches AS m ON m.jira_no = j.jira_no
      WHERE j.key = ?1",
    "SELECT user_no FROM present_users WHERE okta_id = ?1",
    "SELECT m.user_no FROM jira_users AS j JOIN okta_matches AS m ON m.jira_no = j.jira_no
      WHERE j.username_key = fold(?1) AND j.username_key <> ''
      ORDER BY j.username <> ?1, j.jira_no LIMIT 1",
    "SELECT user_no FROM present_users WHERE login_key = fold(?1) AND login_key <> '' ORDER BY user_no LIMIT 1",
    "SELECT user_no FROM present_users WHERE email_key = fold(?1) AND email_key <> '' ORDER BY user_no LIMIT 1",
]);

statement!(FOLD = "SELECT fold(?1)");

/// Keys of the Jira users that are tied to a present Okta user with this attribute, group or manager, after the cursor
/// of an earlier page. The cursor "" begins. Texts are compared folded. If a value is an array, any element may match.
pub fn jira_keys(
    conn: &Connection,
    criterion: UserCriterion<'_>,
    after: &str,
    limit: u64,
) -> Result<JiraKeyPage> {
    let question = Question::new(after, limit)?;
    match criterion {
        UserCriterion::Attribute { name, value } => match attribute_index::number(conn, name)? {
            Some(number) => question.ask(conn, BY_INDEX, &[(":attribute", &number), (":value", &value)]),
            None => {
                let key: String = conn.prepare_cached(FOLD)?.query_row([value], |row| row.get(0))?;
                question.ask(conn, BY_PROFILE, &[(":name", &name), (":key", &key)])
            }
        },
        UserCriterion::Status(status) => question.ask(conn, BY_STATUS, &[(":value", &status)]),
        UserCriterion::Group(group) if is_everyone(conn, group)? => question.ask(conn, EVERYONE, &[]),
        UserCriterion::Group(group) => question.ask(conn, BY_GROUP, &[(":value", &group)]),
        UserCriterion::Manager(manager) => match manager_no(conn, manager)? {
            Some(number) => question.ask(conn, BY_MANAGER, &[(":manager", &number)]),
            None => Ok(JiraKeyPage::default()),
        },
    }
}

fn is_everyone(conn: &Connection, group: &str) -> Result<bool> {
    let mut statement = conn.prepare_cached(IS_EVERYONE)?;
    Ok(statement.exists([group])?)
}

fn manager_no(conn: &Connection, manager: &str) -> Result<Option<i64>> {
    for sql in MANAGER {
        let mut statement = conn.prepare_cached(sql)?;
        if let Some(number) = statement.query_row([manager], |row| row.get(0)).optional()? {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

struct Question {
    after: i64,
    limit: u64,
}

impl Question {
    fn new(after: &str, limit: u64) -> Result<Question> {
        let after = match after {
            "" => Ok(0),
            text => text.parse(),
        };
        let after = after.map_err(|_| Error::about(ErrorCode::InvalidArgument, "the cursor of a listing"))?;
        Ok(Question { after, limit })
    }

    fn ask(&self, conn: &Connection, sql: &str, about: &[(&str, &dyn ToSql)]) -> Result<JiraKeyPage> {
        let limit = Count(self.limit.saturating_add(1));
        let own = named_params! { ":after": self.after, ":limit": limit };
        let parameters = [own, about].concat();
        let mut statement = conn.prepare_cached(sql)?;
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?.to_string()));
        let found = statement.query_map(parameters.as_slice(), read)?;
        Ok(key_page(collected(found)?, self.limit))
    }
}
