//! The URL of a collector: what it must have, what of it may be shown, and the path that OTLP adds.
//!
//! Source: OpenTelemetry specification, "OTLP Exporter", endpoint URLs for OTLP/HTTP.

use super::error::Refusal;
use http::Uri;
use http::uri::Authority;
use std::num::NonZeroU16;

const EXPECTED: &str = "an http:// or https:// URL with a host";
const EXPECTED_OF_VARIABLES: &str =
    "an http:// or https:// URL with a host, or host:port where the protocol is grpc";
/// Where a collector takes traces over HTTP.
const TRACES_PATH: &str = "/v1/traces";

/// A URL of scheme `http` or `https` with a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    text: String,
    uri: Uri,
    port: Option<u16>,
}

/// How much of the path is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// The URL is a collector's root: OTLP's path follows it.
    Base,
    /// The URL is a collector's root unless it has a path.
    BaseUnlessGiven,
    /// The URL is the place itself.
    Whole,
}

impl Endpoint {
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        Self::parse(text).ok_or_else(|| Refusal::of_text(&shown_or_masked(text), EXPECTED))
    }

    /// Reads a URL, or `host:port` where gRPC is what its port or somebody says: the specification
    /// lets an endpoint of gRPC be whatever its libraries take.
    pub(super) fn read_with_or_without(
        scheme: &str,
        text: &str,
        is_grpc: impl Fn(Option<u16>) -> bool,
    ) -> Result<Self, Refusal> {
        let read = Self::parse(text).or_else(|| {
            let endpoint = Self::parse(&format!("{scheme}://{text}"))?;
            let is_place = endpoint.uri.authority().map(Authority::as_str) == Some(text);
            let is_place = is_place && endpoint.port.is_some() && !text.contains('@');
            (is_place && is_grpc(endpoint.port)).then_some(endpoint)
        });
        read.ok_or_else(|| Refusal::of_text(&shown_or_masked(text), EXPECTED_OF_VARIABLES))
    }

    fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return None;
        }
        let port = port_of(uri.authority()?)?;
        Some(Self { text: text.to_owned(), uri, port })
    }

    pub(super) fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the URL as it was given, which is where gRPC connects to.
    pub(super) fn as_given(&self) -> String {
        self.text.clone()
    }

    /// Returns the URL that OTLP over HTTP posts to.
    pub(super) fn for_http(&self, path: Path) -> String {
        let given = self.uri.path().trim_end_matches('/');
        let is_whole = match path {
            Path::Base => false,
            Path::BaseUnlessGiven => !given.is_empty(),
            Path::Whole => true,
        };
        if is_whole {
            return self.text.clone();
        }
        let (scheme, authority) = (self.uri.scheme_str(), self.uri.authority());
        let (scheme, authority) =
            (scheme.unwrap_or_default(), authority.map_or("", Authority::as_str));
        let query = self.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{scheme}://{authority}{given}{TRACES_PATH}{query}")
    }
}

/// Returns the port if there is one; `None` for a host that is empty or a port that is none.
fn port_of(authority: &Authority) -> Option<Option<u16>> {
    let host = authority.host();
    if host.is_empty() {
        return None;
    }
    let (_, place) = authority.as_str().rsplit_once('@').unwrap_or(("", authority.as_str()));
    match place.strip_prefix(host)? {
        "" => Some(None),
        port => Some(Some(port.strip_prefix(':')?.parse::<NonZeroU16>().ok()?.get())),
    }
}

/// Returns the endpoint without what may be secret: user, password and query.
pub(super) fn shown_or_masked(text: &str) -> String {
    match Endpoint::parse(text.trim()) {
        Some(endpoint) => shown(&endpoint),
        // Where a password ends in a URL that is none, nobody can say.
        None if text.contains(['@', '?', '#']) => "****".to_owned(),
        None => text.to_owned(),
    }
}

fn shown(endpoint: &Endpoint) -> String {
    let text = endpoint.text.as_str();
    let cut = text.find(['?', '#']);
    let (text, query) = cut.map_or((text, ""), |cut| (&text[..cut], "?****"));
    let authority = endpoint.uri.authority().map_or("", Authority::as_str);
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let path = path_shown(rest.strip_prefix(authority).unwrap_or_default());
    match authority.rsplit_once('@') {
        Some((_, place)) => format!("{scheme}://****@{place}{path}{query}"),
        None => format!("{scheme}://{authority}{path}{query}"),
    }
}

/// A slash in a password ends the host in the midst of it: the rest of it, and the true host, are then
/// the path.
fn path_shown(path: &str) -> &str {
    if path.contains('@') { "/****" } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_has_a_scheme_a_host_and_a_real_port() {
        for good in ["http://localhost:4317", "https://[::1]:4318/x", "HTTP://collector"] {
            assert!(Endpoint::read(good).is_ok(), "{good}");
        }
        let refused = ["", "localhost:4317", "/v1/traces", "ftp://a", "http://", "http://:4317"];
        for bad in
            refused.into_iter().chain(["http://a:99999", "http://a:0", "http://a:", "http://a b"])
        {
            let refusal = Endpoint::read(bad).unwrap_err();
            assert_eq!(
                (refusal.value, refusal.expected),
                (format!("{bad:?}"), EXPECTED.to_owned())
            );
        }
    }

    #[test]
    fn over_grpc_a_host_and_its_port_are_enough() {
        let read = |text: &str, is_grpc: bool| {
            let read = Endpoint::read_with_or_without("https", text, |_| is_grpc);
            read.map(|endpoint| endpoint.as_given())
        };
        assert_eq!(read("collector:4317", true).as_deref(), Ok("https://collector:4317"));
        assert_eq!(read("[::1]:4317", true).as_deref(), Ok("https://[::1]:4317"));
        assert_eq!(read("http://collector:4317", true).as_deref(), Ok("http://collector:4317"));
        assert!(read("collector:4317", false).is_err());
        for bad in ["collector", "me:secret@a:1", "a:1/x", "a:1?key=x", "unix:/run/x", "://a:1"] {
            assert!(read(bad, true).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_path_follows_a_base_and_nothing_else() {
        let over_http = |text: &str, path| Endpoint::read(text).unwrap().for_http(path);
        for (given, path, expected) in [
            ("http://a:4318", Path::Base, "http://a:4318/v1/traces"),
            ("http://a:4318/", Path::BaseUnlessGiven, "http://a:4318/v1/traces"),
            ("http://a/otlp/", Path::Base, "http://a/otlp/v1/traces"),
            ("http://a/otlp", Path::BaseUnlessGiven, "http://a/otlp"),
            ("http://a/otlp?key=1", Path::Base, "http://a/otlp/v1/traces?key=1"),
            ("http://a", Path::Whole, "http://a"),
        ] {
            assert_eq!(over_http(given, path), expected);
        }
    }

    #[test]
    fn passwords_and_queries_are_not_shown() {
        for (given, expected) in [
            ("http://a:4317", "http://a:4317"),
            ("http://user:secret@a:4317/x", "http://****@a:4317/x"),
            ("https://a/x?token=secret", "https://a/x?****"),
            ("https://a/x#secret", "https://a/x?****"),
            ("user:secret@a", "****"),
            ("http://user/secret@a:4317", "http://user/****"),
            ("http://user:12/secret@a?key=b", "http://user:12/****?****"),
            ("http://user:secret@user/secret@a", "http://****@user/****"),
            ("localhost:4317", "localhost:4317"),
        ] {
            assert_eq!(shown_or_masked(given), expected);
        }
    }
}
