//! What one side does not trace, the other does not.

use crate::merged::{Sdk, tree_of};
use exo_trace::{Context, SpanContext, TraceFlags, span_sync};
use opentelemetry::Context as Theirs;
use opentelemetry::trace::{TraceContextExt, Tracer};

fn unsampled() -> Context {
    let span = Context::current().span_context().unwrap();
    Context::of(SpanContext { flags: TraceFlags::default(), ..span })
}

#[test]
fn below_an_unsampled_span_of_ours_theirs_are_not_sampled() {
    let tree = tree_of(|theirs| {
        let unsampled = unsampled();
        unsampled.carry(|| {
            let _ours = span_sync!("ours");
            theirs.in_span("theirs", |context| {
                let ids = context.span().span_context().clone();
                assert!(ids.is_valid() && !ids.is_sampled());
                drop(span_sync!("deeper"));
            });
        })();
        theirs.in_span("after", |_| ());
    });
    assert_eq!(tree, "[after]\n");
}

#[test]
fn below_an_unsampled_span_of_theirs_ours_are_not_sampled() {
    let tree = tree_of(|theirs| {
        let parent = exo_trace::bridge::opentelemetry::to_opentelemetry(&unsampled());
        let dropped = Theirs::current_with_span(theirs.start_with_context("dropped", &parent));
        {
            let _attached = dropped.attach();
            let _ours = span_sync!("ours");
            theirs.in_span("theirs", |_| drop(span_sync!("deeper")));
        }
        drop(span_sync!("after"));
    });
    assert_eq!(tree, "after\n");
}

#[test]
fn what_they_suppress_is_not_traced_by_us() {
    let tree = tree_of(|theirs| {
        let _run = span_sync!("run");
        {
            let _quiet = Theirs::enter_telemetry_suppressed_scope();
            drop(span_sync!("hidden"));
            exo_trace::chat("openai", "gpt-4o").start().finish("stop");
            theirs.in_span("hidden_too", |_| drop(span_sync!("deep")));
        }
        drop(span_sync!("seen"));
    });
    assert_eq!(tree, "run\n  seen\n");
}

#[test]
fn what_we_suppress_is_not_traced_by_them() {
    let tree = tree_of(|theirs| {
        let run = Context::current();
        exo_trace_std::suppressed(|| {
            theirs.in_span("hidden", |_| drop(span_sync!("deep")));
            run.carry(|| theirs.in_span("asked_for", |_| drop(span_sync!("inside"))))();
            theirs.in_span("hidden_again", |_| ());
        });
        theirs.in_span("seen", |_| ());
    });
    assert_eq!(tree, "[asked_for]\n  inside\n[seen]\n");
}

#[test]
fn spans_without_ids_stand_in_nobodys_way() {
    let tree = tree_of(|theirs| {
        let ended = Sdk::new();
        ended.shut_down();
        let _run = span_sync!("run");
        ended.tracer().in_span("nothing", |context| {
            assert!(!context.span().span_context().is_valid());
            drop(span_sync!("step"));
        });
        theirs.in_span("fetch", |_| ());
    });
    assert_eq!(tree, "run\n  [fetch]\n  step\n");
}
