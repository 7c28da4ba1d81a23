//! The one rule for Okta's ids: of users, groups, members, user types and schemas. Pure.
//!
//! An id becomes a key of the directory and a segment of a path. So it may contain only characters that need no
//! escape in a path (RFC 3986, "unreserved"), and must not be `.` or `..`.

/// Okta's ids have 20 letters and digits in every sample. A much longer text is not an id.
const LONGEST: usize = 100;

/// Whether the text can be the id of an object in Okta.
pub fn is_object_id(id: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(is_unreserved) && !id.bytes().all(|byte| byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_id() {
        for id in [
            "00u1aaaaaaaaaaaaa001",
            "00u_odd-0",
            "00g_everyone",
            "a.b~c",
            "default",
            "7",
        ] {
            assert!(is_object_id(id), "{id}");
        }
        let long = "0".repeat(LONGEST + 1);
        for id in [
            "", ".", "..", "a/b", "a?b", "a#b", "a%2Fb", "a b", "a\n", "ä", "a\"b", &long,
        ] {
            assert!(!is_object_id(id), "{id}");
        }
    }
}
