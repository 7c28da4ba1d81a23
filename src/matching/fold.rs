//! Decides when two texts are the same: after Unicode case folding, with blanks at both ends cut off, and nothing
//! else.
//!
//! There is no normalisation, no removal of accents or dots, and no rule for a language. Two users whose names
//! differ by more than case are two users. The invariant: folding a folded text changes nothing.

use icu_casemap::CaseMapper;

/// Folds a text for comparing. Blanks are all characters that Unicode calls white space.
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    CaseMapper::new().fold_string(text).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_blanks_do_not_count_and_everything_else_does() {
        for (one, other) in [
            ("Alice@Example.COM", "alice@example.com"),
            ("\t alice \u{A0}\u{2003}", "alice"),
            ("STRASSE", "straße"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("ÅSA", "åsa"),
            ("ﬃ", "FFI"),
            ("", " \u{3000}\n"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        for (one, other) in [
            ("alice", "alicé"),
            ("al ice", "alice"),
            ("a.lice", "alice"),
            // Turkish: neither dotted capital nor dotless small letter is the Latin i.
            ("İstanbul", "istanbul"),
            ("ıstanbul", "istanbul"),
            // Composed and decomposed are different texts here.
            ("\u{E5}sa", "a\u{30A}sa"),
            // Zero-width characters are not blanks.
            ("\u{200B}alice", "alice"),
        ] {
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn the_short_way_for_ascii_is_the_long_way() {
        for letter in (0_u8..128).map(char::from) {
            let text = format!("x{letter}X");
            assert_eq!(fold(&text), CaseMapper::new().fold_string(&text).into_owned());
        }
    }

    #[test]
    fn every_letter_alone_folds_once_and_for_all() {
        for letter in char::MIN..=char::MAX {
            let once = fold(&letter.to_string());
            assert_eq!(fold(&once), once, "{:x}", u32::from(letter));
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC*|\\s*[A-Za-zİıßΣςﬁ\u{345}]*\\s*") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn blanks_around_and_case_of_ascii_never_count(text in "[ -~]*", before in "\\s*", after in "\\s*") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&format!("{before}{}{after}", text.to_ascii_uppercase())), folded);
        }
    }
}
