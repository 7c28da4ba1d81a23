//! Users of both sides as rows.

use super::cells::{time, truth};
use crate::contract::columns::Column as C;
use crate::ffi::page::{Cell, Page};
use crate::model::{Candidate, DirectoryEntry, JiraUser, OktaUser};

pub(super) const ENTRY: &[C] = &[
    C::OktaId,
    C::Status,
    C::TypeId,
    C::RealmId,
    C::Created,
    C::Activated,
    C::StatusChanged,
    C::LastLogin,
    C::LastUpdated,
    C::PasswordChanged,
    C::Login,
    C::Email,
    C::FirstName,
    C::LastName,
    C::DisplayName,
    C::Profile,
    C::AbsentSince,
    C::JiraKey,
    C::JiraUsername,
    C::JiraEmail,
    C::JiraDisplayName,
    C::JiraActive,
    C::MatchState,
    C::MatchRule,
    C::MatchValue,
    C::Cursor,
    C::SearchCursor,
];

/// Directory entries. `next` is where a search goes on; it stands on the last row.
pub fn entries(entries: &[DirectoryEntry], next: Option<&str>) -> Page {
    let mut page = Page::new(ENTRY);
    for (index, entry) in entries.iter().enumerate() {
        let last = index + 1 == entries.len();
        page.push(entry_cells(entry, next.filter(|_| last)));
    }
    page
}

pub(super) fn entry_cells(entry: &DirectoryEntry, next: Option<&str>) -> Vec<Cell> {
    let mut row = okta_cells(entry.okta.as_ref());
    row.push(time(entry.absent_since));
    row.extend(jira_cells(entry.jira.as_ref()));
    row.extend([
        Cell::text(entry.state.name()),
        Cell::text(&entry.rule),
        Cell::text(&entry.value),
    ]);
    row.extend([Cell::Integer(entry.cursor), Cell::optional_text(next)]);
    row
}

/// Candidates of a user, in the columns of entries; the state is the candidate's own.
pub fn candidates(candidates: &[Candidate]) -> Page {
    let mut page = Page::new(ENTRY);
    for candidate in candidates {
        let mut row = okta_cells(candidate.okta.as_ref());
        row.push(Cell::Null);
        row.extend(jira_cells(candidate.jira.as_ref()));
        row.extend([
            Cell::text(candidate.state.name()),
            Cell::text(&candidate.rule),
            Cell::text(&candidate.value),
        ]);
        row.extend([Cell::Null, Cell::Null]);
        page.push(row);
    }
    page
}

fn okta_cells(user: Option<&OktaUser>) -> Vec<Cell> {
    let Some(user) = user else {
        return vec![Cell::Null; 16];
    };
    let named = user
        .profile
        .texts(["login", "email", "firstName", "lastName", "displayName"]);
    let [login, email, first, last, display] = named.map(|text| Cell::optional_text(text.as_deref()));
    vec![
        Cell::text(&user.id),
        Cell::text(&user.status),
        Cell::optional_text(user.type_id.as_deref()),
        Cell::optional_text(user.realm_id.as_deref()),
        time(user.created),
        time(user.activated),
        time(user.status_changed),
        time(user.last_login),
        time(user.last_updated),
        time(user.password_changed),
        login,
        email,
        first,
        last,
        display,
        Cell::text(user.profile.as_json()),
    ]
}

fn jira_cells(user: Option<&JiraUser>) -> Vec<Cell> {
    let Some(user) = user else {
        return vec![Cell::Null; 5];
    };
    vec![
        Cell::text(&user.key),
        Cell::text(&user.username),
        Cell::text(&user.email),
        Cell::text(&user.display_name),
        truth(user.active),
    ]
}
