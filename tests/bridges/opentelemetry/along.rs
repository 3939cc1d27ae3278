//! Baggage and trace state, seen from both sides.

use crate::merged::{tree_of, tree_of_async};
use exo_trace::bridge::opentelemetry::{from_opentelemetry, to_opentelemetry};
use exo_trace::propagation::{
    DictCarrier, Propagators, TraceState, clear_baggage, get_baggage, set_baggage,
};
use exo_trace::{Context, SpanContext, span_async, span_sync};
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{TraceContextExt, Tracer};
use opentelemetry::{Context as Theirs, KeyValue};

fn seen_by_them(key: &str) -> Option<String> {
    Theirs::map_current(|context| context.baggage().get(key).map(|value| value.to_string()))
}

#[test]
fn baggage_of_ours_is_theirs_below_the_next_span() {
    let tree = tree_of(|theirs| {
        set_baggage("user", "ann");
        let _run = span_sync!("run");
        theirs.in_span("fetch", |_| assert_eq!(seen_by_them("user").as_deref(), Some("ann")));
        clear_baggage();
        let _rest = span_sync!("rest");
        assert_eq!(seen_by_them("user"), None);
    });
    assert_eq!(tree, "run\n  [fetch]\n  rest\n");
}

#[test]
fn baggage_of_theirs_is_ours_and_goes_along_to_other_threads() {
    let tree = tree_of(|_| {
        let _run = span_sync!("run");
        set_baggage("task", "t-1");
        let tenant = [KeyValue::new("tenant", "7"), KeyValue::new("task", "t-2")];
        {
            let _attached = Theirs::current_with_baggage(tenant).attach();
            assert_eq!(get_baggage("tenant").as_deref(), Some("7"));
            let work = Context::current().carry(|| {
                drop(span_sync!("work"));
                (get_baggage("tenant"), seen_by_them("tenant"), get_baggage("task"))
            });
            let (ours, theirs, task) = std::thread::spawn(work).join().unwrap();
            assert_eq!((ours.as_deref(), theirs.as_deref()), (Some("7"), Some("7")));
            assert_eq!(task.as_deref(), Some("t-2"));
        }
        assert_eq!(get_baggage("tenant"), None);
        assert_eq!(get_baggage("task").as_deref(), Some("t-1"));
    });
    assert_eq!(tree, "run\n  work\n");
}

#[test]
fn what_either_changes_later_is_what_both_see() {
    let tree = tree_of(|_| {
        set_baggage("a", "ours");
        set_baggage("b", "ours");
        let _run = span_sync!("run");
        let _attached = Theirs::current_with_baggage([KeyValue::new("a", "theirs")]).attach();
        assert_eq!(get_baggage("a").as_deref(), Some("theirs"));
        assert_eq!(get_baggage("b"), None, "theirs is all there is");
        set_baggage("c", "ours");
        let _step = span_sync!("step");
        let seen = ["a", "b", "c"].map(seen_by_them);
        assert_eq!(seen.each_ref().map(Option::as_deref), [Some("theirs"), None, Some("ours")]);
        clear_baggage();
    });
    assert_eq!(tree, "run\n  step\n");
}

#[tokio::test]
async fn baggage_set_in_a_future_stays_in_it_on_both_sides() {
    let tree = tree_of_async(|theirs| async move {
        let quiet = span_async!("quiet", {
            tokio::task::yield_now().await;
            theirs.in_span("in_quiet", |_| assert_eq!(seen_by_them("user"), None));
        });
        let loud = span_async!("loud", {
            set_baggage("user", "ann");
            tokio::task::yield_now().await;
            theirs.in_span("in_loud", |_| {
                assert_eq!(seen_by_them("user").as_deref(), Some("ann"));
            });
        });
        tokio::join!(loud, quiet);
        assert_eq!(seen_by_them("user"), None);
    });
    assert_eq!(tree.await, "loud\n  [in_loud]\nquiet\n  [in_quiet]\n");
}

#[test]
fn trace_state_of_a_caller_reaches_their_spans_and_comes_back() {
    let tree = tree_of(|theirs| {
        let state = TraceState::from_headers(["vendor=1,other=2"]).unwrap();
        let _attached = Context::current().with_trace_state(state).attach();
        let _run = span_sync!("run");
        theirs.in_span("fetch", |context| {
            let said = context.span().span_context().trace_state().header();
            assert_eq!(said, "vendor=1,other=2");
            let mut carrier = DictCarrier::new();
            Propagators::default().inject(&mut carrier);
            assert_eq!(carrier.get("tracestate"), Some("vendor=1,other=2"));
        });
    });
    assert_eq!(tree, "run\n  [fetch]\n");
}

#[test]
fn a_context_that_is_converted_keeps_baggage_properties_and_state() {
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let mut baggage = exo_trace::propagation::Baggage::new();
    baggage.insert_with_properties("user", "Amélie", "ttl=5;local").unwrap();
    let state = TraceState::from_headers(["vendor=1"]).unwrap();
    let span = SpanContext::from_traceparent(parent).unwrap();
    let context = Context::of(span).with_baggage(baggage.clone()).with_trace_state(state.clone());
    let there = to_opentelemetry(&context);
    assert_eq!(there.span().span_context().trace_state().header(), "vendor=1");
    let (value, properties) = there.baggage().get_with_metadata("user").unwrap();
    assert_eq!((value.as_str(), properties.as_str()), ("Amélie", "ttl=5;local"));
    let back = from_opentelemetry(&there);
    assert_eq!(back.span_context(), Some(span));
    assert_eq!(back.baggage(), &baggage);
    assert_eq!(back.trace_state(), Some(&state));
    let foreign = Theirs::new()
        .with_remote_span_context(there.span().span_context().clone())
        .with_baggage([KeyValue::new("tenant", "7")]);
    let ours = from_opentelemetry(&foreign);
    assert_eq!(ours.span_context(), Some(span));
    assert_eq!(ours.baggage().get("tenant"), Some("7"));
    assert_eq!(ours.trace_state(), Some(&state));
}
