//! The TLS settings: the system's roots and the administrator's own, TLS 1.2 and 1.3, ring.
//!
//! Reading the system's roots takes milliseconds, so it is done once for the process.

use std::sync::Arc;

use once_cell::sync::Lazy;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Error, ErrorCode, Result};

/// The certificates the system trusts. One that cannot be read is passed over, as every client does.
static SYSTEM_ROOTS: Lazy<RootCertStore> = Lazy::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
});

/// The settings for connections to Okta; `ca_file` is a PEM file, or empty for none.
pub fn client_config(ca_file: &str) -> Result<ClientConfig> {
    let mut roots = SYSTEM_ROOTS.clone();
    if !ca_file.is_empty() {
        add_file(&mut roots, ca_file)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::internal("no TLS version"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

fn add_file(roots: &mut RootCertStore, path: &str) -> Result<()> {
    let invalid = |what: &str| Error::about(ErrorCode::CaInvalid, format!("{path} {what}"));
    let certificates = CertificateDer::pem_file_iter(path).map_err(|_| invalid("cannot be read"))?;
    let mut count = 0;
    for certificate in certificates {
        let certificate = certificate.map_err(|_| invalid("is not PEM"))?;
        roots
            .add(certificate)
            .map_err(|_| invalid("holds a broken certificate"))?;
        count += 1;
    }
    if count == 0 {
        return Err(invalid("holds no certificate"));
    }
    Ok(())
}
