//! The address of an Okta org, cleaned of the usual mistakes of pasting. It decides where a credential may go.
//!
//! There is no list of allowed domains, because custom domains are normal (Okta "Custom URL domain"). Messages do
//! not quote the pasted text, because it may be a credential in the wrong field.

use std::fmt;

use url::{Host, Url};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::is_loopback;

/// The domains that Okta itself runs. There the admin console is `{org}-admin.{domain}`, which does not serve the
/// API (okta-sdk-python `config_validator.py`).
const OKTA_DOMAINS: [&str; 7] = [
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
    "okta-miltest.com",
    "trex-govcloud.com",
];

/// The first parts of paths that belong to a page or an issuer of the org. They can be cut off safely.
const KNOWN_PATHS: [&str; 7] = [
    "/oauth2",
    "/.well-known",
    "/api/v1",
    "/admin",
    "/app",
    "/login",
    "/signin",
];

/// Scheme, host and port of an org: https, or http on a loopback host for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgUrl {
    base: Url,
    alternates: Vec<Url>,
}

impl OrgUrl {
    /// Reads what an administrator pasted: an org URL, an issuer, or the address of a page of the org. The second
    /// value says what was repaired, for the administrator.
    pub fn parse(text: &str) -> Result<(OrgUrl, Option<String>)> {
        let text = text.trim();
        let mut repairs = Vec::new();
        check_text(text)?;
        let whole = with_scheme(text, &mut repairs)?;
        let mut url = Url::parse(&whole)
            .map_err(|_| refused("this is not a web address; give it as https://example.okta.com"))?;
        check_parts(&url)?;
        check_path(&url, &mut repairs)?;
        repair_host(&mut url, &mut repairs)?;
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        // Decoding and IDNA make new letters in a host name. What is stored must be accepted when it is read again.
        check_text(url.as_str())
            .map_err(|_| refused("the host name contains letters that no host name of Okta has"))?;
        let note = (!repairs.is_empty()).then(|| repairs.join("; "));
        Ok((
            OrgUrl {
                base: url,
                alternates: Vec::new(),
            },
            note,
        ))
    }

    /// The org with its other addresses, which the org itself names (custom domain, original org URL).
    pub fn with_alternates(mut self, alternates: Vec<Url>) -> OrgUrl {
        self.alternates = alternates;
        self
    }

    /// `https://example.okta.com`, without a slash at the end.
    pub fn base(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// The address of the org as a URL.
    pub fn url(&self) -> &Url {
        &self.base
    }

    /// The host, in lower case.
    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// The address of a path with query on this org. The path begins with one slash.
    pub fn join(&self, path_and_query: &str) -> Result<Url> {
        // Joined as text: if `//other.host/` was resolved as a reference, it would lead away from the org.
        let url = Url::parse(&format!("{}{path_and_query}", self.base()));
        match url {
            Ok(url) if path_and_query.starts_with('/') && is_same_origin(&url, &self.base) => Ok(url),
            Ok(_) | Err(_) => Err(Error::internal("a request path does not begin with a slash")),
        }
    }

    /// Whether a URL belongs to this org: its scheme, host and port are those of the org or of an alternate
    /// address, and it contains no user or password.
    pub fn same_host(&self, url: &Url) -> bool {
        let origins = std::iter::once(&self.base).chain(&self.alternates);
        origins.into_iter().any(|origin| is_same_origin(url, origin))
    }
}

impl fmt::Display for OrgUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base())
    }
}

fn is_same_origin(url: &Url, origin: &Url) -> bool {
    url.scheme() == origin.scheme()
        && url.host() == origin.host()
        && url.port_or_known_default() == origin.port_or_known_default()
        && url.username().is_empty()
        && url.password().is_none()
}

fn refused(why: &str) -> Error {
    Error::about(ErrorCode::OrgUrlInvalid, why)
}

fn check_text(text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(refused("the Okta URL is empty"));
    }
    if text.contains([
        '"', '\'', '`', '<', '>', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}',
    ]) {
        return Err(refused(
            "the Okta URL has quotation marks around it; leave them out",
        ));
    }
    if text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return Err(refused("the Okta URL contains blanks; remove them"));
    }
    if text.contains(['{', '}']) || text.to_ascii_lowercase().contains("youroktadomain") {
        return Err(refused(
            "the Okta URL still contains a placeholder from an example; put in the name of your org",
        ));
    }
    let before_query = text.split(['?', '#']).next().unwrap_or_default();
    if before_query.matches("://").count() > 1 {
        return Err(refused("the Okta URL contains two addresses; give only one"));
    }
    Ok(())
}

