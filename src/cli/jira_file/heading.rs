//! The heading of a Jira users file: which character separates its cells, and which column holds what.

use okta_profiles::spelling::quoted;

/// The columns of a Jira user, and the names that exports and databases give them. Blanks, case and punctuation do not
/// matter.
pub const COLUMNS: [(&str, &[&str]); 5] = [
    ("key", &["key", "userkey", "jirakey", "jirauserkey"]),
    (
        "username",
        &[
            "username",
            "login",
            "loginname",
            "jirausername",
            "lowerusername",
            "name",
            "user",
        ],
    ),
    ("email", &["email", "emailaddress", "mail", "jiraemail"]),
    ("display_name", &["displayname", "fullname", "jiradisplayname"]),
    (
        "active",
        &["active", "isactive", "jiraactive", "enabled", "status"],
    ),
];

const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// Where each of [`COLUMNS`] stands.
pub type Places = [usize; COLUMNS.len()];

/// The separator that a first line `sep=;` announces, as spreadsheets write it, and the text behind that line.
pub fn announced(text: &str) -> Option<(char, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let mut announced = line.trim_end_matches('\r').strip_prefix("sep=")?.chars();
    match (announced.next(), announced.next()) {
        (Some(separator), None) if separator.is_ascii() => Some((separator, rest)),
        _ => None,
    }
}

/// The separator that the heading uses most.
pub fn separator(text: &str) -> char {
    let line = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let uses = |separator: char| line.matches(separator).count();
    // If several are equally frequent, the first one wins.
    let most = SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|separator| uses(*separator));
    most.unwrap_or(',')
}

/// Finds the columns by their names.
pub fn places(heading: &[&str]) -> Result<Places, String> {
    let found: Vec<Result<usize, Vec<usize>>> =
        COLUMNS.iter().map(|(_, names)| place(heading, names)).collect();
    if !found.iter().any(Result::is_ok) {
        return Err(no_heading(heading.len()));
    }
    let mut places = Places::default();
    for (number, place) in found.into_iter().enumerate() {
        places[number] = place.map_err(|several| problem(number, &several, heading))?;
    }
    Ok(places)
}

/// The one column with the best of the names; if several have it, all of them.
fn place(heading: &[&str], names: &[&str]) -> Result<usize, Vec<usize>> {
    for name in names {
        let having = heading
            .iter()
            .enumerate()
            .filter(|(_, cell)| plain(cell) == *name);
        let places: Vec<usize> = having.map(|(place, _)| place).collect();
        match places.as_slice() {
            [] => {}
            [only] => return Ok(*only),
            _ => return Err(places),
        }
    }
    Err(Vec::new())
}

fn plain(cell: &str) -> String {
    let letters = cell.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn problem(number: usize, several: &[usize], heading: &[&str]) -> String {
    let (name, names) = COLUMNS[number];
    if let [first, second, ..] = several {
        return format!(
            "line 1 has two columns for {name}: column {} and column {}; remove one",
            first + 1,
            second + 1
        );
    }
    let found: Vec<String> = heading.iter().map(|cell| quoted(cell)).collect();
    format!(
        "line 1 has no column {name} (other names for it: {}); found: {}",
        names[1..].join(", "),
        found.join(", ")
    )
}

/// The first line may be a user: its cells stay out of the message.
fn no_heading(cells: usize) -> String {
    format!(
        "line 1 is no heading: none of its {cells} cells names a column. The first line must be: \
         key,username,email,display_name,active"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_usual_names_in_any_order() {
        for (heading, expected) in [
            (
                &["key", "username", "email", "display_name", "active"][..],
                [0, 1, 2, 3, 4],
            ),
            (
                &["User Key", "User Name", "E-Mail", "Full name", "Active"],
                [0, 1, 2, 3, 4],
            ),
            (
                &["active", "emailAddress", "name", "displayName", "key", "self"],
                [4, 2, 1, 3, 0],
            ),
            (
                &["username", "name", "user_key", "mail", "displayname", "is active"],
                [2, 0, 3, 4, 5],
            ),
        ] {
            assert_eq!(places(heading), Ok(expected), "{heading:?}");
        }
    }

    #[test]
    fn what_is_missing_or_doubled_is_named() {
        let error = places(&["key", "username", "Telefon", "full name", "active"]).expect_err("no e-mail");
        assert!(
            error.contains("no column email") && error.contains("`Telefon`"),
            "{error}"
        );
        let error = places(&["key", "email", "username", "E-Mail", "full name", "active"]).expect_err("two");
        assert!(error.contains("column 2 and column 4"), "{error}");
        let error = places(&["K1", "jane", "jane@example.com", "Jane", "true"]).expect_err("a user");
        assert!(error.contains("no heading") && !error.contains("jane"), "{error}");
    }

    #[test]
    fn the_separator_is_the_one_of_the_heading() {
        assert_eq!(separator("key;username;email\n1,2,3,4"), ';');
        assert_eq!(separator("\n\nkey\tusername\n"), '\t');
        assert_eq!(separator("key"), ',');
        assert_eq!(announced("sep=;\r\nkey;x"), Some((';', "key;x")));
        assert_eq!(announced("key,x\n"), None);
    }
}
