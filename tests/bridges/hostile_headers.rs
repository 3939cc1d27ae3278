//! Headers of any length and any bytes: what is read of them has a bound, what is kept a smaller one, and
//! what is sent on is a header.

use axum::body::Body;
use exo_trace::bridge::tower::{client, server};
use exo_trace::bridge::{a2a, mcp};
use exo_trace::propagation::{
    BAGGAGE_BYTES_MAX, BAGGAGE_MEMBERS_MAX, Carrier, HEADER_BYTES_READ_MAX, TRACE_STATE_BYTES_MAX,
    TraceState,
};
use exo_trace::testing::capture_async;
use exo_trace::{Baggage, Context, Propagators, SpanContext};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tonic::metadata::MetadataMap;
use tower::{Layer, ServiceExt, service_fn};

const SENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const MEGABYTE: usize = 1 << 20;
const NAMES: [&str; 6] =
    ["traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "x-b3-spanid"];

fn every_format() -> Propagators {
    let of_b3 = Propagators::B3.with(Propagators::B3_MULTI);
    Propagators::default().with(of_b3)
}

/// Texts that somebody might put under any of the names.
fn hostile() -> Vec<Vec<u8>> {
    let long = |unit: &[u8]| unit.repeat(MEGABYTE / unit.len() + 1);
    let mut texts: Vec<Vec<u8>> =
        ["", " ", "=", ",", ";", "-", "%", "\0", "\r\nx-evil: 1", "é", "00-", SENT]
            .map(|text| text.as_bytes().to_vec())
            .to_vec();
    texts.extend([
        b"\xff\xfe".to_vec(),
        b"a=1,\xff".to_vec(),
        b"a=%00%0d%0ax-evil:%201".to_vec(),
        format!("{SENT}-more").into_bytes(),
        SENT.replacen("00", "cc", 1).into_bytes(),
        SENT.replace("0af7", "\0\0\0\0").into_bytes(),
    ]);
    for unit in [
        &b"a"[..],
        b" ",
        b",",
        b"=",
        b"a=1,",
        b"a=%ff;p=1 ,",
        b"0",
        b"-",
        b"\xff",
        b"k@v=x,",
        b"%0d%0a",
    ] {
        texts.push(long(unit));
    }
    let listed = (0..20_000).map(|n| format!("key{n}={}", "v".repeat(n % 300)));
    texts.push(listed.collect::<Vec<_>>().join(",").into_bytes());
    texts
}

/// What each carrier makes of the same texts under the same names: many times, where it can.
fn read_by_all(name: &str, text: &[u8], times: usize) -> Vec<Context> {
    let empty = Context::empty;
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(text) {
        for _ in 0..times {
            let _ =
                headers.try_append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.clone());
        }
    }
    let metadata = MetadataMap::from_headers(headers.clone());
    let text = String::from_utf8_lossy(text).into_owned();
    let list: Vec<_> = (0..times).map(|_| (name.to_owned(), text.clone())).collect();
    let map: HashMap<_, _> = list.iter().cloned().collect();
    let mut object = Map::new();
    object.insert(name.to_owned(), Value::String(text));
    let message =
        json!({"jsonrpc": "2.0", "method": "m", "params": {"_meta": object, "metadata": object}});
    let formats = every_format();
    vec![
        formats.extract_over(empty(), &headers),
        formats.extract_over(empty(), &metadata),
        formats.extract_over(empty(), &list),
        formats.extract_over(empty(), &map),
        mcp::extract(&message),
        a2a::extract(&message),
    ]
}

/// Writes a context as headers, and checks that nobody could mistake any of them.
fn sent_on(context: &Context) -> Vec<(String, String)> {
    let mut list: Vec<(String, String)> = Vec::new();
    every_format().inject_context(context, &mut list);
    let mut headers = HeaderMap::new();
    every_format().inject_context(context, &mut headers);
    assert_eq!(headers.len(), list.len(), "each is one that HTTP can carry");
    for (name, value) in &list {
        assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{name}: {value:?}");
        let most = match name.as_str() {
            "baggage" => BAGGAGE_BYTES_MAX,
            "tracestate" => TRACE_STATE_BYTES_MAX,
            _ => 100,
        };
        assert!(value.len() <= most, "{name} has {} bytes", value.len());
    }
    list
}

#[test]
fn megabytes_under_any_name_are_survived_and_little_of_them_is_kept() {
    for text in hostile() {
        for name in NAMES {
            let times = if text.len() < 100 { 3 } else { 1 };
            for context in read_by_all(name, &text, times) {
                sent_on(&context);
                assert!(context.baggage().len() <= BAGGAGE_MEMBERS_MAX);
            }
        }
    }
}

#[test]
fn ten_thousand_headers_of_one_name_are_read_up_to_the_bound() {
    for name in NAMES {
        for context in read_by_all(name, b"a=1", 10_000) {
            sent_on(&context);
        }
    }
}

