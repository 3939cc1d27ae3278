//! The layer makes nothing of what the tracer does itself, and what comes after its end is counted.

#[path = "tracing_layer/subscriber.rs"]
mod subscriber;

use exo_trace::{
    SpanConsumer, SpanData, TraceBackend, TraceConfig, init, register_consumer, span_sync,
};
use std::time::Duration;
use subscriber::shape_of;
use tracing::{info, info_span};

/// Uses `tracing` for each span it is shown, as a client of some protocol would.
struct Talkative;

impl SpanConsumer for Talkative {
    fn consume(&self, _: &SpanData<'_>) {
        let _call = info_span!("call").entered();
        info!("sent");
        drop(span_sync!("ours"));
    }
}

#[test]
fn what_the_tracer_does_itself_is_no_trace_and_what_comes_too_late_is_counted() {
    subscriber::subscribe();
    let config = TraceConfig::new("kept-out").backend(TraceBackend::Memory);
    let trace = init(config).expect("nothing runs yet");
    register_consumer(Talkative);
    let (open, ended) = (info_span!("open"), info_span!("ended"));
    open.in_scope(|| info!("in time"));
    drop(ended);
    let memory = trace.memory().expect("it was asked for");
    assert!(trace.flush(Duration::from_secs(30)).is_complete());
    assert!(trace.flush(Duration::from_secs(30)).is_complete());
    assert_eq!(shape_of(&memory.tree()), "ended\n");
    let delivery = trace.shutdown(Duration::from_secs(30));
    assert_eq!((delivery.delivered, delivery.lost.after_shutdown), (1, 0));
    open.in_scope(|| info!("too late"));
    drop(open);
    drop(info_span!("too_late"));
    let lost = trace.losses();
    assert!(lost.after_shutdown >= 3, "a fact, an end and a beginning: {lost}");
}
