//! Decides which proxy a request goes through, and which hosts are reached without a proxy.
//!
//! The proxy comes from the settings or, if the setting is `system`, from the environment. Loopback hosts never use
//! a proxy.

use url::{Host, Url};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, Settings};

/// The proxy settings of one transport. No `Debug`: the URL may hold a password.
pub(super) struct ProxyRules {
    proxy: ProxyChoice,
    direct_hosts: Vec<DirectPlace>,
}

/// One entry of `http.no_proxy`.
#[derive(Debug, PartialEq, Eq)]
struct DirectPlace {
    host: DirectHost,
    /// The only port that the entry covers; none covers every port.
    port: Option<u16>,
}

/// How the hosts that need the proxy are reached.
pub(super) enum ProxyChoice {
    /// Directly, without a proxy.
    None,
    /// Through the proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name.
    System,
    /// Through this proxy; the URL may contain user and password.
    Url(Url),
}

/// The hosts that an entry covers, in lower case.
#[derive(Debug, PartialEq, Eq)]
enum DirectHost {
    Every,
    Exactly(String),
    /// This domain and everything below it; the leading dot is cut off.
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
        // Java separates by `|`, curl by commas and blanks.
        let entries = settings
            .text(Key::HttpNoProxy)
            .split([',', '|', ';', ' ', '\t', '\n']);
        let entries = entries.filter(|entry| !entry.is_empty());
        let direct_hosts = entries.map(direct_host).collect::<Result<_>>()?;
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
            || self.direct_hosts.iter().any(|entry| {
                let at_port = entry
                    .port
                    .is_none_or(|port| url.port_or_known_default() == Some(port));
                at_port && entry.host.means(&host)
            })
    }
}

impl DirectHost {
    fn means(&self, host: &str) -> bool {
        match self {
            DirectHost::Every => true,
            DirectHost::Exactly(name) => host == *name,
            DirectHost::Below(domain) => {
                host == *domain
                    || host
                        .strip_suffix(domain.as_str())
                        .is_some_and(|front| front.ends_with('.'))
            }
        }
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
    // The error does not quote the setting, because it may contain a password.
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

fn direct_host(entry: &str) -> Result<DirectPlace> {
    let entry = entry.to_ascii_lowercase();
    let (name, port) = match entry.rsplit_once(':') {
        // An IPv6 address without brackets contains several colons, so its last part is no port.
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => {
            let port = port.parse().map_err(|_| refused_entry())?;
            (name, Some(port))
        }
        _ => (entry.as_str(), None),
    };
    let host = match name.strip_prefix("*.").or(name.strip_prefix('.')) {
        Some(domain) => DirectHost::Below(domain.to_owned()),
        None if name == "*" => DirectHost::Every,
        None => DirectHost::Exactly(name.to_owned()),
    };
    let (DirectHost::Below(text) | DirectHost::Exactly(text)) = &host else {
        return Ok(DirectPlace { host, port });
    };
    // A URL, a network or a star inside a name would be compared as a host name and would never match.
    if text.is_empty() || text.contains(['/', '*', '@', '?', '"', '\'']) {
        return Err(refused_entry());
    }
    Ok(DirectPlace { host, port })
}

fn refused_entry() -> Error {
    let what = "The setting http.no_proxy takes host names such as okta.example.com, .example.com, *.example.com, host:443 or *, separated by commas, blanks or |; it does not take addresses with a path, networks such as 10.0.0.0/8, or a star inside a name.";
    Error::with_message(ErrorCode::ProxyInvalid, what)
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
    fn other_forms_are_honoured_or_refused_with_words() {
        let rules = rules(
            "http://proxy:3128",
            "one.example.com:443 | *.two.com;three.com\tlocalhost",
        )
        .expect("rules");
        for (url, direct) in [
            ("https://one.example.com/", true),
            ("https://one.example.com:8443/", false),
            ("https://a.two.com/", true),
            ("https://three.com/", true),
            ("https://four.com/", false),
        ] {
            assert_eq!(rules.is_direct(&Url::parse(url).expect(url)), direct, "{url}");
        }
        for bad in [
            "10.0.0.0/8",
            "https://example.com",
            "exa*mple.com",
            "host:port",
            "\"example.com\"",
        ] {
            let error = self::rules("http://proxy:3128", bad).map(drop).expect_err(bad);
            assert_eq!(error.code(), ErrorCode::ProxyInvalid, "{bad}");
            assert!(error.message().contains("http.no_proxy"), "{error}");
        }
    }

    #[test]
    fn a_star_means_every_host() {
        let rules = rules("http://proxy:3128", "*").expect("rules");
        assert!(rules.is_direct(&Url::parse("https://example.okta.com/").expect("a URL")));
    }
}
