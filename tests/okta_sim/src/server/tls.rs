//! A certificate authority for one run, and its certificate for localhost.

use std::io;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The name of HTTP/2 in a handshake; Okta supports HTTP/2 and HTTP/1.1.
pub(crate) const HTTP_2: &[u8] = b"h2";

/// The TLS acceptor, and the certificate that a client must trust.
pub(crate) struct Identity {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) ca_pem: String,
}

/// Makes a new authority and a certificate for `localhost` and `127.0.0.1`.
pub(crate) fn identity() -> io::Result<Identity> {
    let mut authority = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let name = "Simulated Okta org, test authority";
    authority.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let authority = CertifiedIssuer::self_signed(authority, key).map_err(io::Error::other)?;

    let leaf = CertificateParams::new(names()).map_err(io::Error::other)?;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let leaf = leaf.signed_by(&key, &authority).map_err(io::Error::other)?;
    served_by(leaf.der().clone(), &key, authority.pem())
}

/// Makes a self-signed certificate for the same names. With `as_authority` it may sign others, like a certificate
/// of `openssl req -x509`.
pub(crate) fn self_signed(as_authority: bool) -> io::Result<Identity> {
    let mut own = CertificateParams::new(names()).map_err(io::Error::other)?;
    if as_authority {
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let own = own.self_signed(&key).map_err(io::Error::other)?;
    served_by(own.der().clone(), &key, own.pem())
}

fn names() -> Vec<String> {
    ["localhost", "okta-sim.test", "127.0.0.1"]
        .map(str::to_owned)
        .to_vec()
}

fn served_by(own: CertificateDer<'static>, key: &KeyPair, ca_pem: String) -> io::Result<Identity> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![own], key))
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
    Ok(Identity {
        acceptor: TlsAcceptor::from(Arc::new(config)),
        ca_pem,
    })
}
