//! A trace and its baggage go on where headers are read: the page's A2A example links.

use exo_trace::propagation::{
    BaggagePropagator, Carrier, DictCarrier, Propagators, TraceContextPropagator, get_baggage,
    set_baggage,
};
use exo_trace::testing::capture;
use exo_trace::{Context, SpanContext, TraceState, span_sync};
use std::collections::HashMap;

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn received(headers: &[(&str, &str)]) -> DictCarrier {
    headers.iter().copied().collect()
}

#[test]
fn a_receiver_s_spans_are_linked_to_the_sender_s_trace() {
    let trace = capture(|| {
        let send = span_sync!("send");
        let _task = Context::current().attach();
        set_baggage("user_id", "u 123/é");
        // Sender: inject context into request
        let mut carrier = DictCarrier::new();
        BaggagePropagator::new().inject(&mut carrier);
        let headers: HashMap<_, _> = carrier.items().collect();
        assert_eq!(headers.get("baggage"), Some(&"user_id=u%20123/%C3%A9"));
        drop(send);
        // Receiver: extract context from request, in another process with nothing around it
        let receiver = std::thread::spawn(move || {
            let _remote = BaggagePropagator::new().extract(&carrier).attach();
            let _answer = span_sync!("answer");
            get_baggage("user_id")
        });
        assert_eq!(receiver.join().unwrap().as_deref(), Some("u 123/é"));
    });
    assert_eq!(trace.to_text(), "send\n  answer\n");
}

#[test]
fn extracting_changes_nothing_by_itself() {
    let headers = received(&[("traceparent", CALLER), ("baggage", "user_id=u-1")]);
    let context = BaggagePropagator::new().extract(&headers);
    assert_eq!((Context::current().span_context(), get_baggage("user_id")), (None, None));
    {
        let _remote = context.attach();
        assert_eq!(Context::current().span_context(), SpanContext::from_traceparent(CALLER).ok());
        assert_eq!(get_baggage("user_id").as_deref(), Some("u-1"));
    }
    assert_eq!((Context::current().span_context(), get_baggage("user_id")), (None, None));
}

#[test]
fn what_the_headers_do_not_say_stays_as_it_is() {
    let outer = received(&[("traceparent", CALLER), ("baggage", "user_id=u-1")]);
    let _outer = BaggagePropagator::new().extract(&outer).attach();
    let inner = BaggagePropagator::new().extract(&received(&[("baggage", "tenant=t")]));
    assert_eq!(inner.span_context(), SpanContext::from_traceparent(CALLER).ok());
    assert_eq!(inner.baggage().iter().collect::<Vec<_>>(), [("tenant", "t")]);
    let broken = TraceContextPropagator.extract(&received(&[("traceparent", "00-zero")]));
    assert_eq!(broken.span_context(), inner.span_context());
}

#[test]
fn a_carrier_stays_empty_where_there_is_nothing_to_say() {
    let mut carrier = DictCarrier::new();
    BaggagePropagator::new().inject_context(&Context::empty(), &mut carrier);
    assert!(carrier.is_empty());
    let baggage_only = BaggagePropagator::baggage_only();
    baggage_only.inject_context(
        &TraceContextPropagator.extract(&received(&[("traceparent", CALLER)])),
        &mut carrier,
    );
    assert!(carrier.is_empty());
}

#[test]
fn a_trace_state_goes_through_and_stays_with_its_trace() {
    let headers = received(&[
        ("Traceparent", CALLER),
        ("TraceState", "rojo=00f067aa0ba902b7"),
        ("tracestate", "congo=t61rcWkgMzE"),
    ]);
    let _remote = TraceContextPropagator.extract(&headers).attach();
    let sent = || {
        let mut carrier = DictCarrier::new();
        TraceContextPropagator.inject(&mut carrier);
        carrier.get("tracestate").map(str::to_owned)
    };
    assert_eq!(sent().as_deref(), Some("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"));
    let other = SpanContext::from_traceparent(&CALLER.replace("0af7", "0af8")).unwrap();
    let _other = Context::current().with_span(other).attach();
    assert_eq!(sent(), None);
}

#[test]
fn broken_and_repeated_headers_begin_a_trace_of_their_own() {
    let twice = received(&[("traceparent", CALLER), ("traceparent", CALLER)]);
    assert_eq!(TraceContextPropagator.extract(&twice).span_context(), None);
    let state = received(&[("traceparent", CALLER), ("tracestate", "Rojo=1")]);
    let context = TraceContextPropagator.extract(&state);
    assert!(context.span_context().is_some());
    assert_eq!(context.trace_state().map(TraceState::as_str), None);
}

#[test]
fn every_format_carries_the_span_and_w3c_s_is_read_first() {
    let caller = Context::empty().with_span(SpanContext::from_traceparent(CALLER).unwrap());
    for formats in ["tracecontext", "b3", "b3multi", "tracecontext,b3,b3multi"] {
        let formats: Propagators = formats.parse().unwrap();
        let mut carrier = DictCarrier::new();
        formats.inject_context(&caller, &mut carrier);
        let names: Vec<_> = carrier.items().map(|(name, _)| name.to_owned()).collect();
        assert!(names.iter().all(|name| formats.fields().any(|field| field == name)), "{names:?}");
        assert_eq!(formats.extract(&carrier).span_context(), caller.span_context(), "{formats}");
        Carrier::set(&mut carrier, "traceparent", CALLER.replace("0af7", "0af8"));
        let both = Propagators::B3.with(Propagators::TRACE_CONTEXT).extract(&carrier);
        assert_ne!(both.span_context(), caller.span_context(), "{formats}");
    }
    let mut carrier = DictCarrier::new();
    Propagators::NONE.inject_context(&caller, &mut carrier);
    assert!(carrier.is_empty());
}

#[test]
fn form_encoding_is_read_where_it_is_asked_for() {
    let headers = received(&[("baggage", "city=New+York")]);
    let read = |propagator: BaggagePropagator| {
        propagator.extract(&headers).baggage().get("city").map(str::to_owned)
    };
    assert_eq!(read(BaggagePropagator::new()).as_deref(), Some("New+York"));
    assert_eq!(read(BaggagePropagator::new().form_decoding()).as_deref(), Some("New York"));
}
