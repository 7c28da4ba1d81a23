//! Decides whether an org URL may lead to an internal address. Okta's orgs are on the internet. If a user may type
//! an address into a page of a server, that server must not send requests to internal machines (request forgery).

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, Settings};
use crate::http::is_loopback;

/// Refuses an internal address unless the setting allows it. Names are not looked up: every host except loopback
/// must use https, so a name leads only to a machine that has a certificate for that name.
pub fn check_reach(url: &Url, settings: &Settings) -> Result<()> {
    let allowed = match settings.text(Key::InternalAddresses) {
        "all" => true,
        "loopback" => is_loopback(url) || !is_internal(url),
        _ => !is_internal(url),
    };
    if allowed {
        return Ok(());
    }
    let what = "The Okta URL leads to an internal address (this machine, a private network or a metadata service), and no Okta org is there; give the address of your Okta org, or allow internal addresses with the setting okta.internal_addresses.";
    Err(Error::with_message(ErrorCode::OrgUrlInternal, what))
}

/// Whether a URL leads to this machine, to a private network, or to no host at all.
pub fn is_internal(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_internal_name(name),
        Some(Host::Ipv4(address)) => is_internal_v4(address),
        Some(Host::Ipv6(address)) => is_internal_v6(address),
        None => true,
    }
}

/// Names that never lead to the internet (RFC 6761, ICANN's `internal`, mDNS).
fn is_internal_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    ["localhost", "internal", "local"]
        .iter()
        .any(|top| name == *top || name.strip_suffix(top).is_some_and(|front| front.ends_with('.')))
}

/// Private, shared (RFC 6598), link-local (metadata services too), loopback, test networks (RFC 2544), and
/// addresses that no machine can have.
fn is_internal_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
        || first == 0
        || first >= 240
        || (first == 198 && second & 0xFE == 18)
        || (first == 100 && (64..128).contains(&second))
        || address.octets().starts_with(&[192, 0, 0])
}

/// An IPv6 address is external only if it is in the range for the internet (2000::/3) and does not contain an
/// internal IPv4 address.
fn is_internal_v6(address: Ipv6Addr) -> bool {
    match carried_v4(address) {
        Some(carried) => is_internal_v4(carried),
        None => address.segments()[0] >> 13 != 1,
    }
}

/// The IPv4 address that a gateway reads from this one: mapped, translated (RFC 6052), 6to4 (RFC 3056).
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [.., seventh, eighth] = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xFFFF, ..] | [0x64, 0xFF9B, 0, 0, 0, 0, ..] => Some(of(seventh, eighth)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(url: &str, allowed: &str) -> Option<ErrorCode> {
        let mut settings = Settings::default();
        settings.set("okta.internal_addresses", allowed).expect(allowed);
        let url = Url::parse(url).expect(url);
        check_reach(&url, &settings).err().map(|error| error.code())
    }

    #[test]
    fn internal_addresses_are_refused_in_every_spelling() {
        for url in [
            "https://169.254.169.254/",
            "https://0xa9fea9fe/",
            "https://[fd00:ec2::254]/",
            "https://[::ffff:169.254.169.254]/",
            "https://10.1.2.3/",
            "https://172.16.0.1:8443/",
            "https://192.168.1.1/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://[fe80::1]/",
            "https://[::169.254.169.254]/",
            "https://[64:ff9b::10.0.0.1]/",
            "https://[64:ff9b:1::10.0.0.1]/",
            "https://[2002:a9fe:a9fe::1]/",
            "https://[fec0::1]/",
            "https://[::ffff:0:10.0.0.1]/",
            "https://198.18.0.1/",
            "https://240.0.0.1/",
            "https://0251.0376.0251.0376/",
            "https://2852039166/",
            "https://169.254.43518/",
            "https://metadata.google.internal./",
            "https://metadata.google.internal/",
            "https://printer.local/",
        ] {
            for allowed in ["none", "loopback"] {
                assert_eq!(code(url, allowed), Some(ErrorCode::OrgUrlInternal), "{url}");
            }
            assert_eq!(code(url, "all"), None, "{url}");
        }
    }

    #[test]
    fn loopback_is_for_tests_and_orgs_are_on_the_internet() {
        for url in [
            "http://127.0.0.1:8080/",
            "http://localhost/",
            "http://[::1]/",
            "https://127.1/",
        ] {
            assert_eq!(code(url, "loopback"), None, "{url}");
            assert_eq!(code(url, "none"), Some(ErrorCode::OrgUrlInternal), "{url}");
        }
        for url in [
            "https://example.okta.com/",
            "https://8.8.8.8/",
            "https://[2600:1f18::1]/",
            "https://[64:ff9b::8.8.8.8]/",
            "https://internal.example.com/",
        ] {
            assert_eq!(code(url, "none"), None, "{url}");
        }
    }
}
