//! Decides to which addresses Okta can deliver events, as far as the address itself shows it. Pure: it sends no
//! request.

use url::{Host, Url};

use super::Engine;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::is_loopback;
use crate::okta::is_internal;

/// The longest address that Okta accepts.
const LONGEST_URL: usize = 1_024;

impl Engine {
    /// Checks whether Okta could deliver to this address from the internet. Call it before a hook is registered
    /// there, because registering also accepts internal addresses, for tests or for a gateway.
    /// [`ErrorCode::InvalidArgument`] says what is wrong with the address. It sends no request, so a name that only
    /// the own network knows is accepted.
    pub fn check_hook_address(&self, url: &str) -> Result<()> {
        let _open = self.enter()?;
        from_internet(url)
    }
}

fn from_internet(text: &str) -> Result<()> {
    let url = parsed(&hook_url(text)?)?;
    let is_local_name =
        matches!(url.host(), Some(Host::Domain(name)) if !name.trim_end_matches('.').contains('.'));
    match () {
        () if is_internal(&url) => Err(unusable(
            "it leads to this machine or into a private network, which Okta cannot reach from the internet",
        )),
        () if is_local_name => Err(unusable("only your own network knows the name of its host")),
        () if url.scheme() != "https" => Err(no_https()),
        () => Ok(()),
    }
}

/// The address in the form for Okta: https with a host that Okta can reach, or this machine, for tests.
pub(super) fn hook_url(text: &str) -> Result<String> {
    let url = parsed(text)?;
    match () {
        () if url.scheme() != "https" && !is_loopback(&url) => Err(no_https()),
        () if !url.username().is_empty() || url.password().is_some() => {
            Err(unusable("it contains a user or a password"))
        }
        () if url.fragment().is_some() => Err(unusable("it contains a #")),
        () if url.as_str().len() > LONGEST_URL => Err(unusable("it is too long")),
        () => Ok(url.into()),
    }
}

fn parsed(text: &str) -> Result<Url> {
    Url::parse(text.trim()).map_err(|_| unusable("it is not a URL"))
}

fn no_https() -> Error {
    unusable("it must begin with https://, because Okta delivers to https only")
}

fn unusable(why: &str) -> Error {
    let what = format!("The address of the event hook cannot be used: {why}.");
    Error::with_message(ErrorCode::InvalidArgument, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_a_hook() {
        for good in [
            "https://jira.example.com/plugins/servlet/okta-profiles/events",
            " https://jira.example.com:8443/x?a=b ",
            "http://127.0.0.1:8080/events",
        ] {
            assert!(hook_url(good).is_ok(), "{good}");
        }
        let long = format!("https://example.com/{}", "x".repeat(LONGEST_URL));
        for bad in [
            "",
            "jira.example.com",
            "http://jira.example.com/x",
            "ftp://example.com",
            "https://a:b@example.com/",
            "https://example.com/#x",
            &long,
        ] {
            let error = hook_url(bad).expect_err(bad);
            assert_eq!(error.code(), ErrorCode::InvalidArgument, "{bad}");
        }
    }

    #[test]
    fn addresses_that_okta_cannot_reach() {
        for good in [
            "https://jira.example.com/plugins/servlet/okta-profiles/events",
            "https://8.8.8.8:8443/jira/events",
            "https://[2600:1f18::1]/events",
        ] {
            assert!(from_internet(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://jira.example.com/events", "https://"),
            ("http://localhost:8080/events", "this machine"),
            ("http://127.0.0.1:8080/events", "this machine"),
            ("https://localhost/events", "this machine"),
            ("https://10.1.2.3/events", "private network"),
            ("https://192.168.1.1/events", "private network"),
            ("https://[fd00::1]/events", "private network"),
            ("https://jira.local/events", "private network"),
            ("https://jira/events", "own network"),
            ("https://a:b@jira.example.com/events", "user or a password"),
        ] {
            let error = from_internet(bad).expect_err(bad);
            assert_eq!(error.code(), ErrorCode::InvalidArgument, "{bad}");
            assert!(error.to_string().contains(why), "{bad}: {error}");
        }
    }
}
