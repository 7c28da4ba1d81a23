//! One name in the spelling of each language.

/// The name of a constant in C and Java: `TokenRejected` becomes `TOKEN_REJECTED`.
pub fn upper_snake(variant: &str) -> String {
    let mut name = String::new();
    for (index, letter) in variant.char_indices() {
        if index > 0 && letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

/// The name of a member in Java: `okta_only` becomes `oktaOnly`.
pub fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        camel.push_str(&word[..1].to_ascii_uppercase());
        camel.push_str(&word[1..]);
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_spelling_only() {
        assert_eq!(upper_snake("TokenRejected"), "TOKEN_REJECTED");
        assert_eq!(upper_snake("InvalidUtf8"), "INVALID_UTF8");
        assert_eq!(camel("profile_json"), "profileJson");
        assert_eq!(camel("run"), "run");
    }
}
