//! Searches by a prefix: which users they find in which view, and that the pages together return each user exactly
//! once.

use crate::contract::errors::ErrorCode;
use crate::directory::entries;
use crate::directory::tests::reading::{in_every_view, okta_id};
use crate::directory::tests::{Fixture, fold, jira, json, user_with};
use crate::model::{DirectoryEntry, OktaUser, SearchField, View};

fn named(id: &str, attributes: &[(&str, &str)]) -> OktaUser {
    let attributes: Vec<(&str, String)> = attributes
        .iter()
        .map(|(name, text)| (*name, json(text)))
        .collect();
    let attributes: Vec<(&str, &str)> = attributes
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    user_with(id, &attributes)
}

/// Reads all pages of a search.
fn search_pages(
    fixture: &Fixture,
    view: View,
    field: SearchField,
    prefix: &str,
    limit: u64,
) -> Vec<DirectoryEntry> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = fixture.read(|conn| entries::search(conn, view, field, prefix, after.as_deref(), limit));
        assert!(page.entries.len() as u64 <= limit);
        let is_empty = page.entries.is_empty();
        found.extend(page.entries);
        after = page.next;
        if after.is_none() {
            return found;
        }
        assert!(!is_empty, "a page that promises more holds something");
    }
}

/// The ids of the Okta users that a search finds.
pub(super) fn search_all(
    fixture: &Fixture,
    view: View,
    field: SearchField,
    prefix: &str,
    limit: u64,
) -> Vec<String> {
    let found = search_pages(fixture, view, field, prefix, limit);
    found.iter().map(okta_id).collect()
}

#[test]
fn a_search_goes_by_the_folded_beginning_of_a_field() {
    let fixture = Fixture::new();
    fixture.sync(
        &[
            named(
                "1",
                &[
                    ("displayName", "Smith, Jane"),
                    ("login", "jane@x"),
                    ("email", "j@a"),
                ],
            ),
            named(
                "2",
                &[("firstName", "smith"), ("lastName", "Adam"), ("login", "adam@x")],
            ),
            named(
                "3",
                &[("displayName", "  "), ("firstName", "Smithers"), ("email", "J@B")],
            ),
            named("4", &[("displayName", "Šmíd")]),
            named("5", &[("displayName", "100% Smith_")]),
            named("6", &[("displayName", "\u{10FFFF}last")]),
            named("7", &[]),
        ],
        1,
    );
    for (field, prefix, found) in [
        (SearchField::Name, "smith", vec!["2", "1", "3"]),
        (SearchField::Name, " SMITH ", vec!["2", "1", "3"]),
        (SearchField::Name, "Smith,", vec!["1"]),
        (SearchField::Name, "šm", vec!["4"]),
        (SearchField::Name, "100%", vec!["5"]),
        (SearchField::Name, "%", vec![]),
        (SearchField::Name, "s_ith", vec![]),
        (SearchField::Name, "\u{10FFFF}", vec!["6"]),
        (SearchField::Name, "", vec!["7", "5", "2", "1", "3", "4", "6"]),
        (SearchField::Login, "A", vec!["2"]),
        (SearchField::Email, "j@", vec!["1", "3"]),
        (SearchField::InsideName, "jane", vec!["1"]),
        (SearchField::InsideName, " ADAM", vec!["2"]),
        (SearchField::InsideName, "smith", vec!["5", "2", "1", "3"]),
        (SearchField::InsideName, "%", vec!["5"]),
        (SearchField::InsideName, "nobody", vec![]),
        (SearchField::InsideLogin, "@X", vec!["2", "1"]),
        (SearchField::InsideEmail, "@b", vec!["3"]),
    ] {
        for limit in [1, 2, 100] {
            assert_eq!(
                search_all(&fixture, View::All, field, prefix, limit),
                found,
                "{field:?} {prefix}"
            );
        }
    }
    for cursor in ["", "nonsense", ":"] {
        let outcome = fixture
            .directory
            .read(|conn| entries::search(conn, View::All, SearchField::Name, "s", Some(cursor), 1));
        assert_eq!(outcome.expect_err(cursor).code(), ErrorCode::InvalidArgument);
    }
}

