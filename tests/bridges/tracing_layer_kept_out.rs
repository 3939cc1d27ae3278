//! What the layer leaves alone: what a filter refuses, what the tracer does itself, what comes too late.

#[path = "tracing_layer/subscriber.rs"]
mod subscriber;

use exo_trace::bridge::tracing::layer;
use exo_trace::testing::capture;
use exo_trace::{SpanConsumer, SpanData, register_consumer};
use exo_trace::{TraceBackend, TraceConfig, init, span_sync};
use std::time::Duration;
use subscriber::shape_of;
use tracing::level_filters::LevelFilter;
use tracing::{debug, debug_span, info, info_span};
use tracing_subscriber::Layer as _;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

#[test]
fn a_filter_of_the_layer_lets_others_see_what_it_does_not() {
    let subscriber = registry()
        .with(layer().with_filter(LevelFilter::INFO))
        .with(tracing_subscriber::layer::Identity::new());
    let trace = capture(|| {
        tracing::subscriber::with_default(subscriber, || {
            let request = info_span!("request").entered();
            let unseen = debug_span!("unseen").entered();
            drop(info_span!("below"));
            drop(info_span!(parent: unseen.id(), "given"));
            info!("seen");
            debug!("not seen");
            drop(unseen);
            drop(span_sync!("ours"));
            drop(request);
        });
    });
    let shape = "request\n  · seen\n  below\n  given\n  ours\n";
    assert_eq!(shape_of(&trace.to_text()), shape);
}

#[test]
fn two_subscribers_on_one_thread_do_not_mistake_their_spans() {
    let (first, second) = (registry().with(layer()), registry().with(layer()));
    let trace = capture(|| {
        tracing::subscriber::with_default(first, || {
            let outer = info_span!("outer").entered();
            tracing::subscriber::with_default(second, || {
                // Both registries number their first span alike.
                let inner = info_span!("inner").entered();
                drop(outer);
                drop(info_span!("in_inner"));
                drop(inner);
            });
            drop(info_span!("outside"));
        });
    });
    assert_eq!(shape_of(&trace.to_text()), "outer\n  inner\n    in_inner\noutside\n");
}

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
