//! The one rule for Okta's ids: of users, groups, members, user types and schemas. Pure.
//!
//! An id becomes a key of the directory and a segment of a path. So it may hold only characters that stand in
//! a path as they are (RFC 3986, "unreserved"), and must not be one that a path reads as "here" or "up".

/// Okta's ids have 20 letters and digits in every sample; anything much longer is not one.
const LONGEST: usize = 100;

/// Whether this can be the id of an object of Okta's.
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
