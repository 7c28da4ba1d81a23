//! Mistakes that people make in a file of Jira users, and the messages for them.

use super::*;

const HEADING: &str = "key,username,email,display_name,active\n";

fn users(text: &str) -> Vec<(String, String, bool)> {
    let read = parse(text).expect(text);
    let short = |user: JiraUser| (user.key, user.email, user.active);
    read.users.into_iter().map(short).collect()
}

fn user(key: &str, email: &str, active: bool) -> (String, String, bool) {
    (key.to_owned(), email.to_owned(), active)
}

#[test]
fn separators_and_words_of_every_program_are_read() {
    let expected = [user("K1", "a@x.org", true), user("K2", "b@x.org", false)];
    for text in [
        "key,username,email,display_name,active\nK1,a,a@x.org,A,true\nK2,b,b@x.org,B,false\n",
        "key;username;email;display_name;active\r\nK1;a;a@x.org;\"A, the first\";TRUE\r\nK2;b;b@x.org;B;FALSE",
        "key\tusername\temail\tdisplay_name\tactive\nK1\ta\ta@x.org\tA\tyes\nK2\tb\tb@x.org\tB\tno\n",
        "sep=;\nUser Key;User Name;E-Mail;Full Name;Active\nK1;a;a@x.org;A;1\nK2;b;b@x.org;B;0\n;;;;\n",
        "Active,Email Address,key,Name,Display Name,Extra\nYes, a@x.org ,K1,a,A,\nNo,b@x.org,K2,b,B,z\n",
    ] {
        assert_eq!(users(text), expected, "{text}");
    }
}

#[test]
fn an_empty_file_has_no_users_and_no_fault() {
    for text in ["", "\n\n", HEADING, ";;;\n"] {
        assert_eq!(parse(text), Ok(JiraFile::default()), "{text:?}");
    }
}

#[test]
fn line_column_and_finding_are_named() {
    for (rows, said) in [
        (
            "K1,a,,A,perhaps\n",
            "line 2, column 5 (active) must be true or false; found: `perhaps`",
        ),
        (
            "K1,a,,A,true\nK2,b,,B,\n",
            "line 3, column 5 (active) must be true or false; found: nothing",
        ),
        (
            "K1,a,,\"A\nB\",true\nK2,b,,B,a@x.org\n",
            "line 4, column 5 (active) must be true or false; found: a text of 7",
        ),
        ("K1,jane,,Jane,jane\n", "found: a text of 4 characters"),
        ("K1,a,,true\n", "line 2 has 4 cells where the heading has 5"),
        (
            "K1,a,,Doe, Jane,true\n",
            "line 2 has 6 cells where the heading has 5",
        ),
        (
            "K1,a,,\"A,true\nK2,b,,B,true\n",
            "quotation mark in line 2 that is never closed",
        ),
    ] {
        let error = parse(&format!("{HEADING}{rows}")).expect_err(rows);
        assert!(error.contains(said), "{error}");
        assert!(!error.contains("jane") && !error.contains("a@x.org"), "{error}");
    }
    let announced = "sep=,\n".to_owned() + HEADING + "K1,a,,A,perhaps\n";
    assert!(parse(&announced).expect_err("a bad word").contains("line 3"));
}

#[test]
fn users_without_a_key_are_passed_over_and_repeated_keys_reported() {
    let rows = "K1,a,,A,true\n,b,,B,true\nK1,c,c@x.org,C,false\nK2,d,,D,true\n";
    let read = parse(&format!("{HEADING}{rows}")).expect("users");
    assert_eq!(
        users(&format!("{HEADING}{rows}")),
        [user("K1", "c@x.org", false), user("K2", "", true)]
    );
    assert_eq!(
        read.warnings,
        [
            "has 1 user without a key, which was passed over: line 3",
            "has 1 user with the key of an earlier one; the last one counts: line 4 (as in 2)",
        ]
    );
    let many = format!("{HEADING}{}", ",x,,X,true\n".repeat(8));
    let warnings = parse(&many).expect("nobody").warnings;
    assert_eq!(
        warnings,
        ["has 8 users without a key, which were passed over: line 2, 3, 4, 5, 6 and 3 more"]
    );
}

#[test]
fn a_mark_inside_a_cell_is_only_a_letter() {
    let text = format!("{HEADING}K1,a,,5\" disk,true\nK2,b,,\"say \"\"x\"\"\",true\n");
    assert_eq!(users(&text).len(), 2);
}
