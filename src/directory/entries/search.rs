//! Finds users of a view by the beginning of a name, login or address, or by a part of it.
//!
//! A prefix is a range of the folded key and not a LIKE pattern, so every character stands for itself. A part is
//! searched in the whole index of the key, whose rows are short; only matching rows are read in full. A part of a name
//! is also found in the user's other names, and accents do not matter. Words are found anywhere in the search text of a
//! user, which is in one index for each side. Users whose words are found only in the search text of their Jira user
//! come last. A page begins after (key, user), so renaming or erasing the last user of a page moves no other user.

use rusqlite::types::Value;
use rusqlite::{Connection, ToSql};

use crate::contract::errors::Result;
use crate::directory::entries::row::{self, entry_from_jira, entry_from_okta, jira_match};
use crate::directory::matches::jira_row::jira_user_columns;
use crate::directory::org;
use crate::directory::store::paging::{parse_cursor, prefix_end};
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::directory::users::row::okta_user_columns;
use crate::model::{DirectoryEntry, SearchField, View};

/// One page of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchPage {
    /// The users that were found, in the order of the folded key.
    pub entries: Vec<DirectoryEntry>,
    /// The cursor of the next page; none if this page is the last. It contains the key of the last user, so it is as
    /// confidential as the entries.
    pub next: Option<String>,
}

