//! TLS: the protocol versions and the certificate authorities that are trusted.
//!
//! Reading the system's certificate store takes tens of milliseconds. So an engine keeps one [`TlsCache`], and
//! every [`Transport`](crate::http::Transport) shares its configuration and its TLS session tickets.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::plain_file::{self, Links};

/// The largest file of CA certificates that is read. All CAs of a system take a few hundred kilobytes.
pub const MAX_CA_BYTES: u64 = 8 * 1024 * 1024;

/// The last TLS configuration and the CA file that it was made from. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct TlsCache(Arc<Mutex<Option<Entry>>>);

#[derive(Debug)]
struct Entry {
    ca_file: CaFile,
    config: Arc<ClientConfig>,
}

/// A CA file and the time of its last change, so that a replaced file is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CaFile {
    path: String,
    modified: Option<SystemTime>,
}

impl TlsCache {
    /// A cache that holds nothing yet.
    pub fn new() -> TlsCache {
        TlsCache::default()
    }

    /// The configuration that trusts the system's CAs and those in `ca_file` (empty for none).
    pub(super) fn config(&self, ca_file: &str) -> Result<Arc<ClientConfig>> {
        let wanted = CaFile {
            path: ca_file.to_owned(),
            modified: fs::metadata(ca_file).and_then(|meta| meta.modified()).ok(),
        };
        let mut entry = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entry.as_ref().filter(|entry| entry.ca_file == wanted) {
            return Ok(entry.config.clone());
        }
        let config = Arc::new(client_config(ca_file)?);
        *entry = Some(Entry {
            ca_file: wanted,
            config: config.clone(),
        });
        Ok(config)
    }
}

fn client_config(ca_file: &str) -> Result<ClientConfig> {
    // The provider is named here and not installed for the process, so that another rustls in the same JVM is not
    // affected.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|_| Error::internal("the TLS versions do not fit the TLS provider"))?
        .with_root_certificates(roots(ca_file)?)
        .with_no_client_auth();
    // RFC 7301; reqwest leaves a preconfigured list as it is.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn roots(ca_file: &str) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    // A certificate of the system's store that cannot be read is skipped, and the others are trusted. If none is
    // left, the handshake fails with `TlsFailed`.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if !ca_file.is_empty() {
        for certificate in extra_certificates(ca_file)? {
            roots
                .add(certificate)
                .map_err(|_| Error::new(ErrorCode::CaInvalid))?;
        }
    }
    Ok(roots)
}

fn extra_certificates(ca_file: &str) -> Result<Vec<CertificateDer<'static>>> {
    let invalid = || Error::new(ErrorCode::CaInvalid);
    let pem = plain_file::read(Path::new(ca_file), MAX_CA_BYTES, Links::Followed).map_err(|error| {
        let what = format!("the CA file {ca_file} ({})", plain_file::cause(&error));
        Error::about(ErrorCode::CaInvalid, what)
    })?;
    let certificates: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let certificates = certificates.map_err(|_| invalid())?;
    if certificates.is_empty() {
        return Err(invalid());
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_is_made_once() {
        let cache = TlsCache::new();
        let first = cache.config("").expect("system roots");
        assert!(Arc::ptr_eq(&first, &cache.clone().config("").expect("cached")));
        assert_eq!(first.alpn_protocols, [b"h2".to_vec(), b"http/1.1".to_vec()]);
    }

    #[test]
    fn a_ca_file_must_hold_certificates() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ca.pem");
        let path = file.to_str().expect("a UTF-8 path");
        let refused = |cache: &TlsCache| cache.config(path).expect_err("must be refused").code();
        let cache = TlsCache::new();
        assert_eq!(refused(&cache), ErrorCode::CaInvalid);
        for content in [
            "",
            "no PEM",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            fs::write(&file, content).expect("written");
            assert_eq!(refused(&cache), ErrorCode::CaInvalid, "{content}");
        }
        let endless = cache.config("/dev/zero").expect_err("a device");
        assert_eq!(endless.code(), ErrorCode::CaInvalid);
    }
}
