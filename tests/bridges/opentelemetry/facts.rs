//! What is said to the active span through their API is said of ours.

use crate::merged::Sdk;
use exo_trace::testing::capture;
use exo_trace::{Status, span_sync};
use opentelemetry::trace::{Status as TheirStatus, TraceContextExt, get_active_span};
use opentelemetry::{Array, Context, KeyValue, Value};

#[test]
fn a_span_of_ours_takes_what_is_said_to_the_active_one() {
    let _sdk = Sdk::new();
    let trace = capture(|| {
        let _run = span_sync!("run");
        let linked = cause();
        let context = Context::current();
        let span = context.span();
        assert!(span.is_recording());
        span.set_attribute(KeyValue::new("hits", 3));
        let kinds = Value::Array(Array::String(vec!["a".into(), "b".into()]));
        span.set_attributes([KeyValue::new("warm", true), KeyValue::new("kinds", kinds)]);
        span.add_event("found", vec![KeyValue::new("place", "index"), KeyValue::new("score", 0.5)]);
        span.add_link(linked, vec![KeyValue::new("why", "cause")]);
        span.update_name("lookup");
        get_active_span(|span| span.set_status(TheirStatus::error("late")));
        span.end();
        drop(span_sync!("child"));
    });
    let run = trace.named("lookup")[0];
    let attribute = |key| run.attribute(key).unwrap();
    assert_eq!(attribute("hits"), 3.into());
    assert_eq!(attribute("warm"), true.into());
    assert_eq!(attribute("kinds"), exo_trace::Value::from(&["a", "b"]));
    let event = run.events().next().unwrap();
    assert_eq!(event.name, "found");
    assert_eq!(event.attributes, [("place", "index".into()), ("score", 0.5.into())]);
    assert_eq!(run.links().count(), 1);
    assert_eq!(run.status(), Status::Error("late".into()));
    assert_eq!(trace.children_of(run).len(), 1);
}

fn cause() -> opentelemetry::trace::SpanContext {
    opentelemetry::trace::SpanContext::new(
        opentelemetry::trace::TraceId::from(7_u128),
        opentelemetry::trace::SpanId::from(9_u64),
        opentelemetry::trace::TraceFlags::SAMPLED,
        true,
        opentelemetry::trace::TraceState::NONE,
    )
}
