//! Any B3 headers are read or refused alike in one header and in several, and what is sent is read again.
#![no_main]

use exo_trace_fuzz::script::Script;
use exo_trace_std::propagation::b3::{
    Decision, Headers, Received, multiple, parse_multiple, parse_single, single,
};
use libfuzzer_sys::fuzz_target;

const PIECES: [&str; 14] = [
    "80f198ee56343ba864fe8b2a57d3eff7",
    "64fe8b2a57d3eff7",
    "e457b5a2e4d86bd1",
    "05e3ac9a4f6e3b90",
    "00000000000000000000000000000000",
    "0000000000000000",
    "1",
    "0",
    "d",
    "true",
    "false",
    "",
    "E457B5A2E4D86BD1",
    "é457b5a2e4d86bd",
];

fuzz_target!(|bytes: &[u8]| {
    // As it stands, and as its fields.
    reads(&String::from_utf8_lossy(bytes));
    let mut script = Script::new(bytes);
    let fields: Vec<String> = (0..script.below(6)).map(|_| field(&mut script)).collect();
    reads(&fields.join("-"));
    let [trace_id, span_id, sampled, parent_span_id, flags] =
        std::array::from_fn(|place| fields.get(place).map(String::as_str));
    let headers = Headers { trace_id, span_id, parent_span_id, sampled, flags };
    let several = parse_multiple(headers);
    if let Ok(received) = several {
        is_sent_again(&received);
    }
    // Ids, a decision and a parent are what both forms have.
    if (2..=4).contains(&fields.len()) {
        let one = parse_single(&fields.join("-"));
        let is_plain = fields.iter().all(|field| !field.contains('-') && field.trim() == field);
        // Rules: several headers write a decision as a word too, and have a parent without one.
        let is_word = |field: &String| field == "true" || field == "false";
        if is_plain && !fields.get(2).is_some_and(is_word) {
            assert_eq!(one.ok(), several.ok(), "{fields:?}");
        }
    }
});

/// One of the pieces, or one with a byte of it made another.
fn field(script: &mut Script<'_>) -> String {
    let (which, place, byte) = (script.byte(), script.byte(), script.byte());
    let mut field = PIECES[usize::from(which) % PIECES.len()].to_owned();
    let (place, byte) = (usize::from(place), char::from(byte));
    if which >= 128 && field.is_char_boundary(place) && field.is_char_boundary(place + 1) {
        field.replace_range(place..=place, byte.encode_utf8(&mut [0; 4]));
    }
    field
}

fn reads(text: &str) {
    if let Ok(received) = parse_single(text) {
        is_sent_again(&received);
        let text = text.trim_matches([' ', '\t']);
        assert!(text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'), "{text}");
        assert!(!text.bytes().any(|byte| byte.is_ascii_uppercase()), "{text}");
    }
}

fn is_sent_again(received: &Received) {
    let Some(context) = received.span_context() else { return };
    let is_sampled = matches!(received.decision, Decision::Accept | Decision::Debug);
    assert_eq!(context.is_sampled(), is_sampled);
    let decision = if is_sampled { Decision::Accept } else { Decision::Deny };
    let expected = Received { decision, ..*received };
    assert_eq!(parse_single(&single(&context)), Ok(expected));
    let [(_, trace_id), (_, span_id), (_, sampled)] = &multiple(&context);
    let headers = Headers {
        trace_id: Some(trace_id),
        span_id: Some(span_id),
        sampled: Some(sampled),
        ..Headers::default()
    };
    assert_eq!(parse_multiple(headers), Ok(expected));
}
