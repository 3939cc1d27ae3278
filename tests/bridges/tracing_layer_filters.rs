//! The layer keeps to its subscriber: what a filter refuses stays out, and others' spans are not its own.

#[path = "tracing_layer/subscriber.rs"]
mod subscriber;

use exo_trace::bridge::tracing::layer;
use exo_trace::span_sync;
use exo_trace::testing::capture;
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
