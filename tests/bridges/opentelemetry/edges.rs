//! Panics, contexts that are held, values that trace: nothing stops, and nothing is left behind.

use crate::merged::{tree_of, tree_of_async};
use exo_trace::bridge::opentelemetry::{from_opentelemetry, to_opentelemetry};
use exo_trace::{Context, Identity, Span, span_sync, traced};
use opentelemetry::Context as Theirs;
use opentelemetry::trace::{TraceContextExt, Tracer, get_active_span};
use opentelemetry_sdk::trace::SdkTracer;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn a_panic_leaves_everything_it_was_inside_of() {
    let tree = tree_of(|theirs| {
        let _run = span_sync!("run");
        let fallen = catch_unwind(AssertUnwindSafe(|| {
            let _ours = span_sync!("ours");
            theirs.in_span("theirs", |_| {
                let _deep = span_sync!("deep");
                panic!("of the story");
            });
        }));
        assert!(fallen.is_err());
        theirs.in_span("after", |_| drop(span_sync!("last")));
    });
    assert_eq!(tree, "run\n  [after]\n    last\n  ours\n    [theirs]\n      deep\n");
}

#[test]
fn spans_inside_a_context_that_is_held_have_the_right_parents() {
    let tree = tree_of(|theirs| {
        theirs.in_span("outside", |_| {
            get_active_span(|_| {
                let _ours = span_sync!("ours");
                drop(span_sync!("inside"));
                drop(span_sync!("inside_too"));
            });
            drop(span_sync!("after"));
        });
    });
    assert_eq!(tree, "[outside]\n  after\n  ours\n    inside\n    inside_too\n");
}

/// A value whose text needs a span of theirs.
struct Asks<'a>(&'a SdkTracer);

impl fmt::Display for Asks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.in_span("ask", |_| drop(span_sync!("answer")));
        f.write_str("asked")
    }
}

#[test]
fn a_value_may_begin_spans_while_it_is_written() {
    let tree = tree_of(|theirs| {
        let _run = span_sync!("run");
        let _step = span_sync!("step", value = %Asks(&theirs));
        theirs.in_span("work", |_| ());
    });
    assert_eq!(tree, "run\n  [ask]\n    answer\n  step\n    [work]\n");
}

#[traced]
async fn identified(theirs: &SdkTracer) {
    theirs.in_span("theirs", |_| drop(span_sync!("deep")));
}

#[tokio::test]
async fn an_identity_goes_through_spans_of_theirs() {
    let mut seen = None;
    let tree = tree_of_async(|theirs| {
        let seen = &mut seen;
        async move {
            let session = Identity::new().session("s-1");
            session.scope(identified(&theirs)).await;
            let context = {
                let _stamped = session.attach();
                theirs.in_span("more", |_| Theirs::current())
            };
            let thread = std::thread::spawn(move || {
                let _attached = context.attach();
                Identity::current()
            });
            *seen = Some(thread.join().unwrap());
            assert_eq!(Identity::current(), Identity::new());
        }
    });
    assert_eq!(tree.await, "[more]\nidentified\n  [theirs]\n    deep\n");
    assert_eq!(seen, Some(Identity::new().session("s-1")));
}

#[test]
fn a_context_comes_back_as_what_it_was() {
    let tree = tree_of(|theirs| {
        let run = Span::start("run", ());
        let context = run.in_scope(Context::current);
        let there = to_opentelemetry(&context);
        assert!(there.span().span_context().is_valid());
        let back = from_opentelemetry(&there);
        assert_eq!(back.span_context(), run.span_context());
        drop(theirs.start_with_context("by_hand", &there));
        let _attached = back.attach();
        drop(span_sync!("back"));
        assert_eq!(from_opentelemetry(&Theirs::new()).span_context(), None);
        assert!(!to_opentelemetry(&Context::empty()).has_active_span());
    });
    assert_eq!(tree, "run\n  [by_hand]\n  back\n");
}
