//! Finds the known name that the writer of an unknown one may have meant.

/// The known name that is nearest to `word`. It may have at most one mistake in three letters; case does not count.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = letters(word);
    known
        .into_iter()
        .map(|name| (slips(&word, &letters(name)), name))
        .filter(|(slips, name)| *slips <= word.len().min(name.chars().count()).div_ceil(3))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, name)| name)
}

/// `; did you mean …?`, or an empty text if no known name is near.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    closest(word, known).map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}

/// A word that a person wrote, for use in a message: shortened, and without characters that disturb a terminal.
pub fn quoted(word: &str) -> String {
    let shown: String = word
        .chars()
        .filter(|letter| !letter.is_control())
        .take(60)
        .collect();
    let cut = if word.chars().count() > 60 { "…" } else { "" };
    format!("`{shown}{cut}`")
}

/// Nobody writes a longer name by hand, and the cost for a longer text stays bounded.
const LONGEST: usize = 100;

fn letters(word: &str) -> Vec<char> {
    word.chars().take(LONGEST).flat_map(char::to_lowercase).collect()
}

/// How many letters were added, left out, replaced or swapped with their neighbour (optimal string alignment).
fn slips(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != other);
            let mut least = replaced.min(last[column + 1] + 1).min(next[column] + 1);
            let swapped = row > 0 && column > 0 && from[row - 1] == *other && *letter == to[column - 1];
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let known = ["department", "costCenter", "manager", "groups.sync"];
        for (word, meant) in [
            ("departmnt", Some("department")),
            ("Department", Some("department")),
            ("costcentre", Some("costCenter")),
            ("groups.snyc", Some("groups.sync")),
            ("group.sync", Some("groups.sync")),
            ("shoeSize", None),
            ("", None),
        ] {
            assert_eq!(closest(word, known), meant, "{word}");
        }
        assert_eq!(did_you_mean("managr", known), "; did you mean `manager`?");
        assert_eq!(did_you_mean("zzz", known), "");
    }

    #[test]
    fn slips_are_counted_as_people_make_them() {
        let count = |from: &str, to: &str| slips(&letters(from), &letters(to));
        assert_eq!(count("abc", "abc"), 0);
        assert_eq!(count("abc", "acb"), 1);
        assert_eq!(count("abc", "ab"), 1);
        assert_eq!(count("", "abc"), 3);
        assert_eq!(count("kitten", "sitting"), 3);
    }

    #[test]
    fn what_was_written_is_shown_short_and_harmless() {
        assert_eq!(quoted("a\u{1b}[31mb"), "`a[31mb`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 63);
    }
}
