//! Spans of `tracing` have the parents they should, among spans of ours and across threads.

#[path = "../laws/mod.rs"]
mod laws;
#[path = "tracing_layer/subscriber.rs"]
mod subscriber;

use exo_trace::testing::capture;
use exo_trace::{Context, Span, SpanId, Trace, TraceId, span_sync, traced};
use std::sync::Barrier;
use std::thread;
use subscriber::{shape_of, subscribe};
use tracing::{Level, info_span};

fn only<'t>(trace: &'t Trace, name: &str) -> &'t exo_trace::SpanData<'static> {
    let named = trace.named(name);
    assert_eq!(named.len(), 1, "{name}");
    named[0]
}

#[traced]
fn search() {
    info_span!("query").in_scope(|| drop(span_sync!("rank")));
}

#[test]
fn spans_of_both_nest_in_each_other_any_way() {
    subscribe();
    let trace = capture(|| {
        let request = info_span!("request").entered();
        search();
        let _step = span_sync!("step");
        let inner = info_span!("inner").entered();
        drop(info_span!("leaf"));
        drop(inner);
        drop(info_span!("second"));
        drop(request);
    });
    let shape = "\
request
  search
    query
      rank
  step
    inner
      leaf
    second
";
    assert_eq!(shape_of(&laws::text_of(&trace)), shape);
}

#[test]
fn a_span_that_is_not_entered_is_nobodys_parent() {
    subscribe();
    let trace = capture(|| {
        let idle = info_span!("idle");
        drop(info_span!("beside"));
        drop(span_sync!("ours"));
        drop(idle);
    });
    assert_eq!(shape_of(&laws::text_of(&trace)), "idle\nbeside\nours\n");
}

#[test]
fn the_parent_that_was_given_counts_and_not_the_current_span() {
    subscribe();
    let trace = capture(|| {
        let given = info_span!("given");
        let _current = info_span!("current").entered();
        let _ours = span_sync!("ours");
        let child = info_span!(parent: &given, "child");
        child.in_scope(|| drop(span_sync!("below")));
    });
    assert_eq!(shape_of(&laws::text_of(&trace)), "given\n  child\n    below\ncurrent\n  ours\n");
}

#[test]
fn a_span_that_asked_for_no_parent_begins_a_trace() {
    subscribe();
    let mut inside = None;
    let trace = capture(|| {
        let _current = info_span!("current").entered();
        info_span!(parent: None, "apart").in_scope(|| inside = Context::current().span_context());
    });
    assert_eq!(shape_of(&laws::text_of(&trace)), "current\n");
    let apart: Option<TraceId> = inside.map(|inside| inside.trace_id);
    assert!(apart.is_some_and(|apart| apart != trace.spans()[0].trace_id()));
}

#[test]
fn a_span_goes_on_in_whatever_thread_enters_it() {
    subscribe();
    let trace = capture(|| {
        let job = info_span!("job");
        for _ in 0..2 {
            let job = job.clone();
            let worker = thread::spawn(move || {
                job.in_scope(|| drop(info_span!("part")));
                drop(info_span!("afterwards"));
            });
            worker.join().unwrap();
        }
        job.in_scope(|| drop(span_sync!("rest")));
    });
    // What began when the worker had left the span is a trace of its own.
    assert_eq!(shape_of(&laws::text_of(&trace)), "job\n  part\n  part\n  rest\n");
}

#[test]
fn several_threads_are_inside_of_one_span_at_once() {
    subscribe();
    let (inside, left) = (Barrier::new(3), Barrier::new(3));
    let trace = capture(|| {
        let job = info_span!("job");
        thread::scope(|scope| {
            for name in ["first", "second"] {
                let (job, inside, left) = (job.clone(), &inside, &left);
                scope.spawn(move || {
                    let entered = job.enter();
                    inside.wait();
                    let _part = info_span!("part", name).entered();
                    drop(span_sync!("leaf"));
                    left.wait();
                    drop(entered);
                });
            }
            inside.wait();
            let entered = job.enter();
            drop(info_span!("part", name = "third"));
            left.wait();
            drop(entered);
        });
    });
    let text = laws::text_of(&trace);
    let job = only(&trace, "job");
    assert_eq!(trace.children_of(job).len(), 3, "{text}");
    assert!(trace.named("leaf").iter().all(|leaf| {
        let part = leaf.parent_span_id();
        trace.named("part").iter().any(|known| Some(known.span_id()) == part)
    }));
}

