//! A measured span is recorded though its trace is not sampled; what is plain around it is not.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

extern crate exo_trace_std as exo_trace;

#[allow(dead_code, reason = "each file of tests asks its own questions")]
mod drain;

use drain::Drain;
use exo_trace::__private::{
    Callsite, CallsiteFacts, Key, SpanKind, Value, begin_measured, begin_measured_named,
};
use exo_trace::{
    Context, Sampler, Settings, Span, SpanContext, SpanId, Status, TraceFlags, TraceId, agent,
    attributes, span_async, span_sync, suppressed,
};
use exo_trace_core::{Outcome, Record};
use std::cell::Cell;
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};
use std::thread;

static TOOL: Callsite = Callsite::new(&CallsiteFacts {
    name: "execute_tool {gen_ai.tool.name}",
    kind: SpanKind::Internal,
    function: "",
    module: "",
    file: file!(),
    line: line!(),
    scope_name: "",
    scope_version: "",
    attributes: &[(Key::new("gen_ai.operation.name"), Value::Text("execute_tool"))],
});

/// What a record says of a span.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    id: SpanId,
    parent: Option<SpanId>,
    trace_id: TraceId,
    is_sampled: bool,
    outcome: Outcome,
    is_tool: bool,
}

fn never() -> Drain {
    Drain::start(Settings { sampler: Sampler::AlwaysOff, ..Settings::default() })
}

/// Returns every span, in the order of their ends, and what was said of them in other records.
fn read(drain: &mut Drain) -> (Vec<Seen>, Vec<(SpanId, String)>) {
    let (mut spans, mut facts) = (Vec::new(), Vec::new());
    drain.pass(|record| match record {
        Record::Span(span) => spans.push(Seen {
            id: span.span_id,
            parent: span.parent_id,
            trace_id: span.trace_id,
            is_sampled: span.flags.is_sampled(),
            outcome: span.outcome,
            is_tool: span.callsite == TOOL.id(),
        }),
        Record::Facts(fact) => {
            let values = fact.attributes.iter().map(|attribute| attribute.value);
            facts.extend(values.map(|value| (fact.span_id, format!("{value:?}"))));
        }
        Record::Event(event) => facts.push((event.span_id, event.name.to_owned())),
        Record::Failure(failure) => facts.push((failure.span_id, failure.message.to_owned())),
        Record::Status(status) => facts.push((status.span_id, status.description.to_owned())),
        Record::Name { span_id, name } => facts.push((span_id, name.to_owned())),
        other => panic!("{other:?}, expected nothing of the kind"),
    });
    (spans, facts)
}

fn spans(drain: &mut Drain) -> Vec<Seen> {
    read(drain).0
}

fn current() -> SpanContext {
    Context::current().span_context().expect("something has ids here")
}

fn poll<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for nothing"),
    }
}

#[test]
fn it_keeps_its_own_facts_and_plain_spans_inside_it_evaluate_nothing() {
    let mut drain = never();
    let evaluated = Cell::new(0);
    let value = || evaluated.replace(evaluated.get() + 1);
    let tool = begin_measured(&TOOL).enter();
    tool.set_attribute("gen_ai.tool.name", "search");
    tool.add_event("asked", ());
    tool.set_status(Status::error("no answer"));
    assert!(tool.is_recording() && !current().is_sampled());
    {
        let plain = span_sync!("plain", n = value(), text = %value());
        plain.set_attribute("late", "nowhere");
        Span::current().set_attribute("late", "nowhere");
        poll(span_async("plain future", (), async { drop(span_sync!("inside", n = value())) }));
    }
    drop(tool);
    let (spans, facts) = read(&mut drain);
    let [Seen { id, parent: None, is_sampled: false, is_tool: true, .. }] = spans[..] else {
        panic!("{spans:?}, expected one root");
    };
    assert!(facts.iter().all(|(span_id, _)| *span_id == id));
    let facts: Vec<_> = facts.iter().map(|(_, fact)| fact.as_str()).collect();
    assert_eq!(facts, ["Text(\"search\")", "asked", "no answer"]);
    assert_eq!((evaluated.get(), drain.counted()), (0, vec![]));
}

#[test]
fn it_says_how_it_ended() {
    let mut drain = never();
    drop(begin_measured(&TOOL).future(std::future::pending::<()>()));
    drop(begin_measured(&TOOL));
    begin_measured(&TOOL).enter().record_error("refused");
    let caught = std::panic::catch_unwind(|| {
        let _tool = begin_measured(&TOOL).enter();
        std::panic::resume_unwind(Box::new(()));
    });
    assert!(caught.is_err());
    let outcomes: Vec<_> = spans(&mut drain).iter().map(|span| span.outcome).collect();
    let (cancelled, ended) = (Outcome::Cancelled, Outcome::Ended);
    assert_eq!(outcomes, [cancelled, cancelled, ended, Outcome::Panic]);
}

