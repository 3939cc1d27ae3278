//! The root decides, by its trace id alone; what is not recorded still passes its ids on.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::testing::capture;
use exo_trace::{
    Context, Sampler, Span, SpanContext, SpanId, TraceBackend, TraceConfig, TraceFlags,
    TraceFuture, TraceGuard, TraceId, attributes, init, span_async, span_sync, traced,
};
use futures::StreamExt;
use futures::executor::block_on;
use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

static ALONE: Mutex<()> = Mutex::new(());

/// The sampler is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start(sample_rate: f64) -> TraceGuard {
    let config = TraceConfig::new("stories").backend(TraceBackend::Memory);
    init(config.sample_rate(sample_rate)).expect("nothing records yet")
}

fn current() -> Option<SpanContext> {
    Context::current().span_context()
}

#[test]
fn without_sampling_nothing_is_evaluated_and_ids_are_passed_on() {
    let _alone = alone();
    let trace = start(0.0);
    let evaluated = Cell::new(0);
    let value = || evaluated.replace(evaluated.get() + 1);
    {
        let root = span_sync!("root", n = value());
        let context = current().expect("it has ids");
        assert!(!context.is_sampled());
        assert_eq!(root.span_context(), Some(context));
        let _child = span_sync!("child", n = value(), text = %value());
        assert_eq!(current().map(|context| context.trace_id), Some(context.trace_id));
        root.set_attribute("late", "nowhere");
        root.record_error("nothing happens");
    }
    assert_eq!(current(), None);
    assert_eq!(evaluated.get(), 0);
    let delivery = trace.shutdown(DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.total()), (0, 0), "{delivery}");
}

#[traced]
async fn work() -> Option<SpanContext> {
    let _step = span_sync!("step");
    current()
}

#[traced]
fn tokens() -> impl futures::Stream<Item = Option<SpanContext>> + Send {
    futures::stream::iter(0..2).map(|_| {
        let _token = span_sync!("token");
        current()
    })
}

/// Runs `work` on a thread of its own, where nothing is current.
fn elsewhere<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    thread::spawn(work).join().expect("the thread does not panic")
}

#[test]
fn what_leaves_an_unsampled_trace_for_another_thread_stays_unsampled() {
    let _alone = alone();
    let trace = start(0.0);
    let root = Span::start("root", ());
    let (trace_id, future, span, stream, context) = root.in_scope(|| {
        let trace_id = current().map(|context| context.trace_id);
        let future = span_async("future", (), work());
        (trace_id, future, Span::start("span", ()), tokens(), Context::current())
    });
    assert!(trace_id.is_some());
    let child = root.child("child", ());
    // From here on roots are sampled: whatever begins one is seen.
    let sampled = {
        let _ = trace.shutdown(DEADLINE);
        start(1.0)
    };
    let same = |found: Option<SpanContext>| {
        assert_eq!(
            found.map(|context| (context.trace_id, context.is_sampled())).unzip().0,
            trace_id
        );
        assert!(!found.is_some_and(|context| context.is_sampled()));
    };
    same(elsewhere(|| block_on(future)));
    same(elsewhere(move || block_on(work().in_span(&span))));
    same(elsewhere(move || child.in_scope(|| block_on(work()))));
    same(elsewhere(|| block_on(context.scope(work()))));
    elsewhere(|| block_on(stream.collect::<Vec<_>>())).into_iter().for_each(same);
    drop(root);
    let delivery = sampled.shutdown(DEADLINE);
    assert_eq!(delivery.delivered, 0, "{delivery}");
}

#[test]
fn a_ratio_keeps_whole_traces_by_their_ids() {
    let _alone = alone();
    let trace = start(0.25);
    let sampler = Sampler::TraceIdRatio(0.25);
    let mut expected = 0;
    for _ in 0..4_000 {
        let _root = span_sync!("root");
        let context = current().expect("sampled or not, it has ids");
        assert_eq!(context.is_sampled(), sampler.samples(context.trace_id));
        expected += u64::from(context.is_sampled());
        drop(span_sync!("child"));
    }
    assert!((800..1_200).contains(&expected), "{expected} of 4,000");
    let delivery = trace.flush(DEADLINE);
    laws::accounts_for(2 * expected, &delivery);
    let memory = trace.memory().expect("the memory backend");
    laws::tree_of(memory);
    assert_eq!(memory.named("root").len(), memory.named("child").len());
    let _ = trace.shutdown(DEADLINE);
}

fn remote(flags: TraceFlags) -> Context {
    Context::of(SpanContext {
        trace_id: TraceId::new(0xabc).expect("not zero"),
        span_id: SpanId::new(0xdef).expect("not zero"),
        flags,
        is_remote: true,
    })
}

#[test]
fn a_parent_decides_whatever_the_sampler_says() {
    let _alone = alone();
    let never = start(0.0);
    {
        let _remote = remote(TraceFlags::SAMPLED).attach();
        drop(span_sync!("wanted", attribute = %"evaluated"));
    }
    laws::accounts_for(1, &never.flush(DEADLINE));
    let wanted = &never.memory().expect("the memory backend").spans()[0];
    assert_eq!(wanted.trace_id(), TraceId::new(0xabc).expect("not zero"));
    assert_eq!(wanted.parent_span_id(), SpanId::new(0xdef));
    assert!(wanted.is_parent_remote());
    let _ = never.shutdown(DEADLINE);

    let always = start(1.0);
    {
        let _remote = remote(TraceFlags::default()).attach();
        let _unwanted = span_sync!("unwanted");
        assert_eq!(current().map(|context| context.is_sampled()), Some(false));
    }
    laws::accounts_for(0, &always.shutdown(DEADLINE));
}

#[test]
fn always_means_every_root_and_a_capture_is_always_sampled() {
    let _alone = alone();
    let always = start(1.0);
    (0..100).for_each(|n| drop(span_sync!("root", n)));
    laws::accounts_for(100, &always.shutdown(DEADLINE));
    let never = start(0.0);
    let trace = capture(|| drop(exo_trace::span_sync("seen", attributes! { step = 1 })));
    assert_eq!(laws::text_of(&trace), "seen step=1\n");
    let _ = never.shutdown(DEADLINE);
}
