//! One inside the other on one thread, as deep as it goes.

use crate::merged::tree_of;
use exo_trace::bridge::tracing::layer;
use exo_trace::{Context, Span, span_sync, traced};
use opentelemetry::trace::{Span as _, TraceContextExt, Tracer};
use opentelemetry_sdk::trace::SdkTracer;
use tracing::{info_span, subscriber::with_default};
use tracing_subscriber::{layer::SubscriberExt, registry};

#[test]
fn each_is_the_parent_of_the_other_inside_it() {
    let tree = tree_of(|theirs| {
        let _plan = span_sync!("plan");
        theirs.in_span("fetch", |_| {
            let _parse = span_sync!("parse");
            theirs.in_span("decode", |_| drop(span_sync!("decode_text")));
        });
    });
    assert_eq!(tree, "plan\n  [fetch]\n    parse\n      [decode]\n        decode_text\n");
}

#[test]
fn a_request_of_theirs_goes_on_in_ours_and_comes_back() {
    let tree = tree_of(|theirs| {
        theirs.in_span("request", |_| {
            let _answer = span_sync!("answer");
            theirs.in_span("query", |_| ());
        });
    });
    assert_eq!(tree, "[request]\n  answer\n    [query]\n");
}

#[test]
fn what_left_is_nobodys_parent() {
    let tree = tree_of(|theirs| {
        let _run = span_sync!("run");
        theirs.in_span("a", |_| drop(span_sync!("in_a")));
        drop(span_sync!("b"));
        theirs.in_span("c", |_| {
            drop(span_sync!("in_c"));
            theirs.in_span("in_c_too", |_| ());
        });
        drop(span_sync!("d"));
    });
    assert_eq!(tree, "run\n  [a]\n    in_a\n  [c]\n    [in_c_too]\n    in_c\n  b\n  d\n");
}

#[traced]
fn twice(theirs: &SdkTracer) -> Result<(), String> {
    theirs.in_span("first", |_| ());
    theirs.in_span("second", |_| Err("no".to_owned()))
}

#[test]
fn a_traced_function_is_the_parent_of_what_it_calls() {
    let tree = tree_of(|theirs| {
        let failed = theirs.in_span("outside", |_| twice(&theirs));
        assert_eq!(failed, Err("no".to_owned()));
    });
    assert_eq!(tree, "[outside]\n  twice\n    [first]\n    [second]\n");
}

#[test]
fn a_span_that_is_owned_is_a_parent_in_its_scope_alone() {
    let tree = tree_of(|theirs| {
        let run = Span::start("run", ());
        theirs.in_span("outside", |_| {
            run.in_scope(|| theirs.in_span("inside", |_| drop(span_sync!("deep"))));
            drop(run.child("child", ()));
            drop(span_sync!("beside"));
        });
    });
    assert_eq!(tree, "[outside]\n  beside\nrun\n  [inside]\n    deep\n  child\n");
}

#[test]
fn a_span_of_theirs_that_is_not_active_is_no_parent() {
    let tree = tree_of(|theirs| {
        let _run = span_sync!("run");
        let mut idle = theirs.start("idle");
        drop(span_sync!("step"));
        idle.end();
    });
    assert_eq!(tree, "run\n  [idle]\n  step\n");
}

#[test]
fn a_call_of_a_model_is_a_parent_like_any_other() {
    let tree = tree_of(|theirs| {
        let mut call = exo_trace::chat("openai", "gpt-4o").start();
        call.in_scope(|| theirs.in_span("POST", |_| ()));
        call.finish("stop");
    });
    assert_eq!(tree, "chat gpt-4o\n  [POST]\n");
}

#[test]
fn a_context_of_ours_takes_a_span_of_theirs_along() {
    let tree = tree_of(|theirs| {
        let context = theirs.in_span("theirs", |_| Context::current());
        let _attached = context.attach();
        drop(span_sync!("late"));
        theirs.in_span("later", |_| ());
    });
    assert_eq!(tree, "[theirs]\n  [later]\n  late\n");
}

#[test]
fn values_of_theirs_are_kept_under_spans_of_ours() {
    #[derive(Debug, PartialEq)]
    struct Tenant(u32);
    let tree = tree_of(|theirs| {
        let value = opentelemetry::Context::current_with_value(Tenant(7));
        let _attached = value.attach();
        let _run = span_sync!("run");
        theirs.in_span("step", |context| {
            assert_eq!(context.get(), Some(&Tenant(7)));
            assert!(context.has_active_span());
        });
    });
    assert_eq!(tree, "run\n  [step]\n");
}

#[test]
fn a_span_of_tracing_is_between_them_as_any_other() {
    let subscriber = registry().with(layer());
    let tree = tree_of(|theirs| {
        with_default(subscriber, || {
            let _run = span_sync!("run");
            info_span!("step").in_scope(|| {
                drop(span_sync!("ours"));
                theirs
                    .in_span("query", |_| info_span!("row").in_scope(|| drop(span_sync!("cell"))));
            });
            theirs.in_span("reply", |_| ());
        });
    });
    assert_eq!(tree, "run\n  [reply]\n  step\n    [query]\n      row\n        cell\n    ours\n");
}
