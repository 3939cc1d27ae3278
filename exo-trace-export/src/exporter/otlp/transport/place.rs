//! Where a collector is, apart from the password that its URL may hold.

use crate::config::{Collector, ConfigError};
use crate::exporter::ExportError;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;

/// Where requests go, and what its URL says of who asks.
pub(super) struct Place {
    /// The URL without user and password.
    pub(super) uri: Uri,
    pub(super) login: Option<Login>,
}

/// A user and a password.
pub(super) struct Login {
    user: Vec<u8>,
    password: Vec<u8>,
}

impl Place {
    pub(super) fn of(collector: &Collector) -> Result<Self, ExportError> {
        Self::parse(&collector.endpoint).ok_or_else(|| {
            ExportError::new(ConfigError {
                field: "endpoint",
                value: format!("{:?}", collector.shown_endpoint()),
                expected: "an http:// or https:// URL with a host".to_owned(),
            })
        })
    }

    fn parse(endpoint: &str) -> Option<Self> {
        let mut parts = endpoint.trim().parse::<Uri>().ok()?.into_parts();
        let scheme = parts.scheme.as_ref()?;
        if *scheme != Scheme::HTTP && *scheme != Scheme::HTTPS {
            return None;
        }
        let authority = parts.authority.take()?;
        let (login, host) = match authority.as_str().rsplit_once('@') {
            Some((login, host)) => (Some(Login::read(login)), host.parse().ok()?),
            None => (None, authority.clone()),
        };
        parts.authority = Some::<Authority>(host);
        Some(Self { uri: Uri::from_parts(parts).ok()?, login })
    }

    /// Returns where a method of gRPC is, which has a path of its own.
    pub(super) fn of_method(&self, method: &'static str) -> Uri {
        let mut parts = self.uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::from_static(method));
        // A URL with a scheme, a host and a path is whole.
        Uri::from_parts(parts).unwrap_or_default()
    }

    pub(super) fn is_tls(&self) -> bool {
        self.uri.scheme() == Some(&Scheme::HTTPS)
    }
}

impl Login {
    pub(super) fn read(text: &str) -> Self {
        let (user, password) = text.split_once(':').unwrap_or((text, ""));
        let decoded = |part: &str| percent_decode_str(part).collect();
        Self { user: decoded(user), password: decoded(password) }
    }

    /// Returns the header of basic authorization.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let joined = [&self.user[..], b":", &self.password[..]].concat();
        HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(joined))).ok()
    }

    /// Returns user and password, and what is made of them.
    pub(super) fn secrets(&self) -> impl Iterator<Item = String> {
        let words = [&self.user, &self.password];
        let words = words.map(|word| String::from_utf8_lossy(word).into_owned());
        let header = self.header().and_then(|header| header.to_str().map(str::to_owned).ok());
        words.into_iter().chain(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_leaves_the_url_and_becomes_a_header() {
        let place = Place::parse("http://me:p%40ss@a:4317/x?y=1").unwrap();
        assert_eq!(place.uri, "http://a:4317/x?y=1");
        assert_eq!(place.of_method("/a.B/C"), "http://a:4317/a.B/C");
        let header = place.login.and_then(|login| login.header()).unwrap();
        assert_eq!(header, format!("Basic {}", BASE64_STANDARD.encode("me:p@ss")));
        assert!(Place::parse("http://a").unwrap().login.is_none());
    }

    #[test]
    fn what_is_no_url_is_no_place() {
        for bad in ["", "a:4317", "ftp://a", "http://"] {
            assert!(Place::parse(bad).is_none(), "{bad}");
        }
    }
}
