//! Which proxy requests go through, and which hosts are reached without it.
//!
//! The proxy comes from the settings or, with `system`, from the environment; it never applies to
//! loopback hosts.

use url::{Host, Url};

use crate::config::{Key, Settings};
use crate::error::{Error, ErrorCode, Result};

/// The proxy settings of one transport. No `Debug`: the URL may hold a password.
pub(super) struct ProxyRules {
    proxy: ProxyChoice,
    direct_hosts: Vec<DirectHost>,
}

/// Where requests go that are not direct.
pub(super) enum ProxyChoice {
    /// Straight to the host.
    None,
    /// What `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    System,
    /// This proxy; the URL may carry user and password.
    Url(Url),
}

/// One entry of `http.no_proxy`, in lower case.
#[derive(Debug, PartialEq, Eq)]
enum DirectHost {
    Every,
    Exactly(String),
    /// The domain with everything below it, without the leading dot.
    Below(String),
}

impl ProxyRules {
    /// Reads `http.proxy` and `http.no_proxy`.
    pub(super) fn from_settings(settings: &Settings) -> Result<ProxyRules> {
        let proxy = match settings.text(Key::HttpProxy) {
            "" => ProxyChoice::None,
            text if text.eq_ignore_ascii_case("system") => ProxyChoice::System,
            text => ProxyChoice::Url(proxy_url(text)?),
        };
        let entries = settings.text(Key::HttpNoProxy).split(',');
        let direct_hosts = entries.filter_map(direct_host).collect();
        Ok(ProxyRules { proxy, direct_hosts })
    }

    /// The proxy for hosts that are not direct.
    pub(super) fn proxy(&self) -> &ProxyChoice {
        &self.proxy
    }

    /// Whether this host is reached without the proxy.
    pub(super) fn is_direct(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        is_loopback(url)
            || self.direct_hosts.iter().any(|entry| match entry {
                DirectHost::Every => true,
                DirectHost::Exactly(name) => host == *name,
                DirectHost::Below(domain) => {
                    host == *domain
                        || host
                            .strip_suffix(domain)
                            .is_some_and(|front| front.ends_with('.'))
                }
            })
    }
}

/// Whether the URL's host is this machine itself: `localhost`, 127.0.0.0/8 or `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn proxy_url(text: &str) -> Result<Url> {
    // The message does not repeat the setting: it may hold a password.
    let invalid = || Error::new(ErrorCode::ProxyInvalid);
    let whole = match text.contains("://") {
        true => text.to_owned(),
        false => format!("http://{text}"),
    };
    let url = Url::parse(&whole).map_err(|_| invalid())?;
    let usable = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    usable.then_some(url).ok_or_else(invalid)
}

fn direct_host(entry: &str) -> Option<DirectHost> {
    let entry = entry.trim().to_ascii_lowercase();
    match entry.as_str() {
        "" => None,
        "*" => Some(DirectHost::Every),
        entry => match entry.strip_prefix("*.").or(entry.strip_prefix('.')) {
            Some(domain) => Some(DirectHost::Below(domain.to_owned())),
            None => Some(DirectHost::Exactly(entry.to_owned())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(proxy: &str, no_proxy: &str) -> Result<ProxyRules> {
        let mut settings = Settings::default();
        settings.set("http.proxy", proxy)?;
        settings.set("http.no_proxy", no_proxy)?;
        ProxyRules::from_settings(&settings)
    }

    #[test]
    fn forms_of_the_proxy() {
        assert!(matches!(rules("", "").expect("none").proxy(), ProxyChoice::None));
        assert!(matches!(
            rules("System", "").expect("system").proxy(),
            ProxyChoice::System
        ));
        for good in [
            "http://proxy:3128",
            "proxy.example.com:3128",
            "http://user:p%40ss@proxy:3128/",
            "https://proxy",
        ] {
            assert!(matches!(
                rules(good, "").expect(good).proxy(),
                ProxyChoice::Url(_)
            ));
        }
        for bad in [
            "socks5://proxy:1080",
            "http://",
            "http://proxy:99999",
            "http://proxy/path",
            "http://proxy?x",
        ] {
            let code = rules(bad, "").map(drop).map_err(|error| error.code());
            assert_eq!(code, Err(ErrorCode::ProxyInvalid), "{bad}");
        }
    }

    #[test]
    fn hosts_without_the_proxy() {
        let rules = rules("http://proxy:3128", "One.example.com, .two.com,*.three.com,").expect("rules");
        for (url, direct) in [
            ("https://one.example.com/", true),
            ("https://sub.one.example.com/", false),
            ("https://two.com/", true),
            ("https://a.b.two.com/", true),
            ("https://nottwo.com/", false),
            ("https://x.three.com/", true),
            ("http://127.0.0.1:8080/", true),
            ("http://127.8.9.1/", true),
            ("http://localhost/", true),
            ("http://[::1]:80/", true),
            ("https://localhost.example.com/", false),
        ] {
            assert_eq!(rules.is_direct(&Url::parse(url).expect(url)), direct, "{url}");
        }
    }

    #[test]
    fn a_star_means_every_host() {
        let rules = rules("http://proxy:3128", "*").expect("rules");
        assert!(rules.is_direct(&Url::parse("https://example.okta.com/").expect("a URL")));
    }
}
