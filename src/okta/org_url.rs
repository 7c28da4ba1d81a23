//! The org URL: what an administrator pastes, made into scheme and host.
//!
//! No list of allowed domains is kept: custom domains are normal. What is repaired is said in a note,
//! what cannot be repaired is refused with a sentence of its own.

use std::fmt;

use url::{Host, Url};

use crate::error::{Error, ErrorCode, Result};
use crate::http::is_loopback;

/// Scheme, host and port of an Okta org; never a path.
#[derive(Clone, PartialEq, Eq)]
pub struct OrgUrl(Url);

/// Domains that Okta runs itself. Only there does a first label ending in `-admin` mean the admin console.
const OKTA_DOMAINS: [&str; 7] = [
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
    "okta-miltest.com",
    "trex-govcloud.com",
];

/// Beginnings of paths that people copy along with the address; anything else is refused, because it
/// is most likely not the address of an org.
const KNOWN_PATHS: [&str; 7] = [
    "/oauth2",
    "/.well-known",
    "/api/v1",
    "/admin",
    "/app",
    "/login",
    "/signin",
];

impl OrgUrl {
    /// Reads what was pasted: an org URL, an issuer URI, the admin console's address, with or without
    /// scheme. The second value says what was repaired.
    pub fn parse(text: &str) -> Result<(OrgUrl, Option<String>)> {
        let text = text.trim();
        refuse_placeholders(text)?;
        let mut notes = Vec::new();
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let mut url = Url::parse(&with_scheme).map_err(|_| invalid("it is not a web address"))?;
        check_scheme(&url)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("it must not hold a user name or password"));
        }
        drop_path(&mut url, &mut notes)?;
        repair_host(&mut url, &mut notes)?;
        let note = (!notes.is_empty()).then(|| notes.join("; "));
        Ok((OrgUrl(url), note))
    }

    /// `https://host` or `https://host:port`, without a trailing slash.
    pub fn base(&self) -> String {
        self.0.as_str().trim_end_matches('/').to_owned()
    }

    /// The host, for messages.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The URL of a path with its query, which begins with a slash.
    pub fn join(&self, path_and_query: &str) -> Result<Url> {
        let joined = self
            .0
            .join(path_and_query)
            .map_err(|_| Error::internal("a path that is no path"))?;
        // A path such as `//host/` would lead away from the org.
        if self.same_origin(&joined) {
            Ok(joined)
        } else {
            Err(Error::new(ErrorCode::ForeignHost))
        }
    }

    /// Whether a URL has the scheme, host and port of this org.
    pub fn same_origin(&self, url: &Url) -> bool {
        self.0.origin() == url.origin()
    }
}

impl fmt::Debug for OrgUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base())
    }
}

fn invalid(why: &str) -> Error {
    Error::about(ErrorCode::OrgUrlInvalid, why)
}

fn refuse_placeholders(text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(invalid("it is empty"));
    }
    if text.contains(['{', '}', '<', '>']) {
        return Err(invalid("it still holds a placeholder such as {yourOktaDomain}"));
    }
    if text.matches("://").count() > 1 {
        return Err(invalid("it holds two addresses"));
    }
    if text.to_ascii_lowercase().contains(".com.com") {
        return Err(invalid("it ends in .com twice"));
    }
    Ok(())
}

fn check_scheme(url: &Url) -> Result<()> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err(Error::new(ErrorCode::OrgUrlNotHttps)),
        _ => Err(invalid("it must begin with https://")),
    }
}

