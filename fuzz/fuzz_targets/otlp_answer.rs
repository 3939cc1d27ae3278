//! Any answer of a collector, whatever its status, headers and body, is one of four words; nobody is left
//! alone for longer than makes sense, and what is shown of it fits a line and holds no secret.
#![no_main]

use exo_trace_export::__answers::{Heard, Meaning, over_grpc, over_http};
use exo_trace_fuzz::script::Script;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use std::time::Duration;

const SHORT: &str = "t0ken-of-ours";
/// As long as tokens are that hold claims; no part of it stands twice.
static LONG: LazyLock<String> =
    LazyLock::new(|| (0..300).map(|number| format!("w{number:03}")).collect());
/// How much of it tells that it is shown; a header is drawn with less.
const PART_BYTES: usize = 64;
/// What a line has beside the quote, and how much longer a quoted character may be than itself.
const LINE_BYTES_MAX: usize = 300 + 200 * 10;

const NAMES: [HeaderName; 9] = [
    http::header::CONTENT_TYPE,
    http::header::RETRY_AFTER,
    http::header::LOCATION,
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status-details-bin"),
    http::header::WWW_AUTHENTICATE,
    HeaderName::from_static("exo-trace-sent"),
    http::header::SERVER,
];

const VALUES: &[&str] = &[
    "application/x-protobuf",
    "application/json; charset=utf-8",
    "text/html",
    "text/plain",
    "120",
    "18446744073709551615",
    "-1",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "https://user:t0ken-of-ours@elsewhere:4317/x?key=t0ken-of-ours",
    "//elsewhere/%0a",
    "/v2/traces",
    "0",
    "3",
    "8",
    "11",
    "14",
    "99",
    "message too large",
    "Bearer t0ken-of-ours is wrong",
    "100%25 wrong %e9 %",
    "CAgSBGJ1c3k",
    "CAgaNwoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxILCgkIAhCAyrXuAQ==",
    "====",
];

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let status = [200, 202, 302, 307, 400, 401, 404, 413, 429, 500, 502, 503, 504, 101];
    let status = match script.below(16) {
        place if place < status.len() => status[place],
        _ => 100 + (script.number() % 900) as u16,
    };
    let status = StatusCode::from_u16(status).expect("three digits");
    let headers = headers(&mut script);
    let says = script.below(4);
    let mut body = script.rest().to_vec();
    if says > 1 {
        // What says a secret over and over is longer than what is read of it.
        let secret = if says == 2 { SHORT } else { &**LONG };
        body = vec![b'.'; body.len() % 64];
        while body.len() < 18 << 10 {
            body.extend_from_slice(secret.as_bytes());
        }
    }
    let secrets = || [format!("Bearer {SHORT}"), LONG.clone()];
    let heard = over_http(status, &headers, &body, secrets());
    is_sound(&heard);
    if says > 1 {
        // Only then: given time the fuzzer writes a part of it by itself.
        hides_every_part(&heard.text);
    }
    if let Some(heard) = over_grpc(status, headers, secrets()) {
        is_sound(&heard);
    }
});

fn headers(script: &mut Script<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for _ in 0..script.below(6) {
        let name = NAMES[script.below(NAMES.len())].clone();
        let value = match usize::from(script.byte()) {
            place if place < 192 => VALUES[place % VALUES.len()].as_bytes(),
            place if place < 208 => LONG.as_bytes(),
            len => script.take(len - 208),
        };
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(name, value);
        }
    }
    headers
}

fn is_sound(heard: &Heard) {
    let Heard { meaning, text } = heard;
    if let Meaning::Retry(Some(after)) = meaning {
        assert!(*after <= Duration::from_mins(5));
    }
    assert!(text.len() <= LINE_BYTES_MAX, "{} bytes", text.len());
    assert!(text.chars().all(|letter| !letter.is_control()), "{text:?}");
    assert!(!text.contains(SHORT), "{text}");
}

fn hides_every_part(text: &str) {
    let parts = text.as_bytes().windows(PART_BYTES);
    let mut spoken = parts.filter_map(|part| std::str::from_utf8(part).ok());
    assert!(spoken.all(|part| !LONG.contains(part)), "{text}");
}