#[test]
fn a_search_goes_on_after_a_user_who_is_gone_or_renamed() {
    let fixture = Fixture::new();
    let names = ["anna", "berta", "clara", "dora"];
    let users: Vec<_> = names
        .iter()
        .map(|name| named(name, &[("displayName", name)]))
        .collect();
    fixture.sync(&users, 1);
    let first = fixture.read(|conn| entries::search(conn, View::All, SearchField::Name, "", None, 2));
    assert_eq!(
        first.entries.iter().map(okta_id).collect::<Vec<_>>(),
        ["anna", "berta"]
    );
    let renamed = [
        users[0].clone(),
        named("berta", &[("displayName", "zoe")]),
        users[2].clone(),
        users[3].clone(),
    ];
    fixture.sync(&renamed, 2);
    let second = fixture
        .read(|conn| entries::search(conn, View::All, SearchField::Name, "", first.next.as_deref(), 2));
    assert_eq!(
        second.entries.iter().map(okta_id).collect::<Vec<_>>(),
        ["clara", "dora"]
    );
    fixture.sync(&[users[0].clone(), users[2].clone(), users[3].clone()], 3);
    let second = fixture
        .read(|conn| entries::search(conn, View::All, SearchField::Name, "", first.next.as_deref(), 2));
    assert_eq!(
        second.entries.iter().map(okta_id).collect::<Vec<_>>(),
        ["clara", "dora"]
    );
    assert_eq!(second.next, None);
}

/// The text that a search in this view compares.
fn key(entry: &DirectoryEntry, view: View, field: SearchField) -> String {
    let text = if matches!(view, View::JiraOnly | View::JiraAmbiguous) {
        let jira = entry.jira.clone().expect("a Jira user");
        match field {
            SearchField::Name | SearchField::InsideName => jira.display_name,
            SearchField::Login | SearchField::InsideLogin | SearchField::Anywhere => jira.username,
            SearchField::Email | SearchField::InsideEmail => jira.email,
        }
    } else {
        let okta = entry.okta.as_ref().expect("an Okta user");
        let name = match field {
            SearchField::Name | SearchField::InsideName | SearchField::Anywhere => "displayName",
            SearchField::Login | SearchField::InsideLogin => "login",
            SearchField::Email | SearchField::InsideEmail => "email",
        };
        okta.profile.text(name).unwrap_or_default()
    };
    fold(&text)
}

#[test]
fn a_search_stays_within_its_view() {
    let fixture = in_every_view();
    for view in View::ALL {
        let whole = fixture.list(view);
        for field in [SearchField::Name, SearchField::Login, SearchField::Email] {
            for prefix in ["", "U", "u1", "j4", "T@", "nobody"] {
                let wanted = |entry: &&DirectoryEntry| key(entry, view, field).starts_with(&fold(prefix));
                let mut expected: Vec<_> = whole.iter().filter(wanted).cloned().collect();
                expected.sort_by_key(|entry| (key(entry, view, field), entry.cursor));
                for limit in [1, 3, 100] {
                    let found = search_pages(&fixture, view, field, prefix, limit);
                    assert_eq!(found, expected, "{view:?} {field:?} {prefix:?} {limit}");
                }
            }
        }
        for field in [
            SearchField::InsideName,
            SearchField::InsideLogin,
            SearchField::InsideEmail,
        ] {
            for part in ["", "1", "4", "T@", "nobody"] {
                let wanted = |entry: &&DirectoryEntry| key(entry, view, field).contains(&fold(part));
                let mut expected: Vec<_> = whole.iter().filter(wanted).cloned().collect();
                expected.sort_by_key(|entry| (key(entry, view, field), entry.cursor));
                let found = search_pages(&fixture, view, field, part, 2);
                assert_eq!(found, expected, "{view:?} {field:?} {part:?}");
            }
        }
    }
}

