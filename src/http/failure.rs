//! Turns what reqwest reports into the engine's errors.
//!
//! The cause is found in the chain of sources. The texts of that chain are never shown, because reqwest puts whole
//! URLs into them. Our messages name the host only.

use std::error::Error as StdError;
use std::io;

use rustls::CertificateError;

use crate::contract::errors::{Error, ErrorCode};
use crate::resources;

/// This error is not retried, unlike other failures of a proxy: repeating a wrong password may lock the account.
pub(super) const PROXY_LOGIN: &str = "The proxy asks for a user and a password, or refuses the given ones; put the right ones into the proxy setting as http://user:password@host:port.";

const NO_TLS: &str = "the port does not speak TLS; it may be a port for plain http; check the port and the scheme of the address";
/// A CA certificate may sign other certificates, so it must not identify a server.
const SELF_SIGNED: &str = "the server identifies itself with a self-signed CA certificate; that is never accepted, even if http.ca_file contains the certificate; give the server a certificate issued by a CA, and put that CA's certificate into http.ca_file";

/// The engine's error for a failed exchange with `host`.
pub(super) fn from_reqwest(host: &str, error: &reqwest::Error) -> Error {
    let chain = Chain::of(error);
    let is_https = error.url().is_none_or(|url| url.scheme() == "https");
    if chain.exhausted {
        return resources::refused(&format!("a connection to {host}"));
    }
    // The order matters: if the proxy cannot be resolved, reached or trusted, it is an error of the proxy.
    if chain.proxy_login {
        return Error::with_message(ErrorCode::ProxyInvalid, PROXY_LOGIN);
    }
    if chain.tunnel {
        return Error::about(ErrorCode::ProxyFailed, host);
    }
    if let Some(reason) = chain.tls {
        return Error::about(ErrorCode::TlsFailed, format!("{host}, {reason}"));
    }
    let code = if chain.dns || error.is_dns() {
        ErrorCode::NameNotResolved
    } else if error.is_connect() && !error.is_timeout() && !chain.tcp && is_https {
        // The connection was made, but the other side does not speak TLS.
        return Error::about(ErrorCode::TlsFailed, format!("{host}, {NO_TLS}"));
    } else if error.is_connect() {
        // Time-outs belong here: a firewall that drops packets prevents the connection; the server is not slow.
        ErrorCode::ConnectFailed
    } else if error.is_timeout() {
        ErrorCode::TimedOut
    } else {
        // A broken stream, a truncated or corrupt body, or an answer that is not HTTP.
        ErrorCode::ConnectionLost
    };
    Error::about(code, host)
}

#[derive(Default)]
struct Chain {
    proxy_login: bool,
    tunnel: bool,
    dns: bool,
    /// Whether the connection itself could not be made.
    tcp: bool,
    /// Whether this process has no more descriptors or memory.
    exhausted: bool,
    tls: Option<&'static str>,
}

impl Chain {
    fn of(error: &reqwest::Error) -> Chain {
        let mut chain = Chain::default();
        let mut next = error.source();
        while let Some(cause) = next {
            chain.note(cause);
            let io = cause.downcast_ref::<io::Error>();
            chain.exhausted |= io.is_some_and(resources::is_exhausted);
            // `source()` of an I/O error skips the wrapped error, and rustls puts its error exactly there.
            next = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                Some(inner) => Some(inner),
                None => cause.source(),
            };
        }
        chain
    }

    fn note(&mut self, cause: &(dyn StdError + 'static)) {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            self.tls = Some(tls_reason(tls));
            return;
        }
        // hyper-util does not export these error types, so only the beginning of their texts tells them apart.
        let text = cause.to_string();
        self.proxy_login |= text == "tunnel error: proxy authorization required";
        self.tunnel |= text.starts_with("tunnel error");
        self.dns |= text.starts_with("dns error");
        self.tcp |= text.starts_with("tcp ");
    }
}

/// A few words for an administrator. They contain nothing from the certificate itself.
fn tls_reason(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(problem) => match problem {
            CertificateError::UnknownIssuer => "the issuer of the certificate is not trusted",
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the certificate has expired"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the certificate is not valid yet, check the clock of this machine"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the certificate belongs to another host"
            }
            CertificateError::Revoked => "the certificate is revoked",
            CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
                SELF_SIGNED
            }
            _ => "the certificate cannot be accepted",
        },
        rustls::Error::InvalidMessage(_) => NO_TLS,
        rustls::Error::AlertReceived(_) => "the other side refused the handshake",
        rustls::Error::PeerIncompatible(_) => "no TLS 1.2 or 1.3 in common",
        _ => "the handshake failed",
    }
}
