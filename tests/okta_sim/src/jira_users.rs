//! The users of a Jira that belongs to the org. Most match, some match only by a weak rule, some do not match.
//!
//! Each row says which of these it is. That helps readers and tests; the engine never sees it.

use crate::population::OrgSpec;
use crate::population::draw::{Topic, mix};
use crate::population::profile;

/// A row of Jira's user directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JiraUserRow {
    /// Jira's stable key, `JIRAUSER10000`.
    pub key: String,
    /// The login name. Its case may differ from Okta's, and it may have blanks around it.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// The full name.
    pub display_name: String,
    /// Whether the user may log in.
    pub active: bool,
    /// How the row should match.
    pub expected: MatchClass,
    /// The Okta user it was made from, for the classes that match exactly one.
    pub okta_index: Option<u32>,
}

/// How a Jira user relates to the Okta users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatchClass {
    /// The username is the login, perhaps in another case or with blanks around.
    Login,
    /// Only the e-mail address matches, and it is unique on both sides.
    Email,
    /// Only the part of the login before the `@` is the username.
    LoginLocalPart,
    /// Only `employeeNumber` is the username.
    EmployeeNumber,
    /// Several candidates: several Okta users or several Jira users have the address, or two logins have the same
    /// local part.
    Ambiguous,
    /// No Okta user matches it.
    JiraOnly,
}

/// Makes `count` Jira users for the org; `count` may differ from the number of Okta users.
pub fn jira_users(spec: &OrgSpec, count: u32) -> Vec<JiraUserRow> {
    (0..count).map(|row| jira_user(spec, count, row)).collect()
}

fn jira_user(spec: &OrgSpec, count: u32, row: u32) -> JiraUserRow {
    let user = JiraUserRow {
        key: format!("JIRAUSER{}", 10_000 + row),
        username: format!("local{row}"),
        email: format!("jira.user{row}@jira.example"),
        display_name: format!("Local User {row}"),
        active: !mix(spec.seed, Topic::Jira as u64, u64::from(row) | 1 << 40).is_multiple_of(20),
        expected: MatchClass::JiraOnly,
        okta_index: None,
    };
    if row % 50 >= 48 {
        return twin_of_email(spec, count, row, user);
    }
    match origin(spec, count, row) {
        Some(index) => derived(spec, index, row, user),
        None => user,
    }
}

/// The Okta user that a row is made from. They are spread over the org, and each is used at most once.
fn origin(spec: &OrgSpec, count: u32, row: u32) -> Option<u32> {
    if count > spec.users {
        return (row < spec.users).then_some(row);
    }
    let spread = u64::from(row) * u64::from(spec.users) / u64::from(count);
    u32::try_from(spread).ok()
}

/// Two neighbouring rows with the address of one Okta user, which is ambiguous on Jira's side.
fn twin_of_email(spec: &OrgSpec, count: u32, row: u32, mut user: JiraUserRow) -> JiraUserRow {
    let first = row / 50 * 50 + 48;
    let both = first + 1 < count;
    let index = origin(spec, count, first);
    let index = index.filter(|&index| both && !profile::shares_email(index, spec.users));
    if let Some(index) = index {
        user.username = format!("twin{row}");
        user.email = profile::email(index);
        user.expected = MatchClass::Ambiguous;
    }
    user
}