#[test]
fn a_part_of_a_name_is_found_wherever_the_profile_has_it_and_without_accents() {
    let fixture = Fixture::new();
    let nick = [
        ("displayName", "Sam"),
        ("firstName", "Samuel"),
        ("lastName", "O\u{301}rsted"),
    ];
    let users = [
        named("1", &nick),
        named("2", &[("displayName", "José García"), ("lastName", "García")]),
        named("3", &[("displayName", "Jose Garcia")]),
        named(
            "4",
            &[
                ("displayName", "boss"),
                ("firstName", "Łucja"),
                ("lastName", "Weiß"),
            ],
        ),
    ];
    fixture.sync(&users, 1);
    let find = |text: &str| search_all(&fixture, View::All, SearchField::InsideName, text, 1);
    for (text, found) in [
        ("orsted", vec!["1"]),
        ("ÓRST", vec!["1"]),
        ("samuel orsted", vec!["1"]),
        ("sam", vec!["1"]),
        ("garcia", vec!["3", "2"]),
        (" GARCÍA", vec!["3", "2"]),
        ("josé g", vec!["3", "2"]),
        ("lucja", vec!["4"]),
        ("WEISS", vec!["4"]),
        ("boss weiss", vec![]),
        ("\u{301}", vec![]),
    ] {
        assert_eq!(find(text), found, "{text}");
    }
    // A changed user is found by its present name.
    let married = named(
        "1",
        &[
            ("displayName", "Sam"),
            ("firstName", "Samuel"),
            ("lastName", "Muñoz"),
        ],
    );
    fixture.sync(
        &[married, users[1].clone(), users[2].clone(), users[3].clone()],
        2,
    );
    assert_eq!(
        search_all(&fixture, View::All, SearchField::InsideName, "munoz", 1),
        ["1"]
    );
    assert!(search_all(&fixture, View::All, SearchField::InsideName, "orsted", 1).is_empty());
}

#[test]
fn words_are_found_anywhere_in_what_okta_and_jira_call_a_user() {
    let fixture = Fixture::new();
    let mut nicked = jira("J1", "jsm", "jane@old.example");
    nicked.display_name = "Jane Müller".to_owned();
    let mut alone = jira("J2", "smithy", "smithy@example.com");
    alone.display_name = "Zoë Smith".to_owned();
    fixture.set_jira_users(&[nicked, alone]);
    let of = |id: &str, name: &str, login: &str, email: &str| {
        named(
            id,
            &[
                ("displayName", name),
                ("lastName", name),
                ("login", login),
                ("email", email),
            ],
        )
    };
    let users = [
        of("1", "Smith, Jane", "jane@example.com", "jane@example.com"),
        of("2", "Adam Smith", "adam@example.com", "a.smith@other.example"),
        of("3", "José García", "jg@example.com", ""),
        of("4", "Eve", "eve@smithsonian.example", ""),
    ];
    fixture.sync(&users, 1);
    fixture.pin("1", "J1");
    for (view, text, found) in [
        (View::All, "smith", vec!["2", "4", "1"]),
        (View::All, " JANE  smith ", vec!["1"]),
        (View::All, "smith jane", vec!["1"]),
        (View::All, "adam other", vec!["2"]),
        (View::All, "garcia jg", vec!["3"]),
        (View::All, "GARCÍA", vec!["3"]),
        // Users that only Jira's words find come last, and the words are never divided between the two texts.
        (View::All, "jsm", vec!["1"]),
        (View::All, "muller", vec!["1"]),
        (View::All, "jsm smith", vec![]),
        (View::All, "m", vec!["2", "4", "3", "1"]),
        (View::Matched, "old.example", vec!["1"]),
        (View::OktaOnly, "jsm", vec![]),
        (View::All, "nobody", vec![]),
        (View::All, "", vec!["2", "4", "3", "1"]),
    ] {
        for limit in [1, 2, 100] {
            assert_eq!(
                search_all(&fixture, view, SearchField::Anywhere, text, limit),
                found,
                "{view:?} {text:?} {limit}"
            );
        }
    }
    let in_jira = |text: &str| {
        let found = search_pages(&fixture, View::JiraOnly, SearchField::Anywhere, text, 1);
        found
            .into_iter()
            .filter_map(|entry| entry.jira)
            .map(|user| user.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(in_jira("zoe smithy@"), ["J2"]);
    assert!(in_jira("jsm").is_empty());
}