/// A view's statements: by name, login and e-mail, and by words anywhere. The last columns are the key and the number,
/// for the cursor.
type Searches = [&'static str; 4];

// The statement reads the keys in order, and the state is only a filter. SQLite checks conditions in the order in which
// they are written. Most rows fail the search for a part, so it comes before the comparisons of keys. `coalesce` keeps
// the planner from using the index of states; it would begin with the state and sort.
macro_rules! okta_searches {
    ($condition:literal) => {
        [
            okta_searches!(
                "users_name",
                "name_key",
                " AND u.name_key < :end",
                "(has_name(u.search_text, :inside) OR instr(u.name_key, :inside) > 0)",
                $condition
            ),
            okta_searches!(
                "users_login",
                "login_key",
                " AND u.login_key < :end",
                "instr(u.login_key, :inside) > 0",
                $condition
            ),
            okta_searches!(
                "users_email",
                "email_key",
                " AND u.email_key < :end",
                "instr(u.email_key, :inside) > 0",
                $condition
            ),
            okta_searches!(
                "users_name",
                "name_key",
                "",
                "has_words(u.search_text, :inside)",
                $condition
            ),
        ]
    };
    ($index:literal, $key:literal, $end:literal, $part:expr, $condition:literal) => {
        concat!(
            entry_from_okta!(),
            ", u.",
            $key,
            ", u.user_no
             FROM users AS u INDEXED BY ",
            $index,
            "
             LEFT JOIN okta_matches AS m ON m.user_no = u.user_no
             LEFT JOIN jira_users AS j ON j.jira_no = m.jira_no
             WHERE ",
            $part,
            $end,
            "
               AND (u.",
            $key,
            ", u.user_no) > (:key, :number)
               AND u.inserted_run <= (SELECT published_run FROM directory)
               AND ",
            $condition,
            "
             ORDER BY u.",
            $key,
            ", u.user_no
             LIMIT :limit"
        )
    };
}

macro_rules! jira_searches {
    ($table:literal, $state:literal) => {
        [
            // Display names of Jira users have no index: the users of the view are read and sorted.
            jira_searches!(
                concat!(
                    $table,
                    " AS those CROSS JOIN jira_users AS j ON j.jira_no = those.jira_no"
                ),
                "fold(j.display_name)",
                " AND fold(j.display_name) < :end",
                "has_name(j.search_text, :inside)",
                $state
            ),
            jira_searches!(
                "jira_users AS j INDEXED BY jira_users_username",
                "j.username_key",
                " AND j.username_key < :end",
                "instr(j.username_key, :inside) > 0",
                $state
            ),
            jira_searches!(
                "jira_users AS j INDEXED BY jira_users_email",
                "j.email_key",
                " AND j.email_key < :end",
                "instr(j.email_key, :inside) > 0",
                $state
            ),
            jira_searches!(
                "jira_users AS j INDEXED BY jira_users_username",
                "j.username_key",
                "",
                "has_words(j.search_text, :inside)",
                $state
            ),
        ]
    };
    ($from:expr, $key:literal, $end:literal, $part:expr, $state:literal) => {
        concat!(
            entry_from_jira!(),
            ", ",
            $key,
            ", j.jira_no
             FROM ",
            $from,
            jira_match!(),
            "WHERE ",
            $part,
            $end,
            "
               AND (",
            $key,
            ", j.jira_no) > (:key, :number)
               AND coalesce(t.state, m.state, 'jira_only') = ",
            $state,
            "
             ORDER BY ",
            $key,
            ", j.jira_no
             LIMIT :limit"
        )
    };
}

/// Okta users that are found only by their tied Jira user's search text, in the order of Jira usernames.
macro_rules! tied_search {
    ($condition:literal) => {
        concat!(
            entry_from_okta!(),
            ", j.username_key, j.jira_no
             FROM jira_users AS j INDEXED BY jira_users_username
             CROSS JOIN okta_matches AS m INDEXED BY okta_matches_jira ON m.jira_no = j.jira_no
             CROSS JOIN users AS u ON u.user_no = m.user_no
             WHERE has_words(j.search_text, :inside)
               AND (j.username_key, j.jira_no) > (:key, :number)
               AND NOT has_words(u.search_text, :inside)
               AND u.absent_since IS NULL
               AND u.inserted_run <= (SELECT published_run FROM directory)
               AND ",
            $condition,
            "
             ORDER BY j.username_key, j.jira_no
             LIMIT :limit"
        )
    };
}

statement!(each ALL: Searches, in order = okta_searches!("u.absent_since IS NULL"));
statement!(each MATCHED: Searches, in order = okta_searches!("u.absent_since IS NULL AND coalesce(m.state, 'okta_only') IN ('matched', 'pinned')"));
statement!(each OKTA_ONLY: Searches, in order = okta_searches!("u.absent_since IS NULL AND coalesce(m.state, 'okta_only') = 'okta_only'"));
statement!(each AMBIGUOUS: Searches, in order = okta_searches!("u.absent_since IS NULL AND coalesce(m.state, 'okta_only') = 'ambiguous'"));
statement!(each DEACTIVATED: Searches, in order = okta_searches!("u.absent_since IS NULL AND u.status = 'DEPROVISIONED'"));
statement!(each ORPHANED: Searches, in order =
    okta_searches!("u.absent_since IS NULL AND u.status = 'DEPROVISIONED' AND coalesce(j.active, 0) = 1"));
statement!(each ABSENT: Searches, in order = okta_searches!("u.absent_since IS NOT NULL"));
statement!(each JIRA_ONLY: Searches = jira_searches!("jira_alone", "'jira_only'"));
statement!(each JIRA_AMBIGUOUS: Searches = jira_searches!("jira_matches", "'ambiguous'"));

statement!(TIED, in order = tied_search!("1"));
statement!(TIED_DEACTIVATED, in order = tied_search!("u.status = 'DEPROVISIONED'"));
statement!(TIED_ORPHANED, in order = tied_search!("u.status = 'DEPROVISIONED' AND j.active = 1"));

fn statement(view: View, field: SearchField) -> &'static str {
    let [by_name, by_login, by_email, by_words] = match view {
        View::All => ALL,
        View::Matched => MATCHED,
        View::OktaOnly => OKTA_ONLY,
        View::Ambiguous => AMBIGUOUS,
        View::Deactivated => DEACTIVATED,
        View::Orphaned => ORPHANED,
        View::Absent => ABSENT,
        View::JiraOnly => JIRA_ONLY,
        View::JiraAmbiguous => JIRA_AMBIGUOUS,
    };
    match field {
        SearchField::Name | SearchField::InsideName => by_name,
        SearchField::Login | SearchField::InsideLogin => by_login,
        SearchField::Email | SearchField::InsideEmail => by_email,
        SearchField::Anywhere => by_words,
    }
}

/// Whether a view has Jira users only. The statements of all other views name indexes that may be missing until
/// something is published.
fn is_of_jira(view: View) -> bool {
    matches!(view, View::JiraOnly | View::JiraAmbiguous)
}

/// The statement for users that only Jira's words find. It exists for views with tied users, except Jira's own.
fn tied_statement(view: View) -> Option<&'static str> {
    match view {
        View::All | View::Matched => Some(TIED),
        View::Deactivated => Some(TIED_DEACTIVATED),
        View::Orphaned => Some(TIED_ORPHANED),
        View::OktaOnly | View::Ambiguous | View::Absent | View::JiraOnly | View::JiraAmbiguous => None,
    }
}

statement!(FOLD = "SELECT fold(?1), plain(?1)");

/// The text that a key must begin with and the text that it must contain. Every key contains the empty text.
fn range_and_part(conn: &Connection, field: SearchField, text: &str) -> Result<(String, String)> {
    let mut fold = conn.prepare_cached(FOLD)?;
    let (folded, plain) = fold.query_row([text], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    Ok(match field {
        SearchField::Name | SearchField::Login | SearchField::Email => (folded, String::new()),
        // A text that consists of accents alone is searched unchanged.
        SearchField::InsideName if !plain.is_empty() => (String::new(), plain),
        SearchField::InsideName
        | SearchField::InsideLogin
        | SearchField::InsideEmail
        | SearchField::Anywhere => (String::new(), folded),
    })
}

/// The beginning of a cursor among the users that only Jira's words find.
const BY_JIRA: &str = "jira:";

/// The users of a view whose field begins with `text`, or contains it, after the cursor of an earlier page. An empty
/// text returns all of them in the order of the field.
pub fn search(
    conn: &Connection,
    view: View,
    field: SearchField,
    text: &str,
    after: Option<&str>,
    limit: u64,
) -> Result<SearchPage> {
    let (prefix, inside) = range_and_part(conn, field, text)?;
    let after_tied = after.and_then(|cursor| cursor.strip_prefix(BY_JIRA));
    let mut page = SearchPage::default();
    if after_tied.is_none() {
        // No user has the number 0, so the first page begins before all users with exactly this key.
        let from = after.map_or(Ok((0, prefix.as_str())), parse_cursor)?;
        if is_of_jira(view) || org::get(conn)?.has_published() {
            // Words are found anywhere, so no key ends their search.
            let end = (field != SearchField::Anywhere).then(|| prefix_end(&prefix));
            page = walk(conn, statement(view, field), from, end, &inside, limit)?;
        }
    }
    // An empty search has no words, and every text contains them.
    let tied = tied_statement(view).filter(|_| field == SearchField::Anywhere && !inside.trim().is_empty());
    if let Some(sql) = tied.filter(|_| page.next.is_none()) {
        let from = after_tied.map_or(Ok((0, "")), parse_cursor)?;
        let left = limit - page.entries.len() as u64;
        let further = walk(conn, sql, from, None, &inside, left)?;
        page.entries.extend(further.entries);
        page.next = further.next.map(|cursor| format!("{BY_JIRA}{cursor}"));
    }
    Ok(page)
}

/// One page of a statement, after a number and a key. If the statement has an end, the keys before it are read.
fn walk(
    conn: &Connection,
    sql: &str,
    (number, key): (i64, &str),
    end: Option<Value>,
    inside: &str,
    limit: u64,
) -> Result<SearchPage> {
    let mut statement = conn.prepare_cached(sql)?;
    let limit_and_one = Count(limit.saturating_add(1));
    let mut parameters: Vec<(&str, &dyn ToSql)> = vec![
        (":key", &key),
        (":number", &number),
        (":inside", &inside),
        (":limit", &limit_and_one),
    ];
    parameters.extend(end.as_ref().map(|end| (":end", end as &dyn ToSql)));
    let mut rows = statement.query(&*parameters)?;
    let mut page = SearchPage::default();
    let mut last = (number, key.to_owned());
    while let Some(row) = rows.next()? {
        if page.entries.len() as u64 == limit {
            // The statement found one row more than `limit`, so there is a next page.
            page.next = Some(format!("{}:{}", last.0, last.1));
            break;
        }
        page.entries.push(row::read(row)?);
        last = (row.get(row::WIDTH + 1)?, row.get(row::WIDTH)?);
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::{JIRA_AMBIGUOUS, JIRA_ONLY};
    use crate::directory::tests::query_plans::goes_along_an_index_in_order;

    #[test]
    fn only_the_display_names_of_jira_users_are_sorted() {
        for [_, others @ ..] in [JIRA_ONLY, JIRA_AMBIGUOUS] {
            others.into_iter().for_each(goes_along_an_index_in_order);
        }
    }
}
