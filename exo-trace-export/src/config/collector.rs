//! All that is decided about the way to a collector.

use super::endpoint::shown_or_masked;
use super::{Compression, Protocol};
use http::{HeaderName, HeaderValue};
use std::path::PathBuf;
use std::time::Duration;

/// The way to a collector, every field decided.
#[derive(Clone, PartialEq)]
pub(crate) struct Collector {
    /// The URL to send to, over HTTP with its path. It may hold a password: what is printed is
    /// [`Collector::shown_endpoint`].
    pub(crate) endpoint: String,
    pub(crate) protocol: Protocol,
    /// Each name once; values are marked as sensitive.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) compression: Compression,
    /// How long one request may take.
    pub(crate) timeout: Duration,
    pub(crate) tls: TlsFiles,
}

/// PEM files that a TLS connection needs beyond the system's own certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    /// Who may have signed the collector's certificate, in the place of the system's authorities.
    pub(crate) certificate: Option<PathBuf>,
    /// What this client shows of itself.
    pub(crate) client_certificate: Option<PathBuf>,
    /// The key to it.
    pub(crate) client_key: Option<PathBuf>,
}

impl Collector {
    /// Returns the URL that spans are sent to, without what may be secret.
    pub(crate) fn shown_endpoint(&self) -> String {
        shown_or_masked(&self.endpoint)
    }
}
