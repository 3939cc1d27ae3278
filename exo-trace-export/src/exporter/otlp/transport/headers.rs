//! The headers of every request: what the program gave, who sends, and who asks.

use super::discreet::Discreet;
use super::place::Place;
use crate::config::Collector;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use http::header::{AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Who sends, in the words the OTLP exporter specification asks for.
const SENDER: &str = concat!("OTel-OTLP-Exporter-Rust/", env!("CARGO_PKG_VERSION"));

/// How a body is framed is the transport's to say; a header that says otherwise breaks the request.
const FRAMING: [&str; 8] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "grpc-encoding",
    "grpc-timeout",
    "te",
    "transfer-encoding",
];

/// Returns the headers of every request over HTTP.
pub(super) fn of(collector: &Collector, place: &Place) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static(SENDER));
    if let Some(login) = place.login.as_ref().and_then(|login| login.header()) {
        headers.insert(AUTHORIZATION, sensitive(login));
    }
    for (name, value) in &collector.headers {
        if !FRAMING.contains(&name.as_str()) {
            headers.insert(name, sensitive(value.clone()));
        }
    }
    headers
}

/// Returns the metadata of every request over gRPC, where a name that ends in `-bin` has a value of
/// bytes, which travel as base64.
pub(super) fn as_metadata(mut headers: HeaderMap) -> HeaderMap {
    let is_binary = |name: &HeaderName| name.as_str().ends_with("-bin");
    for (_, value) in headers.iter_mut().filter(|(name, _)| is_binary(name)) {
        let encoded = BASE64_STANDARD_NO_PAD.encode(value.as_bytes());
        // Base64 is visible ASCII, which any header can hold.
        *value = sensitive(HeaderValue::from_str(&encoded).unwrap_or_else(|_| value.clone()));
    }
    headers
}

/// Returns what may not be shown of what the far side says: these headers, what the URL holds, and
/// whatever else is named.
pub(super) fn secrets<'h>(
    headers: impl IntoIterator<Item = &'h HeaderMap>,
    place: &Place,
    others: impl IntoIterator<Item = String>,
) -> Discreet {
    let of_headers = headers.into_iter().flat_map(HeaderMap::values);
    let of_headers = of_headers.filter(|value| value.is_sensitive());
    let texts = of_headers.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let login = place.login.iter().flat_map(|login| login.secrets());
    let query = place.uri.query().map(str::to_owned);
    Discreet::about(texts.chain(login).chain(query).chain(others))
}

fn sensitive(mut value: HeaderValue) -> HeaderValue {
    value.set_sensitive(true);
    value
}