fn drop_path(url: &mut Url, notes: &mut Vec<String>) -> Result<()> {
    let path = url.path().trim_end_matches('/').to_owned();
    let known = KNOWN_PATHS
        .iter()
        .any(|known| path == *known || path.starts_with(&format!("{known}/")));
    if !path.is_empty() && !known {
        return Err(invalid("it has a path that is not one of Okta's"));
    }
    if !path.is_empty() {
        notes.push("only the host of the address is used, without its path".to_owned());
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Ok(())
}

fn repair_host(url: &mut Url, notes: &mut Vec<String>) -> Result<()> {
    let Some(Host::Domain(host)) = url.host() else {
        return Ok(());
    };
    let mut host = host.trim_end_matches('.').to_owned();
    if let Some(repaired) = without_admin(&host) {
        notes.push(format!(
            "the admin console's address was replaced by the org's own, {repaired}"
        ));
        host = repaired;
    }
    let plausible = host == "localhost" || host.contains('.');
    if !plausible || host.split('.').any(str::is_empty) {
        return Err(invalid("the host name is not complete"));
    }
    url.set_host(Some(&host))
        .map_err(|_| invalid("the host name is not valid"))
}

/// `example-admin.okta.com` without the ending that only the admin console has.
fn without_admin(host: &str) -> Option<String> {
    let (label, domain) = host.split_once('.')?;
    let name = label.strip_suffix("-admin").filter(|name| !name.is_empty())?;
    OKTA_DOMAINS.contains(&domain).then(|| format!("{name}.{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_becomes_the_org_url() {
        for (pasted, base, noted) in [
            ("https://example.okta.com", "https://example.okta.com", false),
            (" https://example.okta.com/ \n", "https://example.okta.com", false),
            ("example.okta.com", "https://example.okta.com", false),
            ("HTTPS://Example.OKTA.com.", "https://example.okta.com", false),
            (
                "https://example.okta.com/oauth2/default",
                "https://example.okta.com",
                true,
            ),
            (
                "https://example.okta.com/oauth2/aus1/.well-known/x?client_id=1#f",
                "https://example.okta.com",
                true,
            ),
            (
                "https://example-admin.okta.com/admin/users",
                "https://example.okta.com",
                true,
            ),
            (
                "example-admin.oktapreview.com",
                "https://example.oktapreview.com",
                true,
            ),
            (
                "https://id-admin.customer.com",
                "https://id-admin.customer.com",
                false,
            ),
            (
                "https://id.customer.com:8443/",
                "https://id.customer.com:8443",
                false,
            ),
            ("https://id.customer.com:443", "https://id.customer.com", false),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", false),
            ("http://localhost:8080/", "http://localhost:8080", false),
            ("http://[::1]:8080", "http://[::1]:8080", false),
        ] {
            let (url, note) = OrgUrl::parse(pasted).expect(pasted);
            assert_eq!((url.base().as_str(), note.is_some()), (base, noted), "{pasted}");
        }
    }

    #[test]
    fn what_cannot_be_an_org_is_refused() {
        for pasted in [
            "",
            "   ",
            "https://",
            "okta",
            "https://{yourOktaDomain}",
            "https://<org>.okta.com",
            "https://example.okta.com.com",
            "https://https://example.okta.com",
            "ftp://example.okta.com",
            "https://user@example.okta.com",
            "https://:secret@example.okta.com",
            "javascript:alert(1)",
            "https://example.okta.com/some/where",
            "https://example.okta.com/apiv1",
            "https://a..okta.com",
            "https://exa mple.okta.com",
        ] {
            let error = OrgUrl::parse(pasted).expect_err(pasted);
            assert_eq!(error.code(), ErrorCode::OrgUrlInvalid, "{pasted}");
            assert!(!error.message().contains("secret"));
        }
        let error = OrgUrl::parse("http://example.okta.com").expect_err("plain http");
        assert_eq!(error.code(), ErrorCode::OrgUrlNotHttps);
    }

    #[test]
    fn paths_cannot_lead_away() {
        let (org, _) = OrgUrl::parse("https://example.okta.com").expect("valid");
        assert_eq!(
            org.join("/api/v1/users?limit=1").expect("a path").as_str(),
            "https://example.okta.com/api/v1/users?limit=1"
        );
        for path in [
            "//evil.example/api",
            "https://evil.example/",
            "http://example.okta.com/",
            "\\\\evil.example",
        ] {
            assert_eq!(
                org.join(path).expect_err(path).code(),
                ErrorCode::ForeignHost,
                "{path}"
            );
        }
    }
}
