//! The beginning of a client's request: its span, and the context in its headers.

use super::grpc::is_grpc;
use super::method::Method;
use super::site::{Site, keys};
use super::url::{Host, redacted_url};
use super::watch::{Protocol, Side, Watch};
use crate::propagation::Propagators;
use crate::{Begun, Context, Exchange};
use exo_trace_core::Value;
use http::{HeaderMap, Uri};

/// Begins the span of a request and writes its context; `None` where tracing is suppressed.
///
/// `origin` is where a request goes whose address is a path alone.
pub(in crate::bridge) fn ask(
    method: &http::Method,
    uri: &Uri,
    origin: Option<&Uri>,
    headers: &mut HeaderMap,
    propagators: Propagators,
) -> Option<Watch> {
    if Context::unmarked().is_suppressed() {
        return None;
    }
    let protocol = if is_grpc(headers) { Protocol::Grpc } else { Protocol::Http };
    let known = Method::of(method);
    let mut exchange = Exchange::new(Begun::at(Site::of(Side::Client, protocol, known, false)));
    if exchange.is_recording() {
        match protocol {
            Protocol::Http => {
                known.say(method, &mut exchange);
                say_url(uri, origin, &mut exchange);
            }
            Protocol::Grpc => {
                let called = uri.path().trim_start_matches('/');
                exchange.say(&keys::RPC_METHOD, Value::Text(called));
            }
        }
        let known_host = if uri.authority().is_some() { uri } else { origin.unwrap_or(uri) };
        if let Some(host) = Host::of(known_host, headers) {
            host.say(known_host.scheme_str().unwrap_or_default(), &mut exchange);
        }
    }
    exchange.during(|| propagators.inject(headers));
    Some(Watch::new(exchange, Side::Client, protocol, method))
}

/// Says the whole address, where it is known.
fn say_url(uri: &Uri, origin: Option<&Uri>, exchange: &mut Exchange) {
    let url = match (uri.authority(), origin) {
        (Some(_), _) => uri.to_string(),
        (None, Some(origin)) => {
            let path = uri.path_and_query().map_or("/", |path| path.as_str());
            format!("{}{path}", origin.to_string().trim_end_matches('/'))
        }
        (None, None) => return,
    };
    exchange.say(&keys::URL_FULL, Value::Text(&redacted_url(&url)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SpanContext;

    #[test]
    fn where_tracing_is_suppressed_nothing_begins_and_nothing_is_written() {
        let sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let within = Context::empty().with_span(SpanContext::from_traceparent(sent).unwrap());
        let asked = |headers: &mut HeaderMap| {
            ask(&http::Method::GET, &Uri::default(), None, headers, Propagators::default())
                .is_some()
        };
        let (mut headers, mut suppressed) = (HeaderMap::new(), HeaderMap::new());
        let _within = within.attach();
        assert!(!crate::suppressed(|| asked(&mut suppressed)) && suppressed.is_empty());
        assert!(
            asked(&mut headers) && headers["traceparent"] == sent,
            "nothing records, but all passes on"
        );
    }
}
