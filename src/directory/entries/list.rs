//! Lists a view page by page.
//!
//! The cursor is the number of the last user on a page: an Okta user or a Jira user, depending on the view. Numbers are
//! never reused, so the next page begins exactly after it.

use rusqlite::{Connection, named_params};

use crate::contract::errors::Result;
use crate::directory::entries::row::{self, entry_from_jira, entry_from_okta, jira_match};
use crate::directory::matches::jira_row::jira_user_columns;
use crate::directory::store::statement::statement;
use crate::directory::store::values::{Count, collected};
use crate::directory::users::row::okta_user_columns;
use crate::model::{DirectoryEntry, View};

// Without INDEXED BY and CROSS JOIN, the planner may read all users in the requested order and skip those in another
// state. With both, a page costs no more than its own length.
macro_rules! okta_view {
    ($index:literal, $condition:literal) => {
        concat!(
            entry_from_okta!(),
            "FROM okta_matches AS m ",
            $index,
            "
             CROSS JOIN users AS u ON u.user_no = m.user_no
             LEFT JOIN jira_users AS j ON j.jira_no = m.jira_no
             WHERE ",
            $condition,
            " AND m.user_no > :after
             ORDER BY m.user_no
             LIMIT :limit"
        )
    };
}

macro_rules! jira_view {
    ($from:literal, $condition:literal) => {
        concat!(
            entry_from_jira!(),
            "FROM ",
            $from,
            " AS a
             CROSS JOIN jira_users AS j ON j.jira_no = a.jira_no",
            jira_match!(),
            "WHERE ",
            $condition,
            " AND a.jira_no > :after
             ORDER BY a.jira_no
             LIMIT :limit"
        )
    };
}

statement!(MATCHED, in order = okta_view!("NOT INDEXED", "m.jira_no IS NOT NULL"));
statement!(AMBIGUOUS, in order = okta_view!("INDEXED BY okta_matches_ambiguous", "m.state = 'ambiguous'"));
statement!(JIRA_ONLY, in order = jira_view!("jira_alone", "true"));
statement!(JIRA_AMBIGUOUS, in order = jira_view!("jira_matches", "a.state = 'ambiguous'"));

statement!(OKTA_ONLY, in order = concat!(
    entry_from_okta!(),
    "FROM okta_alone AS a
     CROSS JOIN users AS u ON u.user_no = a.user_no
     LEFT JOIN okta_matches AS m ON m.user_no = a.user_no
     LEFT JOIN jira_users AS j ON j.jira_no = m.jira_no
     WHERE a.user_no > :after
     ORDER BY a.user_no
     LIMIT :limit"
));

const ALL: &str = concat!(
    entry_from_okta!(),
    "FROM users AS u NOT INDEXED
     LEFT JOIN okta_matches AS m ON m.user_no = u.user_no
     LEFT JOIN jira_users AS j ON j.jira_no = m.jira_no
     WHERE u.user_no > :after
       AND u.absent_since IS NULL
       AND u.inserted_run <= (SELECT published_run FROM directory)
     ORDER BY u.user_no
     LIMIT :limit"
);

const ABSENT: &str = concat!(
    entry_from_okta!(),
    "FROM users AS u INDEXED BY users_absent
     LEFT JOIN okta_matches AS m ON m.user_no = u.user_no
     LEFT JOIN jira_users AS j ON j.jira_no = m.jira_no
     WHERE u.user_no > :after AND u.absent_since IS NOT NULL
     ORDER BY u.user_no
     LIMIT :limit"
);

const DEACTIVATED: &str = concat!(
    entry_from_okta!(),
    "FROM users AS u INDEXED BY users_deactivated
     LEFT JOIN okta_matches AS m ON m.user_no = u.user_no
     LEFT JOIN jira_users AS j ON j.jira_no = m.jira_no
     WHERE u.user_no > :after
       AND u.status = 'DEPROVISIONED'
       AND u.absent_since IS NULL
       AND u.inserted_run <= (SELECT published_run FROM directory)
     ORDER BY u.user_no
     LIMIT :limit"
);

statement!(ORPHANED, in order = concat!(
    entry_from_okta!(),
    "FROM users AS u INDEXED BY users_deactivated
     JOIN okta_matches AS m ON m.user_no = u.user_no
     JOIN jira_users AS j ON j.jira_no = m.jira_no
     WHERE u.user_no > :after
       AND u.status = 'DEPROVISIONED'
       AND u.absent_since IS NULL
       AND u.inserted_run <= (SELECT published_run FROM directory)
       AND j.active = 1
     ORDER BY u.user_no
     LIMIT :limit"
));

/// Up to `limit` entries of a view after the cursor `after`. The cursor 0 begins the view.
pub fn list(conn: &Connection, view: View, after: i64, limit: u64) -> Result<Vec<DirectoryEntry>> {
    let sql = match view {
        View::Matched => MATCHED,
        View::OktaOnly => OKTA_ONLY,
        View::JiraOnly => JIRA_ONLY,
        View::Ambiguous => AMBIGUOUS,
        View::JiraAmbiguous => JIRA_AMBIGUOUS,
        View::All => ALL,
        View::Absent => ABSENT,
        View::Deactivated => DEACTIVATED,
        View::Orphaned => ORPHANED,
    };
    let mut statement = conn.prepare_cached(sql)?;
    let entries = statement.query_map(
        named_params! { ":after": after, ":limit": Count(limit) },
        row::read,
    )?;
    collected(entries)
}
