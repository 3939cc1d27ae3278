//! exo-trace as it comes, with an exporter that drops what it gets: every way that a goal is about.
//!
//! What it does is written once, in `benches/ways`, where the benches of each question find it too.

use crate::contender::{About, Contender, SPAN, TWO, Way, timed};
use exo_trace::{Context, TraceConfig, TraceGuard, span_sync};
use exo_trace_ways::{
    bursts, facts, floor, functions, futures, roots, spans, streams, texts, traceparents,
};
use std::hint::black_box;
use std::time::Duration;

pub(super) const ABOUT: About = About {
    packages: &[],
    settings: "as it comes: a ring of 256 KiB for each thread, all spans sampled",
    lacks: "nothing that is compared here",
};

pub(crate) const CLOCK_PAIR: &str = "clock read twice";
pub(crate) const EIGHT: &str = "eight attributes";
pub(crate) const TRACED_TWO: &str = "#[traced], two attributes";
pub(crate) const TEXT_64: &str = "text of 64 bytes";
pub(crate) const NEW_TRACE: &str = "root span";
pub(crate) const ROOT: &str = "root span, context set and restored";
pub(crate) const FUTURE: &str = "poll of a future";
pub(crate) const TRACED_FUTURE: &str = "poll of future.traced(…)";
pub(crate) const SPAN_ASYNC: &str = "poll of span_async!";
pub(crate) const COARSE: &str = "#[traced(clock = \"coarse\")]";

/// More words than any of these ways writes each time.
const LONG: usize = 32;

/// How long the drain may take to empty the rings.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn set_up() -> Contender {
    let trace = bursts::start(TraceConfig::new("compare"));
    let root = span_sync!("run");
    let ways = [clocks(), spans(), facts(), calls(), polls()];
    let mut missing = missing(trace);
    Contender {
        ways: ways.into_iter().flatten().collect(),
        missing: Box::new(move |expected| {
            // Until the last burst every span is below it.
            let _below = &root;
            missing(expected)
        }),
    }
}

fn clocks() -> Vec<Way> {
    let clock = quanta::Clock::new();
    let pair = move |step| {
        black_box(floor::clock_pair(&clock, step));
    };
    vec![Way::bare(), Way::silent(CLOCK_PAIR, move |times| timed(times, &pair))]
}

fn spans() -> Vec<Way> {
    vec![
        Way::new(SPAN, |times| timed(times, spans::alone)),
        Way::new(TWO, |times| timed(times, spans::two_attributes)),
        Way::new(EIGHT, |times| timed(times, spans::eight_attributes)).of_words(LONG),
        Way::new(TRACED_TWO, |times| timed(times, spans::traced_two_attributes)),
        Way::new("function, two attributes", |times| timed(times, spans::function_two_attributes)),
        Way::new(COARSE, |times| timed(times, spans::coarse)),
        Way::new(NEW_TRACE, |times| {
            let _nothing = Context::empty().attach();
            timed(times, roots::new_trace)
        }),
        Way::new(ROOT, |times| timed(times, roots::in_context)),
    ]
}

/// Facts are records of their own, beside the span's.
fn facts() -> Vec<Way> {
    let (text, link) = ("x".repeat(64), traceparents::context());
    let text = move |step| texts::text(step, black_box(&text));
    let link = move |step| facts::link(&link, step);
    let ways = [
        Way::new(TEXT_64, move |times| timed(times, &text)),
        Way::new("a number, formatted", |times| timed(times, texts::formatted)),
        Way::new("late attribute", |times| timed(times, facts::late_attribute)),
        Way::new("event", |times| timed(times, facts::event)),
        Way::new("link", move |times| timed(times, &link)),
    ];
    ways.map(|way| way.of_words(LONG)).into()
}

fn calls() -> Vec<Way> {
    vec![
        Way::silent("async fn, bare", |times| timed(times, functions::bare_async_fn)),
        Way::new("async fn, #[traced]", |times| timed(times, functions::async_fn)).of_words(LONG),
        Way::silent("boxed future, bare", |times| timed(times, functions::bare_boxed)),
        Way::new("boxed future, #[traced]", |times| timed(times, functions::boxed)).of_words(LONG),
    ]
}

/// Ways that leave no span: theirs never end.
fn polls() -> Vec<Way> {
    vec![
        endless(FUTURE, futures::alone()),
        endless(TRACED_FUTURE, futures::traced_future()),
        endless(SPAN_ASYNC, futures::in_span_async()),
        endless("poll in another context", futures::in_another_context()),
        endless("item of a stream", streams::alone()),
        endless("item of a #[traced] stream", streams::traced_stream()),
    ]
}

fn endless(name: &'static str, mut way: impl FnMut(usize) + 'static) -> Way {
    Way::silent(name, move |times| timed(times, &mut way))
}

/// Empties the rings, and returns what was lost since the last time, whatever the reason.
pub(super) fn missing(trace: TraceGuard) -> impl FnMut(u64) -> u64 {
    let mut known = trace.losses().total();
    move |_| {
        let is_flushed = trace.flush(PATIENCE).is_complete();
        let lost = trace.losses().total();
        let new = lost.saturating_sub(std::mem::replace(&mut known, lost));
        new + u64::from(!is_flushed && new == 0)
    }
}