#[test]
fn behind_the_bound_nothing_is_read() {
    let padding = |bytes: usize| " ".repeat(bytes - "a=1,".len());
    let headers = |bytes: usize, name: &str| {
        vec![
            ("traceparent".to_owned(), SENT.to_owned()),
            (name.to_owned(), format!("a=1,{}", padding(bytes))),
            (name.to_owned(), "b=2".to_owned()),
        ]
    };
    for (bytes, is_read) in [(HEADER_BYTES_READ_MAX - 4, true), (HEADER_BYTES_READ_MAX - 3, false)]
    {
        let context = every_format().extract_over(Context::empty(), &headers(bytes, "baggage"));
        let read = (context.baggage().get("a"), context.baggage().get("b"));
        assert_eq!(read, (Some("1"), is_read.then_some("2")), "{bytes}");
        let context = every_format().extract_over(Context::empty(), &headers(bytes, "tracestate"));
        let said = context.trace_state().map(TraceState::len);
        assert_eq!(said.unwrap_or(0), if is_read { 2 } else { 0 }, "{bytes}");
        assert!(context.span_context().is_some(), "what stands beside it is not affected");
    }
}

#[test]
fn two_parents_are_none_and_bytes_that_are_no_text_are_one_of_two() {
    for other in [SENT.as_bytes(), b"\xff", b""] {
        let mut headers = HeaderMap::new();
        headers.append("traceparent", HeaderValue::from_static(SENT));
        headers.append("traceparent", HeaderValue::from_bytes(other).unwrap());
        let context = Propagators::default().extract_over(Context::empty(), &headers);
        assert_eq!(context.span_context(), None);
    }
}

#[test]
fn no_value_becomes_a_header_of_its_own() {
    let caller = SpanContext::from_traceparent(SENT).unwrap();
    let mut baggage = Baggage::new();
    for (number, value) in
        ["a\r\nx-evil: 1", "\0", "\u{1b}[2J", "a,b=c;d", "\u{2028}é\u{7f}"].iter().enumerate()
    {
        baggage.insert(&format!("key{number}"), value).unwrap();
    }
    for key in ["a\r\nx-evil", "a b", "", "é", "a=b", "a,b"] {
        assert!(baggage.insert(key, "1").is_err(), "{key:?}");
        assert!(TraceState::default().with(key, "1").is_err(), "{key:?}");
    }
    for value in ["a\r\nx-evil: 1", "a,b=c", "\0", "é", ""] {
        assert!(TraceState::default().with("key", value).is_err(), "{value:?}");
    }
    let sent = sent_on(&Context::empty().with_span(caller).with_baggage(baggage.clone()));
    let back = every_format().extract_over(Context::empty(), &sent);
    assert_eq!(back.baggage(), &baggage, "what arrives is what was put in");
}

#[tokio::test]
async fn a_server_keeps_little_of_a_hostile_request_and_no_credentials() {
    let onward = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&onward);
    let handler = service_fn(move |_: Request<Body>| {
        let seen = Arc::clone(&seen);
        async move {
            // As a handler does that calls others.
            let next = service_fn(move |request: Request<Body>| {
                seen.lock().unwrap().push(request.headers().clone());
                async { Ok::<_, Infallible>(Response::new(Body::empty())) }
            });
            let request = Request::builder().uri("http://next.example/").body(Body::empty());
            client().layer(next).oneshot(request.unwrap()).await
        }
    });
    let trace = capture_async(async {
        for text in hostile() {
            let Ok(value) = HeaderValue::from_bytes(&text) else { continue };
            let path = format!("http://worker.example/{}?key=hunter-two", "p".repeat(60_000));
            let mut request = Request::builder().uri(path).body(Body::empty()).unwrap();
            for name in
                NAMES.into_iter().chain(["host", "user-agent", "x-forwarded-for", "content-type"])
            {
                request.headers_mut().insert(HeaderName::from_static(name), value.clone());
            }
            for number in 0..10_000 {
                let name = HeaderName::from_bytes(format!("x-{number}").as_bytes()).unwrap();
                request.headers_mut().insert(name, HeaderValue::from_static("hunter-two"));
            }
            let login = HeaderValue::from_static("Bearer hunter-two");
            request.headers_mut().insert("authorization", login.clone());
            request.headers_mut().insert("cookie", login);
            server().query().layer(handler.clone()).oneshot(request).await.unwrap();
        }
    })
    .await;
    let text = trace.to_text();
    assert!(!text.contains("hunter-two"), "no credentials");
    let longest = text.lines().map(str::len).max().unwrap_or_default();
    assert!(longest < 40_000, "a span of {longest} bytes, of 60,000 in its path alone");
    let onward = onward.lock().unwrap();
    assert!(!onward.is_empty());
    for headers in onward.iter() {
        let bytes = headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        assert!(bytes.sum::<usize>() < 2 * BAGGAGE_BYTES_MAX, "{} headers", headers.len());
    }
    let mut back = HeaderMap::new();
    Carrier::set(&mut back, "baggage", "a\r\nb".to_owned());
    assert!(back.is_empty());
}