#[test]
fn its_parent_is_the_nearest_measured_span_across_plain_ones() {
    let mut drain = never();
    {
        let _root = span_sync!("plain root");
        let _run = begin_measured(&TOOL).enter();
        let _plain = span_sync!("plain");
        let owned = Span::start("plain and owned", ());
        owned.child("below", ()).in_scope(|| {
            poll(span_async("plain future", (), async {
                let _step = begin_measured(&TOOL).enter();
                drop(begin_measured(&TOOL).enter());
            }));
        });
        drop(begin_measured(&TOOL).span());
    }
    drop(begin_measured(&TOOL).enter());
    let spans = spans(&mut drain);
    let [inner, step, tool, run, alone] = spans[..] else { panic!("{spans:?}, expected five") };
    assert_eq!(
        (inner.parent, step.parent, tool.parent),
        (Some(step.id), Some(run.id), Some(run.id))
    );
    assert_eq!((run.parent, alone.parent), (None, None), "a plain root is nobody's parent");
    assert!([inner, step, tool].iter().all(|span| span.trace_id == run.trace_id));
    assert_ne!(alone.trace_id, run.trace_id);
}

#[test]
fn it_is_recorded_on_threads_that_its_context_went_to() {
    let mut drain = never();
    let run = begin_measured(&TOOL).span();
    let context = run.in_scope(Context::current);
    let tool = run.in_scope(|| begin_measured(&TOOL).span());
    thread::scope(|scope| {
        scope.spawn(move || {
            let _attached = context.attach();
            drop(span_sync!("plain"));
            drop(begin_measured(&TOOL).enter());
        });
        scope.spawn(move || tool.set_attribute("hits", 7));
    });
    let id = run.span_context().expect("it is recorded").span_id;
    drop(run);
    let (spans, facts) = read(&mut drain);
    assert_eq!(spans.len(), 3, "two tools and the run");
    assert_eq!(spans.iter().filter(|span| span.parent == Some(id)).count(), 2);
    assert_eq!(facts.iter().map(|(_, fact)| fact.as_str()).collect::<Vec<_>>(), ["I64(7)"]);
    assert_eq!(drain.counted(), []);
}

#[test]
fn a_remote_parent_decides_for_others_and_is_its_parent() {
    let mut drain = Drain::start(Settings::default());
    let remote = SpanContext {
        trace_id: TraceId::new(0xabc).expect("not zero"),
        span_id: SpanId::new(0xdef).expect("not zero"),
        flags: TraceFlags::default(),
        is_remote: true,
    };
    {
        let _remote = Context::of(remote).attach();
        drop(span_sync!("plain"));
        drop(begin_measured(&TOOL).enter());
    }
    let spans = spans(&mut drain);
    let [Seen { parent, trace_id, is_sampled: false, .. }] = spans[..] else {
        panic!("{spans:?}, expected one");
    };
    assert_eq!((parent, trace_id), (Some(remote.span_id), remote.trace_id));
}

#[test]
fn where_tracing_is_suppressed_it_is_too() {
    let mut drain = never();
    suppressed(|| {
        let tool = begin_measured(&TOOL);
        assert!(!tool.is_recording());
        drop(tool.enter());
        drop(begin_measured_named("tool", attributes! { n = 1 }).span());
    });
    assert_eq!((spans(&mut drain), drain.counted()), (vec![], vec![]));
}

#[test]
fn a_span_made_where_tracing_is_suppressed_lets_nothing_begin_inside_it_anywhere() {
    let mut drain = never();
    let (run, plain) = suppressed(|| (agent("run").start(), Span::start("plain", ())));
    let inside = || drop(begin_measured(&TOOL).enter());
    run.in_scope(inside);
    plain.in_scope(inside);
    plain.child("below", ()).in_scope(inside);
    run.child("below", ()).in_scope(inside);
    assert_eq!((spans(&mut drain), drain.counted()), (vec![], vec![]));
}

#[test]
fn in_a_sampled_trace_it_is_like_any_other() {
    let mut drain = Drain::start(Settings::default());
    {
        let _tool = begin_measured(&TOOL).enter();
        drop(span_sync!("plain"));
    }
    let spans = spans(&mut drain);
    let [plain, tool] = spans[..] else { panic!("{spans:?}, expected two") };
    assert_eq!((plain.parent, tool.parent), (Some(tool.id), None));
    assert!(plain.is_sampled && tool.is_sampled);
}

#[test]
fn a_name_may_be_a_value_literal_or_made_at_run_time() {
    let mut drain = never();
    for _ in 0..2 {
        drop(begin_measured_named("literal", attributes! { text = "said" }).enter());
    }
    drop(begin_measured_named(format!("tool {}", 7), ()).enter());
    let (spans, facts) = read(&mut drain);
    assert_eq!(spans.len(), 3);
    let facts: Vec<_> = facts.iter().map(|(_, fact)| fact.as_str()).collect();
    assert_eq!(facts, ["Text(\"said\")", "Text(\"said\")", "tool 7"]);
}

#[test]
fn before_init_it_is_counted_like_any_other() {
    let mut drain = never();
    exo_trace::State::BeforeInit.set();
    drop(begin_measured(&TOOL).enter());
    drop(begin_measured_named("named", ()).enter());
    exo_trace::State::On.set();
    assert_eq!(spans(&mut drain), []);
    assert_eq!(drain.counted(), [(exo_trace::Counter::BeforeInit, 2)]);
}
