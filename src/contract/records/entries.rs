//! Okta users and Jira users, alone and as tied pairs.

use super::form::{RecordForm, field, fields, inner};
use crate::contract::columns::Column as C;
use crate::contract::page::{Cell, Page};
use crate::model::{Candidate, DirectoryEntry, JiraUser, OktaUser};

/// The fields that are read from a profile, in the order of [`OktaUser::NAMING`], then the name.
const NAMED: [(&str, C); OktaUser::NAMING.len() + 1] = [
    ("login", C::Login),
    ("email", C::Email),
    ("first_name", C::FirstName),
    ("last_name", C::LastName),
    ("display_name", C::DisplayName),
    ("name", C::ShownName),
];

/// An Okta user.
pub static OKTA_USER: RecordForm<OktaUser> = RecordForm {
    java: "OktaUser",
    about: "An Okta user. Members that Okta leaves out are null.",
    fields: &[
        field("id", C::OktaId, |user| (&user.id).into()),
        field("status", C::Status, |user| (&user.status).into()),
        field("type_id", C::TypeId, |user| user.type_id.as_ref().into()),
        field("realm_id", C::RealmId, |user| user.realm_id.as_ref().into()),
        field("created", C::Created, |user| user.created.into()),
        field("activated", C::Activated, |user| user.activated.into()),
        field("status_changed", C::StatusChanged, |user| {
            user.status_changed.into()
        }),
        field("last_login", C::LastLogin, |user| user.last_login.into()),
        field("last_updated", C::LastUpdated, |user| user.last_updated.into()),
        field("password_changed", C::PasswordChanged, |user| {
            user.password_changed.into()
        }),
        fields(&NAMED, |user, row| {
            // The profile is parsed once for all these fields.
            let texts = user.profile.texts(OktaUser::NAMING);
            let name = user.name(&texts);
            row.extend(texts.map(Cell::from));
            row.push(Some(name).into());
        }),
        field("profile_json", C::Profile, |user| user.profile.as_json().into()),
    ],
};

/// A Jira user.
pub static JIRA_USER: RecordForm<JiraUser> = RecordForm {
    java: "JiraUser",
    about: "A user of Jira.",
    fields: &[
        field("key", C::JiraKey, |user| (&user.key).into()),
        field("username", C::JiraUsername, |user| (&user.username).into()),
        field("email", C::JiraEmail, |user| (&user.email).into()),
        field("display_name", C::JiraDisplayName, |user| {
            (&user.display_name).into()
        }),
        field("active", C::JiraActive, |user| user.active.into()),
    ],
};

/// An entry of the directory.
pub static ENTRY: RecordForm<DirectoryEntry> = RecordForm {
    java: "DirectoryEntry",
    about: "One entry of the directory: an Okta user, a Jira user, or both if they are tied.",
    fields: &[
        inner("okta", &OKTA_USER, |entry, row| {
            OKTA_USER.push(entry.okta.as_ref(), row)
        }),
        inner("jira", &JIRA_USER, |entry, row| {
            JIRA_USER.push(entry.jira.as_ref(), row)
        }),
        field("state", C::MatchState, |entry| entry.state.into()),
        field("rule", C::MatchRule, |entry| (&entry.rule).into()),
        field("value", C::MatchValue, |entry| (&entry.value).into()),
        field("absent_since", C::AbsentSince, |entry| entry.absent_since.into()),
        field("cursor", C::Cursor, |entry| entry.cursor.into()),
    ],
};

const NOTHING: fn(&Candidate) -> Cell<'_> = |_| Cell::Null;

/// A candidate in the columns of an entry. The state is that of the candidate.
static CANDIDATE: RecordForm<Candidate> = RecordForm {
    java: "DirectoryEntry",
    about: "A user of the other side that has the same value as the given user and is not tied to it.",
    fields: &[
        inner("okta", &OKTA_USER, |candidate, row| {
            OKTA_USER.push(candidate.okta.as_ref(), row)
        }),
        inner("jira", &JIRA_USER, |candidate, row| {
            JIRA_USER.push(candidate.jira.as_ref(), row)
        }),
        field("state", C::MatchState, |candidate| candidate.state.into()),
        field("rule", C::MatchRule, |candidate| (&candidate.rule).into()),
        field("value", C::MatchValue, |candidate| (&candidate.value).into()),
        field("absent_since", C::AbsentSince, NOTHING),
        field("cursor", C::Cursor, NOTHING),
    ],
};

/// Directory entries. `next` is the cursor with which a search continues.
pub fn entries(entries: &[DirectoryEntry], next: Option<&str>) -> Page {
    ENTRY.listing(entries, next)
}

/// Candidates of a user.
pub fn candidates(candidates: &[Candidate]) -> Page {
    CANDIDATE.listing(candidates, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_stand_in_the_columns_of_entries() {
        assert_eq!(CANDIDATE.columns(), ENTRY.columns());
    }
}
