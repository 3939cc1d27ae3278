//! Whom to trust and who we are: one TLS configuration for both ways, and none for the process.

use super::place::Place;
use crate::config::{Collector, ConfigError, TlsFiles};
use crate::exporter::ExportError;
use rustls::client::WantsClientCert;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;

/// Returns the configuration of a client that speaks `alpn`.
///
/// The files are read whatever the URL says, so that a bad one is named before it is needed; the
/// system's authorities are read for `https` alone, because a bare container has none.
pub(super) fn configuration(
    collector: &Collector,
    place: &Place,
    alpn: &[u8],
) -> Result<ClientConfig, ExportError> {
    let files = &collector.tls;
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(ExportError::new)?;
    let trusting = match &files.certificate {
        Some(file) => builder.with_root_certificates(authorities(file)?),
        None if place.is_tls() => builder.with_platform_verifier().map_err(|error| {
            let expected = format!("a PEM file, since this system's own are no use: {error}");
            refused("certificate", "unset", expected)
        })?,
        None => builder.with_root_certificates(RootCertStore::empty()),
    };
    let mut configuration = with_identity(trusting, files)?;
    configuration.alpn_protocols = vec![alpn.to_vec()];
    Ok(configuration)
}

fn authorities(file: &Path) -> Result<RootCertStore, ExportError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("certificate", file)? {
        roots.add(certificate).map_err(|error| in_file("certificate", file, error))?;
    }
    Ok(roots)
}

/// Adds what this client shows of itself, when it is to show anything.
fn with_identity(
    builder: ConfigBuilder<ClientConfig, WantsClientCert>,
    files: &TlsFiles,
) -> Result<ClientConfig, ExportError> {
    let (file, key_file) = match (&files.client_certificate, &files.client_key) {
        (None, None) => return Ok(builder.with_no_client_auth()),
        (Some(file), Some(key_file)) => (file, key_file),
        (Some(_), None) => {
            return Err(refused("client_key", "unset", "the key to the client certificate"));
        }
        (None, Some(_)) => {
            return Err(refused(
                "client_certificate",
                "unset",
                "the certificate of the client key",
            ));
        }
    };
    let chain = certificates("client_certificate", file)?;
    let key = PrivateKeyDer::from_pem_file(key_file)
        .map_err(|error| in_file("client_key", key_file, in_words(error, "private key")))?;
    builder
        .with_client_auth_cert(chain, key)
        .map_err(|error| in_file("client_key", key_file, error))
}

fn certificates(
    field: &'static str,
    file: &Path,
) -> Result<Vec<CertificateDer<'static>>, ExportError> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(in_file(field, file, "there is no certificate in it")),
        Err(error) => Err(in_file(field, file, in_words(error, "certificate"))),
    }
}

fn in_words(error: pem::Error, wanted: &str) -> String {
    match error {
        pem::Error::Io(error) => error.to_string(),
        pem::Error::NoItemsFound => format!("there is no {wanted} in it"),
        error => error.to_string(),
    }
}

fn in_file(field: &'static str, file: &Path, why: impl Display) -> ExportError {
    refused(field, format!("{file:?}"), format!("a PEM file that can be used: {why}"))
}

fn refused(
    field: &'static str,
    value: impl Into<String>,
    expected: impl Into<String>,
) -> ExportError {
    ExportError::new(ConfigError { field, value: value.into(), expected: expected.into() })
}
