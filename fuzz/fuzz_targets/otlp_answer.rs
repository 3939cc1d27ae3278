//! Any answer of a collector, whatever its status, headers and body, is one of four words; nobody is left
//! alone for longer than makes sense, and what is shown of it fits a line and holds no secret.
#![no_main]

use exo_trace_export::__answers::{Heard, Meaning, over_grpc, over_http};
use exo_trace_fuzz::script::Script;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use std::time::Duration;

/// Begins as no escape of a control character ends: behind a tab, `0ken` would look like it.
const SHORT: &str = "T0ken-of-ours";
/// As long as tokens are that hold claims; no part of it stands twice.
static LONG: LazyLock<String> =
    LazyLock::new(|| (0..300).map(|number| format!("w{number:03}")).collect());
/// Each word of it by itself is this long.
const WORD_BYTES: usize = 4;
/// How much of it, from the beginning of a word, tells that it is shown; a header is drawn with less.
const PART_BYTES: usize = 60;
/// What leads before a secret that is said over and over: as much as moves where reading stops.
const LEAD_BYTES: usize = 64;
/// What says a secret over and over, longer than what is read of it.
static REPEATED: LazyLock<[String; 2]> = LazyLock::new(|| {
    [SHORT, &LONG].map(|secret| ".".repeat(LEAD_BYTES) + &secret.repeat((18 << 10) / secret.len()))
});
/// What a request's headers hold.
static SECRETS: LazyLock<[String; 2]> = LazyLock::new(|| [format!("Bearer {SHORT}"), LONG.clone()]);
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
    "https://user:T0ken-of-ours@elsewhere:4317/x?key=T0ken-of-ours",
    "//elsewhere/%0a",
    "/v2/traces",
    "0",
    "3",
    "8",
    "11",
    "14",
    "99",
    "message too large",
    "Bearer T0ken-of-ours is wrong",
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
    // One in eight says one of the secrets over and over.
    let repeated = script.below(16).checked_sub(2).and_then(|which| REPEATED.get(which));
    let body = match repeated {
        Some(text) => text[LEAD_BYTES - script.rest().len() % LEAD_BYTES..].as_bytes(),
        None => script.rest(),
    };
    let heard = over_http(status, &headers, body, SECRETS.clone());
    is_sound(&heard);
    if repeated.is_some() {
        // Only then: given time the fuzzer writes a part of it by itself.
        hides_every_part(&heard.text);
    }
    if let Some(heard) = over_grpc(status, headers, SECRETS.clone()) {
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

/// Looks where each of its words stands once, and how far the text goes on as it does.
fn hides_every_part(text: &str) {
    let (text, long) = (text.as_bytes(), LONG.as_bytes());
    let words = text.iter().enumerate().filter(|(_, byte)| **byte == b'w');
    for (place, _) in words {
        let number = text[place + 1..].get(..WORD_BYTES - 1).and_then(number);
        let known = number.and_then(|number| long.get(number * WORD_BYTES..)).unwrap_or_default();
        let shown = text[place..].iter().zip(known).take_while(|(said, known)| said == known);
        assert!(shown.count() < PART_BYTES, "{}", text.escape_ascii());
    }
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
