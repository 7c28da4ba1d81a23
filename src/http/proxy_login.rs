//! Asks a proxy which kinds of login it accepts. This takes a second request, without a login, because the library
//! that builds the tunnel does not show the header fields of the proxy's answer.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::contract::errors::{Error, ErrorCode};

/// The most bytes that are read of an answer.
const LONGEST_HEAD: usize = 16 * 1024;
/// The longest name of a scheme that is shown; Negotiate is the longest one in use.
const LONGEST_NAME: usize = 20;

/// The login schemes that the proxy offers for `target`; empty if they cannot be found out.
pub(super) async fn schemes(proxy: &Url, target: &Url, patience: Duration) -> Vec<String> {
    // An https proxy is not asked: that would need a second TLS connection, which is too much for a better message.
    if proxy.scheme() != "http" {
        return Vec::new();
    }
    let asked = tokio::time::timeout(patience, head_of_refusal(proxy, target)).await;
    asked
        .ok()
        .flatten()
        .map(|head| offered(&head))
        .unwrap_or_default()
}

async fn head_of_refusal(proxy: &Url, target: &Url) -> Option<String> {
    let address = (proxy.host_str()?, proxy.port_or_known_default()?);
    let to = format!("{}:{}", target.host_str()?, target.port_or_known_default()?);
    let mut stream = TcpStream::connect(address).await.ok()?;
    let question = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n");
    stream.write_all(question.as_bytes()).await.ok()?;
    let mut head = Vec::new();
    let mut part = [0; 1024];
    while head.len() < LONGEST_HEAD && !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut part).await {
            Ok(count @ 1..) => head.extend_from_slice(&part[..count]),
            Ok(0) | Err(_) => break,
        }
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// The first word of each `Proxy-Authenticate` field: the name of a scheme (RFC 9110 §11.7.1).
pub(super) fn offered(head: &str) -> Vec<String> {
    let fields = head.lines().skip(1).take_while(|line| !line.is_empty());
    let challenges = fields.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("proxy-authenticate")
            .then_some(value)
    });
    let names = challenges.filter_map(|value| value.split([' ', ',']).find(|word| !word.is_empty()));
    let is_name = |name: &&str| {
        name.len() <= LONGEST_NAME
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    names.filter(is_name).map(str::to_owned).collect()
}

/// The error if the proxy accepts no kind of login that we support; none if it does, or if nothing is known.
pub(super) fn unsupported(schemes: &[String]) -> Option<Error> {
    let takes_basic = schemes.iter().any(|name| name.eq_ignore_ascii_case("Basic"));
    if schemes.is_empty() || takes_basic {
        return None;
    }
    let what = format!(
        "The proxy accepts only the login scheme {}, which is not supported, so no user and password can help; let the proxy accept Basic, or let this machine reach the Okta URL without a login.",
        schemes.join(" or ")
    );
    Some(Error::with_message(ErrorCode::ProxyInvalid, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_read_and_only_basic_is_supported() {
        let head = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nproxy-authenticate: Negotiate abc=\r\nX: Basic\r\n\r\nBasic";
        let ntlm = offered(head);
        assert_eq!(ntlm, ["NTLM", "Negotiate"]);
        let error = unsupported(&ntlm).expect("not supported");
        assert!(error.message().contains("NTLM or Negotiate") && error.message().contains("not supported"));
        assert!(unsupported(&offered(&head.replace("NTLM", "Basic realm=\"x\""))).is_none());
        assert!(unsupported(&[]).is_none());
    }
}
