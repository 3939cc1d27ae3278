//! What W3C Trace Context level 2 demands of headers: their names, their number, and which of them is
//! read when another is broken.

use exo_trace_std::propagation::{Baggage, Propagators};
use exo_trace_std::{Context, SpanContext};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const OTHER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

type Headers = Vec<(String, String)>;

fn headers(headers: &[(&str, &str)]) -> Headers {
    headers.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// What is read of a request's headers, where nothing was current before.
fn read(received: &[(&str, &str)]) -> Context {
    Propagators::TRACE_CONTEXT.extract_over(Context::empty(), &headers(received))
}

fn state(context: &Context) -> Option<&str> {
    context.trace_state().map(|state| state.as_str()).filter(|text| !text.is_empty())
}

fn sent(context: &Context) -> Headers {
    let mut headers = Headers::new();
    Propagators::TRACE_CONTEXT.inject_context(context, &mut headers);
    headers
}

#[test]
fn section_3_2_1_and_3_3_1_names_are_read_in_any_case_and_sent_in_lower_case() {
    for (parent, said) in [
        ("traceparent", "tracestate"),
        ("TraceParent", "TraceState"),
        ("TRACEPARENT", "TRACESTATE"),
        ("TrAcEpArEnT", "TrAcEsTaTe"),
    ] {
        let context = read(&[(said, "foo=1"), (parent, PARENT)]);
        assert_eq!(context.span_context(), SpanContext::from_traceparent(PARENT).ok());
        assert_eq!(sent(&context), headers(&[("traceparent", PARENT), ("tracestate", "foo=1")]));
    }
}

#[test]
fn section_3_2_1_and_3_3_1_names_are_one_word() {
    for name in ["trace-parent", "trace.parent", "trace_parent"] {
        assert_eq!(read(&[(name, PARENT)]).span_context(), None);
    }
    for name in ["trace-state", "trace.state"] {
        assert_eq!(state(&read(&[("traceparent", PARENT), (name, "foo=1")])), None);
    }
}

#[test]
fn section_3_2_2_two_parents_are_none() {
    for second in [OTHER, PARENT, "", "broken"] {
        let context =
            read(&[("traceparent", PARENT), ("Traceparent", second), ("tracestate", "a=1")]);
        assert_eq!((context.span_context(), state(&context)), (None, None), "{second}");
    }
}

#[test]
fn section_3_3_without_a_parent_that_can_be_read_the_state_is_not() {
    let zeros = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
    for received in [
        &[("tracestate", "foo=1")][..],
        &[("traceparent", zeros), ("tracestate", "foo=1")],
        &[("traceparent", &PARENT[..54]), ("tracestate", "foo=1")],
    ] {
        let context = read(received);
        assert_eq!((context.span_context(), state(&context)), (None, None));
        assert_eq!(sent(&context), []);
    }
}

#[test]
fn section_3_3_a_broken_state_does_not_affect_the_parent() {
    for broken in ["foo", "foo=1,FOO=2", "foo=,bar=3", "foo=bar=baz", "foo=é"] {
        let context = read(&[("traceparent", PARENT), ("tracestate", broken)]);
        assert_eq!(context.span_context(), SpanContext::from_traceparent(PARENT).ok());
        assert_eq!(state(&context), None, "{broken}");
    }
}

#[test]
fn section_3_3_2_several_state_headers_are_one_and_an_empty_one_is_not_sent() {
    let context = read(&[
        ("traceparent", PARENT),
        ("tracestate", "foo=1,bar=2"),
        ("Tracestate", ""),
        ("tracestate", "rojo=3"),
    ]);
    assert_eq!(state(&context), Some("foo=1,bar=2,rojo=3"));
    let context = read(&[("traceparent", PARENT), ("tracestate", " ")]);
    assert_eq!(sent(&context), headers(&[("traceparent", PARENT)]));
}

#[test]
fn section_3_3_5_the_state_of_a_higher_version_is_read() {
    let parent = PARENT.replacen("00", "cc", 1) + "-what-the-future-will-be-like";
    let context = read(&[("traceparent", &parent), ("tracestate", "foo=1")]);
    assert_eq!(sent(&context), headers(&[("traceparent", PARENT), ("tracestate", "foo=1")]));
}

#[test]
fn section_3_4_what_was_received_and_not_changed_is_sent_as_it_came() {
    let received =
        [("traceparent", PARENT), ("tracestate", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7")];
    assert_eq!(sent(&read(&received)), headers(&received));
}

#[test]
fn section_3_4_a_trace_that_comes_in_takes_the_place_of_the_state_before_it() {
    let before = read(&[("traceparent", OTHER), ("tracestate", "old=1")]);
    let received = headers(&[("traceparent", PARENT)]);
    let context = Propagators::TRACE_CONTEXT.extract_over(before, &received);
    assert_eq!(sent(&context), received);
}

#[test]
fn baggage_of_which_nothing_can_be_read_takes_the_place_of_none() {
    let mut own = Baggage::new();
    own.insert("user_id", "u-1").unwrap();
    let context = || Context::empty().with_baggage(own.clone());
    for broken in ["", "no equals sign", "key=\"quoted\""] {
        let read = Propagators::BAGGAGE.extract_over(context(), &headers(&[("baggage", broken)]));
        assert_eq!(read.baggage(), &own, "{broken:?}");
    }
    let read = Propagators::BAGGAGE.extract_over(context(), &headers(&[("baggage", "broken,a=1")]));
    assert_eq!(read.baggage().iter().collect::<Vec<_>>(), [("a", "1")]);
}

#[test]
fn section_3_4_a_state_of_another_trace_is_not_passed_on_with_a_new_parent() {
    let context = read(&[("traceparent", PARENT)]);
    let mut passed_on = headers(&[("traceparent", OTHER), ("TraceState", "of=other")]);
    Propagators::TRACE_CONTEXT.inject_context(&context, &mut passed_on);
    let received = Propagators::TRACE_CONTEXT.extract_over(Context::empty(), &passed_on);
    assert_eq!(
        (received.span_context(), state(&received)),
        (SpanContext::from_traceparent(PARENT).ok(), None)
    );
}
