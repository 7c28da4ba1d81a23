//! The JSON path of a profile attribute, for any name an attribute may have.
//!
//! A name reaches SQL only as a bound path, and inside the path only quoted.

/// The path of the attribute `name` in a profile, such as `$."employeeNumber"`.
///
/// The quoted part is written as JSON writes the key, so dots, brackets, quotes and backslashes in
/// a name are plain letters and not path syntax.
pub(in crate::directory) fn of(name: &str) -> String {
    format!("$.{}", serde_json::Value::from(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_finds_its_own_value_and_no_other() {
        let connection = rusqlite::Connection::open_in_memory().expect("open");
        let names = [
            "employeeNumber",
            "a.b",
            "a",
            "b",
            "[0]",
            "$",
            "$.a",
            "with \"quotes\"",
            "back\\slash",
            "\\",
            "\"",
            "naïve",
            "名前",
            "😀",
            "new\nline",
            "tab\t",
            "",
            "a\"].b",
            "%",
            "'; DROP TABLE users; --",
            "#-1",
            "\u{1}",
        ];
        let profile: serde_json::Map<_, _> = names
            .iter()
            .map(|name| ((*name).to_owned(), format!("value of {name}").into()))
            .collect();
        let profile = serde_json::Value::from(profile).to_string();
        for name in names {
            let value: Option<String> = connection
                .query_row("SELECT ?1 ->> ?2", [profile.as_str(), &of(name)], |row| {
                    row.get(0)
                })
                .expect(name);
            assert_eq!(value, Some(format!("value of {name}")), "{name}");
            let other: Option<String> = connection
                .query_row("SELECT ?1 ->> ?2", ["{\"other\":1}", &of(name)], |row| row.get(0))
                .expect(name);
            assert_eq!(other, None, "{name}");
        }
    }
}
