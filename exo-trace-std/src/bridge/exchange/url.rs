//! Addresses as telemetry may have them: without credentials, and without what is secret in a query.

use super::site::keys;
use crate::Exchange;
use exo_trace_core::Value;
use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, Uri};
use std::borrow::Cow;

/// What stands in the place of a secret.
const REDACTED: &str = "REDACTED";

/// The parameters whose values are secrets: those that the conventions name, and the names under which
/// models' providers take their keys.
///
/// Source: OpenTelemetry semantic conventions, "URL", of 1.42 and before.
const SECRETS: [&str; 12] = [
    "X-Amz-Signature",
    "X-Amz-Credential",
    "X-Amz-Security-Token",
    "X-Goog-Signature",
    "AWSAccessKeyId",
    "Signature",
    "sig",
    "key",
    "api_key",
    "api-key",
    "apikey",
    "access_token",
];

/// Returns an address without credentials and secrets.
pub(in crate::bridge) fn redacted_url(url: &str) -> Cow<'_, str> {
    let (before, query) =
        url.split_once('?').map_or((url, None), |(url, query)| (url, Some(query)));
    let before = without_credentials(before);
    let query = query.map(redacted_query);
    match (before, query) {
        (Cow::Borrowed(_), None | Some(Cow::Borrowed(_))) => Cow::Borrowed(url),
        (before, None) => before,
        (before, Some(query)) => Cow::Owned(format!("{before}?{query}")),
    }
}

/// Returns the query of an address without secrets; a fragment may follow it.
pub(in crate::bridge) fn redacted_query(query: &str) -> Cow<'_, str> {
    let (parameters, fragment) = query.find('#').map_or((query, ""), |place| query.split_at(place));
    if !parameters.split('&').any(is_secret) {
        return Cow::Borrowed(query);
    }
    let mut redacted = String::with_capacity(query.len() + REDACTED.len());
    for parameter in parameters.split('&') {
        let name = parameter.split('=').next().unwrap_or_default();
        let separator = if redacted.is_empty() { "" } else { "&" };
        match is_secret(parameter) {
            true => redacted.extend([separator, name, "=", REDACTED]),
            false => redacted.extend([separator, parameter]),
        }
    }
    redacted.push_str(fragment);
    Cow::Owned(redacted)
}

fn is_secret(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, _)| SECRETS.contains(&name))
}

fn without_credentials(url: &str) -> Cow<'_, str> {
    let start = url.find("//").map_or(0, |place| place + 2);
    let (scheme, rest) = url.split_at(start);
    let (authority, path) = rest.split_at(rest.find(['/', '#']).unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        // The address of a `CONNECT` has no scheme, and no path.
        Some((_, host)) if start > 0 || !url.starts_with('/') => {
            Cow::Owned(format!("{scheme}{REDACTED}:{REDACTED}@{host}{path}"))
        }
        _ => Cow::Borrowed(url),
    }
}

/// Whom a request goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bridge) struct Host<'r> {
    authority: Cow<'r, Authority>,
}

impl<'r> Host<'r> {
    /// Returns what a request says: in its address, or in the header `host`.
    pub(in crate::bridge) fn of(uri: &'r Uri, headers: &HeaderMap) -> Option<Self> {
        if let Some(authority) = uri.authority() {
            return Some(Self { authority: Cow::Borrowed(authority) });
        }
        let header = Authority::try_from(headers.get(HOST)?.as_bytes()).ok()?;
        Some(Self { authority: Cow::Owned(header) })
    }

    /// Says its name and port.
    pub(in crate::bridge) fn say(&self, scheme: &str, exchange: &mut Exchange) {
        exchange.say(&keys::SERVER_ADDRESS, Value::Text(self.address()));
        if let Some(port) = self.port(scheme) {
            exchange.say(&keys::SERVER_PORT, Value::I64(i64::from(port)));
        }
    }

    /// Returns its name or address, that of version 6 without brackets.
    fn address(&self) -> &str {
        self.authority.host().trim_matches(['[', ']'])
    }

    /// Returns its port: what was said, or the scheme's own.
    fn port(&self, scheme: &str) -> Option<u16> {
        self.authority.port_u16().or(match scheme {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn credentials_and_secrets_are_redacted() {
        for (url, redacted) in [
            ("https://a.example/p?q=1#f", "https://a.example/p?q=1#f"),
            ("https://u:p@a.example:8443/p", "https://REDACTED:REDACTED@a.example:8443/p"),
            ("u:p@a.example:443", "REDACTED:REDACTED@a.example:443"),
            ("https://token@a.example", "https://REDACTED:REDACTED@a.example"),
            ("https://a.example/@me?to=b@c", "https://a.example/@me?to=b@c"),
            ("https://a.example?q=1&sig=x&r=2#f", "https://a.example?q=1&sig=REDACTED&r=2#f"),
            ("https://u@a.example/?key=x", "https://REDACTED:REDACTED@a.example/?key=REDACTED"),
            ("/p?Signature=a=b", "/p?Signature=REDACTED"),
        ] {
            assert_eq!(redacted_url(url), redacted);
        }
    }

    #[test]
    fn names_of_secrets_have_their_case_and_their_end() {
        for query in ["SIG=1", "signal=1", "sig", "monkey=1", ""] {
            assert_eq!(redacted_query(query), query);
        }
    }

    #[test]
    fn a_host_is_in_the_address_or_in_a_header() {
        let headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static("[::1]:8080"))]);
        let (path, whole) = ("/p".parse().unwrap(), "https://u@b.example/p".parse().unwrap());
        let host = Host::of(&path, &headers).unwrap();
        assert_eq!((host.address(), host.port("http")), ("::1", Some(8080)));
        let host = Host::of(&whole, &headers).unwrap();
        assert_eq!(
            (host.address(), host.port("https"), host.port("ws")),
            ("b.example", Some(443), None)
        );
        assert_eq!(Host::of(&path, &HeaderMap::new()), None);
    }
}