fn with_scheme(text: &str, repairs: &mut Vec<&'static str>) -> Result<String> {
    if let Some((scheme, _)) = text.split_once("://") {
        return match scheme.to_ascii_lowercase().as_str() {
            "https" | "http" => Ok(text.to_owned()),
            "" => Err(refused("the Okta URL begins with ://; write https:// instead")),
            _ => Err(Error::with_message(
                ErrorCode::OrgUrlNotHttps,
                "The Okta URL does not begin with https://, probably because of a typing error; correct the letters before ://.",
            )),
        };
    }
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("http:") || lower.starts_with("https:") || text.starts_with('/') {
        return Err(refused(
            "the beginning of the Okta URL is damaged; it must be https://",
        ));
    }
    repairs.push("https:// was put in front");
    Ok(format!("https://{text}"))
}

fn check_parts(url: &Url) -> Result<()> {
    if url.scheme() != "https" && !is_loopback(url) {
        return Err(Error::new(ErrorCode::OrgUrlNotHttps));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("the Okta URL must not contain a user or a password"));
    }
    Ok(())
}

fn check_path(url: &Url, repairs: &mut Vec<&'static str>) -> Result<()> {
    let path = url.path().trim_end_matches('/');
    let is_known = |known: &&str| {
        path.strip_prefix(*known)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if !path.is_empty() && !KNOWN_PATHS.iter().any(is_known) {
        return Err(refused(
            "the Okta URL has a path that Okta does not have; leave out everything after the host name",
        ));
    }
    if !path.is_empty() || url.query().is_some() || url.fragment().is_some() {
        repairs.push("everything after the host name was cut off");
    }
    Ok(())
}

fn repair_host(url: &mut Url, repairs: &mut Vec<&'static str>) -> Result<()> {
    let Some(Host::Domain(domain)) = url.host() else {
        return Ok(()); // An IP address has nothing to repair.
    };
    let mut host = domain.strip_suffix('.').unwrap_or(domain).to_owned();
    if host.ends_with(".com.com") {
        return Err(refused("the host name ends in .com.com; remove one .com"));
    }
    if host != "localhost" && (!host.contains('.') || host.split('.').any(str::is_empty)) {
        return Err(refused(
            "the host name is not complete; give it as example.okta.com",
        ));
    }
    if let Some(without_admin) = without_admin(&host) {
        host = without_admin;
        repairs
            .push("-admin was removed from the host name, because the admin console does not serve the API");
    }
    url.set_host(Some(&host))
        .map_err(|_| refused("the host name cannot be used"))
}

/// `acme.okta.com` for `acme-admin.okta.com`; none for other hosts. Links from the admin host lead to the other
/// host (rapid7/insightconnect-plugins#772), so the address is repaired before its first use.
fn without_admin(host: &str) -> Option<String> {
    let (label, domain) = host.split_once('.')?;
    let org = label.strip_suffix("-admin").filter(|org| !org.is_empty())?;
    OKTA_DOMAINS.contains(&domain).then(|| format!("{org}.{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: &str = "https://example.okta.com";

    #[test]
    fn what_is_accepted() {
        let admin = "https://acme.okta.com";
        for (text, base, repaired) in [
            ("https://example.okta.com", PLAIN, false),
            ("  https://example.okta.com/ \n", PLAIN, false),
            ("https://example.okta.com//", PLAIN, false),
            ("HTTPS://Example.OKTA.com", PLAIN, false),
            ("https://example.okta.com.", PLAIN, false),
            ("https://example.okta.com./", PLAIN, false),
            ("https://example.okta.com:443", PLAIN, false),
            ("example.okta.com", PLAIN, true),
            ("example.okta.com/", PLAIN, true),
            ("https://example.okta.com/oauth2/default", PLAIN, true),
            (
                "https://example.okta.com/oauth2/aus1aaaaaaaaaaaaa001/",
                PLAIN,
                true,
            ),
            ("https://example.okta.com/oauth2/v1/token", PLAIN, true),
            (
                "https://example.okta.com/.well-known/openid-configuration?client_id=0oa1",
                PLAIN,
                true,
            ),
            ("https://example.okta.com/api/v1/users?limit=1", PLAIN, true),
            ("https://example.okta.com/admin/dashboard", PLAIN, true),
            (
                "https://example.okta.com/app/UserHome?iss=https://example.okta.com",
                PLAIN,
                true,
            ),
            (
                "https://example.okta.com/login/login.htm?fromURI=%2Fapp",
                PLAIN,
                true,
            ),
            ("https://example.okta.com/signin", PLAIN, true),
            ("https://example.okta.com/?x=1#y", PLAIN, true),
            ("https://acme-admin.okta.com/admin/dashboard", admin, true),
            ("acme-admin.okta.com", admin, true),
            (
                "https://acme-admin.oktapreview.com",
                "https://acme.oktapreview.com",
                true,
            ),
            (
                "https://acme-admin.okta-emea.com",
                "https://acme.okta-emea.com",
                true,
            ),
            (
                "https://acme-admin.okta-gov.com",
                "https://acme.okta-gov.com",
                true,
            ),
            ("https://acme-admin.okta.mil", "https://acme.okta.mil", true),
            (
                "https://id-admin.example.com",
                "https://id-admin.example.com",
                false,
            ),
            ("https://id.example.com", "https://id.example.com", false),
            (
                "https://trial-1234567.okta.com",
                "https://trial-1234567.okta.com",
                false,
            ),
            (
                "https://id.example.com:8443/oauth2/default",
                "https://id.example.com:8443",
                true,
            ),
            ("https://id.exämple.com", "https://id.xn--exmple-cua.com", false),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", false),
            ("http://localhost:8080/", "http://localhost:8080", false),
            ("http://[::1]:8080", "http://[::1]:8080", false),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", false),
            ("localhost:8080", "https://localhost:8080", true),
        ] {
            let (org, note) = OrgUrl::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(org.base(), base, "{text}");
            assert_eq!(note.is_some(), repaired, "{text}: {note:?}");
        }
    }

    #[test]
    fn what_is_refused_each_with_its_own_sentence() {
        let mut sentences = std::collections::BTreeSet::new();
        for text in [
            "",
            "https://example okta.com",
            "https://{yourOktaDomain}",
            "https://https://example.okta.com",
            "://example.okta.com",
            "https:/example.okta.com",
            "https://",
            "https://user:pass@example.okta.com",
            "https://example.okta.com/some/page",
            "https://example.okta.com.com",
            "https://example",
        ] {
            let error = OrgUrl::parse(text).expect_err(text);
            assert_eq!(error.code(), ErrorCode::OrgUrlInvalid, "{text}");
            assert!(sentences.insert(error.message().to_owned()), "{text}: {error}");
            assert!(!error.message().contains("user:pass"), "{error}");
        }
    }

    #[test]
    fn more_that_is_refused() {
        use ErrorCode::{OrgUrlInvalid, OrgUrlNotHttps};
        for (text, code) in [
            ("http://example.okta.com", OrgUrlNotHttps),
            ("http://localhost.example.com", OrgUrlNotHttps),
            ("http://10.0.0.1", OrgUrlNotHttps),
            ("ftp://example.okta.com", OrgUrlNotHttps),
            ("https://yourOktaDomain", OrgUrlInvalid),
            ("https://x%22h.org", OrgUrlInvalid),
            ("ha.cy\u{4cb2}ouroktadomain", OrgUrlInvalid),
            ("https://token@example.okta.com", OrgUrlInvalid),
            ("https://example.okta.com/oauth2x", OrgUrlInvalid),
            ("https://example.okta.com/apis", OrgUrlInvalid),
            ("https://example..okta.com", OrgUrlInvalid),
            ("https://example.okta.com:99999", OrgUrlInvalid),
            ("//example.okta.com", OrgUrlInvalid),
            ("00abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN", OrgUrlInvalid),
        ] {
            assert_eq!(OrgUrl::parse(text).expect_err(text).code(), code, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_an_org_or_a_reason(text in "(https?://)?[a-zA-Z0-9.:/@{}?#%\\\\\\[\\] -]{0,40}") {
            if let Ok((org, _)) = OrgUrl::parse(&text) {
                let (again, note) = OrgUrl::parse(org.base()).expect("what was cleaned is clean");
                prop_assert_eq!(again, org);
                prop_assert_eq!(note, None);
            }
        }
    }

    #[test]
    fn which_hosts_are_the_same() {
        let (org, _) = OrgUrl::parse("https://example.okta.com").expect("an org");
        let alternate = Url::parse("https://id.example.com").expect("a URL");
        let org = org.with_alternates(vec![alternate]);
        for (url, same) in [
            ("https://example.okta.com/api/v1/users", true),
            ("https://EXAMPLE.okta.com:443/", true),
            ("https://id.example.com/api", true),
            ("http://example.okta.com/", false),
            ("https://example.okta.com:444/", false),
            ("https://example.okta.com.evil.example/", false),
            ("https://other.okta.com/", false),
            ("https://user@example.okta.com/", false),
            ("https://example.okta.com@evil.example/", false),
        ] {
            assert_eq!(org.same_host(&Url::parse(url).expect(url)), same, "{url}");
        }
    }

    #[test]
    fn joining_stays_on_the_org() {
        let (org, _) = OrgUrl::parse("https://example.okta.com:8443").expect("an org");
        let joined = org.join("/api/v1/users?limit=1").expect("a URL");
        assert_eq!(
            joined.as_str(),
            "https://example.okta.com:8443/api/v1/users?limit=1"
        );
        for path in ["//evil.example/x", "/\\evil.example", "/@evil.example"] {
            assert!(org.same_host(&org.join(path).expect(path)), "{path}");
        }
        for path in ["", "api/v1", "@evil.example/", ".evil.example/", ":1/"] {
            assert!(org.join(path).is_err(), "{path}");
        }
    }
}