#[test]
fn spans_that_are_left_out_of_order_leave_nobody_behind() {
    subscribe();
    let trace = capture(|| {
        let (first, second) = (info_span!("first"), info_span!("second"));
        let in_first = first.enter();
        let in_second = second.enter();
        drop(in_first);
        drop(span_sync!("in_second"));
        drop(in_second);
        drop(span_sync!("outside"));
        let _again = first.enter();
        drop(span_sync!("in_first"));
    });
    let shape = "first\n  in_first\nsecond\n  in_second\noutside\n";
    assert_eq!(shape_of(&laws::text_of(&trace)), shape);
}

#[test]
fn a_guard_of_ours_outlives_the_span_it_began_in() {
    subscribe();
    let trace = capture(|| {
        let request = info_span!("request").entered();
        let step = span_sync!("step");
        drop(request);
        drop(info_span!("in_step"));
        drop(step);
        drop(info_span!("outside"));
    });
    assert_eq!(shape_of(&laws::text_of(&trace)), "request\n  step\n    in_step\noutside\n");
}

#[test]
fn a_span_that_left_before_a_guard_may_come_back_within_it() {
    subscribe();
    let trace = capture(|| {
        let request = info_span!("request");
        let entered = request.enter();
        let step = span_sync!("step");
        drop(entered);
        let again = request.enter();
        drop(span_sync!("ours"));
        drop(info_span!("leaf"));
        drop(again);
        drop(info_span!("in_step"));
        drop(step);
        drop(info_span!("outside"));
    });
    let shape = "request\n  step\n    in_step\n  ours\n  leaf\noutside\n";
    assert_eq!(shape_of(&laws::text_of(&trace)), shape);
}

#[test]
fn a_span_entered_twice_is_current_until_it_is_left_twice() {
    subscribe();
    let trace = capture(|| {
        let job = info_span!("job");
        let outer = job.enter();
        let inner = job.enter();
        drop(inner);
        drop(info_span!("inside"));
        drop(outer);
        drop(info_span!("outside"));
    });
    assert_eq!(shape_of(&laws::text_of(&trace)), "job\n  inside\noutside\n");
}

#[test]
fn a_span_entered_again_where_tracing_is_off_is_not_left_for_good() {
    subscribe();
    let trace = capture(|| {
        let job = info_span!("job").entered();
        exo_trace_std::suppressed(|| job.in_scope(|| drop(info_span!("unseen"))));
        drop(info_span!("inside"));
    });
    assert_eq!(shape_of(&laws::text_of(&trace)), "job\n  inside\n");
}

#[tracing::instrument(skip_all)]
fn countdown(n: u32) {
    if n > 0 {
        countdown(n - 1);
    }
}

#[test]
fn a_deep_recursion_is_as_deep_in_the_trace() {
    subscribe();
    let trace = capture(|| countdown(300));
    let text = shape_of(&laws::text_of(&trace));
    // Past 256 levels a line says how much deeper it stands.
    assert_eq!(
        (text.lines().count(), text.lines().last().map(str::trim)),
        (301, Some("…44 countdown"))
    );
}

#[test]
fn a_span_ends_with_its_last_handle_on_whatever_thread() {
    subscribe();
    let mut inside: Option<SpanId> = None;
    let trace = capture(|| {
        let job = info_span!("job");
        job.in_scope(|| inside = Context::current().span_context().map(|own| own.span_id));
        let other = job.clone();
        drop(job);
        let worker = thread::spawn(move || {
            other.record("late", 1);
            drop(other);
        });
        worker.join().unwrap();
    });
    assert_eq!(trace.spans().len(), 1);
    assert_eq!(Some(only(&trace, "job").span_id()), inside);
}

#[test]
fn a_handle_of_ours_is_the_parent_of_spans_of_tracing_wherever_it_is() {
    subscribe();
    let trace = capture(|| {
        let run = Span::start("run", ());
        let worker = thread::spawn(move || run.in_scope(|| drop(info_span!("read"))));
        worker.join().unwrap();
    });
    assert_eq!(shape_of(&laws::text_of(&trace)), "run\n  read\n");
}

#[test]
fn a_panic_ends_the_spans_it_passes() {
    subscribe();
    let trace = capture(|| {
        let unwound = std::panic::catch_unwind(|| {
            let _request = tracing::span!(Level::INFO, "request").entered();
            std::panic::resume_unwind(Box::new("no hook is run"));
        });
        assert!(unwound.is_err());
        drop(span_sync!("afterwards"));
    });
    let text = laws::text_of(&trace);
    assert!(text.starts_with("request [panic]"), "{text}");
    assert!(text.ends_with("\nafterwards\n"), "{text}");
}
