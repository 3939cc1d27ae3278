//! The way to a collector: protocol, endpoint, headers, compression and timeout.
//!
//! The specification lets the variable for traces alone stand before the one for all signals, and
//! takes its URL as it is, while the general one is a base that OTLP's path follows. Over gRPC an
//! endpoint in the environment may be `host:port` alone: it is reached over TLS unless the variable
//! `INSECURE` says true. Code says the scheme.

use super::choices::{Choices, Source};
use super::endpoint::{Endpoint, Path, shown_or_masked};
use super::environment::{pairs, true_or_false};
use super::error::Refusal;
use super::ranges::{Milliseconds, SpanOfTime};
use super::{Collector, Compression, PemSources, Protocol, TraceConfig};
use http::{HeaderName, HeaderValue};
use std::ops::RangeInclusive;
use std::time::Duration;

const TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const PROTOCOLS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
const HEADERS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"];
const INSECURE: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_INSECURE", "OTEL_EXPORTER_OTLP_INSECURE"];
const COMPRESSIONS: [&str; 2] =
    ["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"];
const TIMEOUTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];

/// How long one request may take unless somebody says.
const TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT_RANGE: RangeInclusive<Duration> =
    Duration::from_millis(1)..=Duration::from_secs(60 * 60);

/// A header that HTTP can carry.
type Header = (HeaderName, HeaderValue);

impl TraceConfig {
    /// Decides where spans are sent, and how.
    pub(super) fn choose_collector(&self, choices: &mut Choices<'_>) -> (Collector, PemSources) {
        let (endpoint, protocol) = self.choose_endpoint(choices);
        let headers = self.choose_headers(choices);
        let compression = self.choose_compression(choices);
        let timeout = SpanOfTime {
            field: "timeout",
            given: self.timeout,
            variables: &TIMEOUTS,
            milliseconds: Milliseconds::Timeout,
            range: TIMEOUT_RANGE,
            default: TIMEOUT,
        };
        let timeout = timeout.choose(choices);
        let (tls, pem_sources) = self.choose_tls_files(choices);
        let collector = Collector { endpoint, protocol, headers, compression, timeout, tls };
        (collector, pem_sources)
    }

    fn choose_endpoint(&self, choices: &mut Choices<'_>) -> (String, Protocol) {
        let said = choices.take("protocol", self.protocol.map(Ok), &PROTOCOLS, Protocol::read);
        let scheme = choose_scheme(choices);
        let given = self.endpoint.as_deref().map(Endpoint::read);
        let variables = [TRACES_ENDPOINT, ENDPOINT];
        let endpoint = choices.take("endpoint", given, &variables, |text| {
            let is_grpc = |port| decided(said, port).0 == Protocol::Grpc;
            Endpoint::read_with_or_without(scheme, text, is_grpc)
        });
        let port = endpoint.as_ref().and_then(|(endpoint, _)| endpoint.port());
        let (protocol, protocol_source) = decided(said, port);
        choices.show("protocol", protocol, protocol_source);
        let url = endpoint.as_ref().map(|(endpoint, source)| match protocol {
            Protocol::Grpc => endpoint.as_given(),
            Protocol::HttpProtobuf | Protocol::HttpJson => endpoint.for_http(path_of(*source)),
        });
        let source = endpoint.map_or(Source::Default, |(_, source)| source);
        let url = url.unwrap_or_else(|| protocol.default_endpoint().to_owned());
        choices.show("endpoint", shown_or_masked(&url), source);
        (url, protocol)
    }

    fn choose_compression(&self, choices: &mut Choices<'_>) -> Compression {
        let has_zstd = choices.surroundings.features.zstd;
        let given = self.compression.map(|given| given.checked(has_zstd, given));
        let taken = choices.take("compression", given, &COMPRESSIONS, |text| {
            Compression::read(text)?.checked(has_zstd, format_args!("{text:?}"))
        });
        let (compression, source) = taken.unwrap_or((Compression::default(), Source::Default));
        choices.show("compression", compression, source);
        compression
    }

    /// Joins the environment's headers with code's, which win where names are equal.
    fn choose_headers(&self, choices: &mut Choices<'_>) -> Vec<Header> {
        let mut headers: Vec<(Header, Source)> = Vec::new();
        let from_environment = choices.take("headers", None, &HEADERS, headers_in);
        let (listed, source) = from_environment.unwrap_or((Vec::new(), Source::Default));
        for header in listed {
            put(&mut headers, header, source);
        }
        for (name, value) in &self.headers {
            if let Some(header) = choices.take_code("headers", header(name, value)) {
                put(&mut headers, header, Source::Code);
            }
        }
        for ((name, _), source) in &headers {
            choices.show(&format!("headers.{name}"), "****", *source);
        }
        if headers.is_empty() {
            choices.show("headers", "none", Source::Default);
        }
        headers.into_iter().map(|(header, _)| header).collect()
    }
}

/// Returns the protocol that was said, else the one that custom puts on the port, else the default.
fn decided(said: Option<(Protocol, Source)>, port: Option<u16>) -> (Protocol, Source) {
    let by_port = || {
        let port = port?;
        Some((Protocol::of_port(port)?, Source::EndpointPort(port)))
    };
    said.or_else(by_port).unwrap_or((Protocol::default(), Source::Default))
}

/// Decides the scheme of an endpoint that has none; only the environment can have such a one.
fn choose_scheme(choices: &mut Choices<'_>) -> &'static str {
    let Some((is_insecure, source)) = choices.take_first(&INSECURE, true_or_false) else {
        return "https";
    };
    choices.show("insecure", is_insecure, source);
    if is_insecure { "http" } else { "https" }
}

/// Returns what the source of an endpoint means by its path.
fn path_of(source: Source) -> Path {
    match source {
        Source::Environment(TRACES_ENDPOINT) => Path::Whole,
        Source::Environment(_) => Path::Base,
        Source::Code | Source::EndpointPort(_) | Source::Detected | Source::Default => {
            Path::BaseUnlessGiven
        }
    }
}

fn put(headers: &mut Vec<(Header, Source)>, header: Header, source: Source) {
    match headers.iter_mut().find(|(known, _)| known.0 == header.0) {
        Some(known) => *known = (header, source),
        None => headers.push((header, source)),
    }
}

/// Reads a list of headers; no part of it is shown when it is refused, for any may be the secret: what
/// stands behind a comma in a value that is not encoded looks like a name.
fn headers_in(text: &str) -> Result<Vec<Header>, Refusal> {
    let pairs = pairs(text).ok_or_else(|| {
        Refusal::of("****", "a list like `name=value,name=value`, percent-encoded")
    })?;
    let headers = pairs.iter().map(|(name, value)| header(name, value));
    let masked = |refusal: Refusal| Refusal::of("****", refusal.expected);
    headers.map(|header| header.map_err(masked)).collect()
}

fn header(name: &str, value: &str) -> Result<Header, Refusal> {
    let Ok(header_name) = HeaderName::from_bytes(name.as_bytes()) else {
        // Who writes `name: secret` in the place of a name has not meant to show it.
        return Err(Refusal::of("****", "a name that is an HTTP token"));
    };
    let Ok(mut header_value) = HeaderValue::from_str(value) else {
        let expected = "a value of visible ASCII characters, spaces and tabs";
        return Err(Refusal::of(format_args!("{header_name}: ****"), expected));
    };
    header_value.set_sensitive(true);
    Ok((header_name, header_value))
}
