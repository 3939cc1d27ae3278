//! B3 in one header and in several, as openzipkin/b3-propagation describes it.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace_std::propagation::b3::{
    self, Decision, Headers, ParseB3Error as Error, Received, parse_multiple, parse_single,
};
use exo_trace_std::{ParseIdError, SpanContext, TraceFlags};

const TRACE: &str = "80f198ee56343ba864fe8b2a57d3eff7";
const SPAN: &str = "e457b5a2e4d86bd1";
const PARENT: &str = "05e3ac9a4f6e3b90";

fn received(decision: Decision) -> Received {
    let trace_id = TRACE.parse().expect("it is an id");
    Received { ids: Some((trace_id, SPAN.parse().expect("it is an id"))), decision }
}

#[test]
fn the_one_header_says_ids_a_decision_and_a_parent() {
    for (said, decision) in [
        (String::new(), Decision::Defer),
        ("-0".into(), Decision::Deny),
        ("-1".into(), Decision::Accept),
        ("-d".into(), Decision::Debug),
        (format!("-1-{PARENT}"), Decision::Accept),
    ] {
        assert_eq!(parse_single(&format!("{TRACE}-{SPAN}{said}")), Ok(received(decision)));
    }
}

#[test]
fn the_one_header_may_say_a_decision_alone() {
    for (text, decision) in [
        ("0", Decision::Deny),
        ("1", Decision::Accept),
        ("d", Decision::Debug),
        (" 0\t", Decision::Deny),
    ] {
        let alone = parse_single(text).expect("it is a decision");
        assert_eq!((alone, alone.span_context()), (Received { ids: None, decision }, None));
    }
}

#[test]
fn a_trace_id_of_64_bits_is_padded() {
    let short = parse_single(&format!("{SPAN}-{SPAN}-1")).expect("both are ids");
    let context = short.span_context().expect("it has ids");
    assert_eq!(context.trace_id.to_string(), format!("{}{SPAN}", "0".repeat(16)));
}

#[test]
fn what_the_one_header_cannot_say_is_refused() {
    let zeros = "0".repeat(32);
    let digits = |text: &str, expected| ParseIdError::Length { found: text.len(), expected };
    for (text, error) in [
        (String::new(), Error::Decision),
        ("true".into(), Error::Decision),
        (TRACE.into(), Error::Decision),
        (format!("{TRACE}-"), Error::SpanId(digits("", 16))),
        (format!("{TRACE}-{SPAN}-"), Error::Decision),
        (format!("{TRACE}-{SPAN}-2"), Error::Decision),
        (format!("{TRACE}-{SPAN}-D"), Error::Decision),
        (format!("{TRACE}-{SPAN}-1-"), Error::ParentSpanId(digits("", 16))),
        (format!("{TRACE}-{SPAN}-1-{PARENT}-"), Error::Parts),
        (format!("{zeros}-{SPAN}-1"), Error::TraceId(ParseIdError::Zero)),
        (format!("{}-{SPAN}-1", &zeros[..16]), Error::TraceId(ParseIdError::Zero)),
        (format!("{TRACE}-{}-1", &zeros[..16]), Error::SpanId(ParseIdError::Zero)),
        (format!("{}-{SPAN}-1", &TRACE[1..]), Error::TraceId(digits(&TRACE[1..], 32))),
    ] {
        assert_eq!(parse_single(&text), Err(error), "{text:?}");
    }
    assert!(parse_single(&format!("{}-{SPAN}-1", TRACE.to_uppercase())).is_err());
}

#[test]
fn several_headers_say_the_same_as_the_one() {
    let ids = Headers { trace_id: Some(TRACE), span_id: Some(SPAN), ..Headers::default() };
    for (sampled, flags, decision) in [
        (None, None, Decision::Defer),
        (Some("0"), None, Decision::Deny),
        (Some("1"), Some("0"), Decision::Accept),
        (Some("true"), None, Decision::Accept),
        (Some("false"), None, Decision::Deny),
        (Some("d"), None, Decision::Debug),
        (None, Some("1"), Decision::Debug),
        (Some("0"), Some("1"), Decision::Debug),
    ] {
        let headers = Headers { sampled, flags, parent_span_id: Some(PARENT), ..ids };
        assert_eq!(parse_multiple(headers), Ok(received(decision)), "{headers:?}");
    }
    let alone = Headers { sampled: Some("0"), ..Headers::default() };
    assert_eq!(parse_multiple(alone), Ok(Received { ids: None, decision: Decision::Deny }));
    assert_eq!(parse_multiple(Headers::default()), Ok(Received::default()));
}

#[test]
fn what_several_headers_cannot_say_is_refused() {
    let ids = Headers { trace_id: Some(TRACE), span_id: Some(SPAN), ..Headers::default() };
    assert_eq!(parse_multiple(Headers { span_id: None, ..ids }), Err(Error::Alone));
    assert_eq!(parse_multiple(Headers { trace_id: None, ..ids }), Err(Error::Alone));
    assert_eq!(parse_multiple(Headers { sampled: Some("yes"), ..ids }), Err(Error::Decision));
    let short = ParseIdError::Length { found: 1, expected: 16 };
    let parent = Headers { parent_span_id: Some("1"), ..ids };
    assert_eq!(parse_multiple(parent), Err(Error::ParentSpanId(short)));
}

#[test]
fn a_context_comes_back_as_it_went_both_ways() {
    for flags in [TraceFlags::SAMPLED, TraceFlags::default()] {
        let decision = if flags.is_sampled() { Decision::Accept } else { Decision::Deny };
        let context = received(decision).span_context().expect("it has ids");
        assert_eq!(context.flags, flags);
        let back = |read: Result<Received, Error>| read.expect("we wrote it").span_context();
        assert_eq!(back(parse_single(&b3::single(&context))), Some(context));
        let written = b3::multiple(&context);
        let text = |name| written.iter().find(|(found, _)| *found == name).map(|(_, text)| &**text);
        let headers = Headers {
            trace_id: text(b3::X_B3_TRACE_ID),
            span_id: text(b3::X_B3_SPAN_ID),
            sampled: text(b3::X_B3_SAMPLED),
            ..Headers::default()
        };
        assert_eq!(back(parse_multiple(headers)), Some(context));
    }
}

#[test]
fn that_an_id_is_random_is_not_said_and_not_guessed() {
    let random = TraceFlags::SAMPLED.with(TraceFlags::RANDOM);
    let context = SpanContext {
        flags: random,
        ..received(Decision::Accept).span_context().expect("it has ids")
    };
    let back = parse_single(&b3::single(&context)).expect("we wrote it").span_context();
    assert_eq!(back.expect("it has ids").flags, TraceFlags::SAMPLED);
}