fn derived(spec: &OrgSpec, index: u32, row: u32, user: JiraUserRow) -> JiraUserRow {
    let login = profile::login(index);
    let shared = profile::shares_email(index, spec.users);
    let number = profile::employee_number(spec.seed, index);
    let named = JiraUserRow {
        display_name: profile::full_name(spec.seed, index),
        okta_index: Some(index),
        ..user.clone()
    };
    match (mix(spec.seed, Topic::Jira as u64, u64::from(row)) % 100, number) {
        (71..79, _) if !shared => JiraUserRow {
            username: format!("jdoe{row}"),
            email: profile::email(index).to_lowercase(),
            expected: MatchClass::Email,
            ..named
        },
        (79..85, _) => by_local_part(spec, index, &login, named),
        (85..90, Some(number)) => JiraUserRow {
            username: number,
            expected: MatchClass::EmployeeNumber,
            ..named
        },
        (90..93, _) => by_shared_email(spec, index, row, user),
        (93..100, _) => user,
        (draw, _) => JiraUserRow {
            username: match draw {
                62..68 => login.to_uppercase(),
                68..71 => format!("  {login}\t"),
                _ => login,
            },
            // Users who share an address in Okta get an address of their own in Jira.
            email: if shared {
                named.email
            } else {
                profile::email(index)
            },
            expected: MatchClass::Login,
            ..named
        },
    }
}

fn by_local_part(spec: &OrgSpec, index: u32, login: &str, named: JiraUserRow) -> JiraUserRow {
    let local = login.split('@').next().unwrap_or_default().to_lowercase();
    let namesakes = match index % 200 {
        149 => index + 1 < spec.users,
        150 => true,
        _ => false,
    };
    JiraUserRow {
        username: local,
        expected: if namesakes {
            MatchClass::Ambiguous
        } else {
            MatchClass::LoginLocalPart
        },
        okta_index: (!namesakes).then_some(index),
        ..named
    }
}

/// Uses the address that two or three neighbouring Okta users share.
fn by_shared_email(spec: &OrgSpec, index: u32, row: u32, user: JiraUserRow) -> JiraUserRow {
    let owner = index / 80 * 80 + 10;
    if owner + 1 >= spec.users {
        return user;
    }
    JiraUserRow {
        username: format!("shared{row}"),
        email: profile::email(owner),
        expected: MatchClass::Ambiguous,
        ..user
    }
}

/// The rows as CSV with the header `key,username,email,display_name,active`.
pub fn jira_users_csv(rows: &[JiraUserRow]) -> String {
    let mut csv = String::from("key,username,email,display_name,active\n");
    for row in rows {
        let fields = [&row.key, &row.username, &row.email, &row.display_name];
        for field in fields {
            csv.push('"');
            csv.push_str(&field.replace('"', "\"\""));
            csv.push_str("\",");
        }
        csv.push_str(if row.active { "true\n" } else { "false\n" });
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn by_class(users: u32, count: u32) -> HashMap<MatchClass, usize> {
        let spec = OrgSpec {
            users,
            ..OrgSpec::default()
        };
        let mut classes = HashMap::new();
        for row in jira_users(&spec, count) {
            *classes.entry(row.expected).or_default() += 1;
        }
        classes
    }

    #[test]
    fn every_class_occurs_with_fewer_and_with_more_jira_users() {
        for (users, count) in [(5_000, 4_000), (1_000, 3_000), (1_000, 1_000)] {
            let classes = by_class(users, count);
            assert_eq!(classes.len(), 6, "{users} {count}: {classes:?}");
            assert_eq!(classes.values().sum::<usize>(), count as usize);
        }
        assert_eq!(by_class(0, 10), HashMap::from([(MatchClass::JiraOnly, 10)]));
    }

    #[test]
    fn each_okta_user_is_meant_once_at_most() {
        let spec = OrgSpec {
            users: 3_000,
            ..OrgSpec::default()
        };
        let rows = jira_users(&spec, 2_500);
        let mut meant: Vec<u32> = rows.iter().filter_map(|row| row.okta_index).collect();
        let all = meant.len();
        meant.sort_unstable();
        meant.dedup();
        assert_eq!(meant.len(), all);
        assert_eq!(rows, jira_users(&spec, 2_500));
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        let spec = OrgSpec {
            users: 2_000,
            ..OrgSpec::default()
        };
        let rows = jira_users(&spec, 2_000);
        let csv = jira_users_csv(&rows);
        assert!(csv.starts_with("key,username,email,display_name,active\n"));
        assert!(csv.contains("\"\"Nina\"\""));
    }
}
