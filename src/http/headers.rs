//! Header fields of a request or an answer. Names have no case, and one name may have several values.
//!
//! Okta repeats `Link` and sometimes the rate-limit fields, so nothing here merges or drops a repeated field.

use std::fmt;

/// Header fields in the order they came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No fields.
    pub fn new() -> Headers {
        Headers::default()
    }

    /// Adds a field. Fields of the same name stay.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The first value of this name (RFC 9110 §5.1: names have no case), without surrounding blanks.
    pub fn get(&self, name: &str) -> Option<&str> {
        let same_name = |(field, _): &&(String, String)| field.eq_ignore_ascii_case(name);
        self.0.iter().find(same_name).map(|(_, value)| value.trim())
    }

    /// Every value of this name, in order, without surrounding blanks.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same_name = move |field: &&(String, String)| field.0.eq_ignore_ascii_case(name);
        self.0.iter().filter(same_name).map(|(_, value)| value.trim())
    }

    /// Every field in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Headers {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(fields: I) -> Headers {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Headers(fields.into_iter().map(owned).collect())
    }
}

/// Shows the names only: values carry session cookies and query texts.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_case_and_repeats_are_kept() {
        let headers: Headers = [("Link", "<a>"), ("X-Other", "1"), ("link", " <b> ")]
            .into_iter()
            .collect();
        assert_eq!(headers.get("LINK"), Some("<a>"));
        assert_eq!(headers.get_all("link").collect::<Vec<_>>(), ["<a>", "<b>"]);
        assert_eq!(headers.get("missing"), None);
    }

    #[test]
    fn debug_shows_no_values() {
        let headers: Headers = [("Set-Cookie", "sid=secret")].into_iter().collect();
        assert_eq!(format!("{headers:?}"), r#"{"Set-Cookie"}"#);
    }
}
