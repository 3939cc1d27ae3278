//! Traces the same thing so many times in a function by whose name callgrind counts instructions.
//!
//! Nothing runs beside it and nothing empties the ring, which is long enough. `ci/instructions.sh`
//! runs it once for each way; without an argument it prints how often a way is done, and the ways.

use exo_trace::{Context, SpanContext, TraceFlags, span_sync};
use exo_trace_std::{Counter, HostClock, Settings, State};
use exo_trace_ways::{
    chats, facts, floor, functions, futures, roots, spans, streams, texts, traceparents,
};
use std::hint::black_box;
use std::process::ExitCode;

/// How many times a way is counted: the longest takes fewer than 60 words of the ring's first half.
const TIMES: usize = 256;
/// What a text attribute holds: 64 bytes.
const TEXT: &str = "what a user asks of an agent is seldom longer than these letters";
const _: () = assert!(TEXT.len() == 64 && TIMES * 60 < exo_trace_std::RING_WORDS / 2);

/// What is current while a way is counted.
enum Place {
    Nothing,
    Span,
    /// A span of another process, of a trace that is not sampled.
    Unsampled,
    /// A span, but recording has been switched off since.
    Off,
}

/// By name: where the way is counted, and the way.
type Way = (&'static str, Place, fn());

const WAYS: &[Way] = &[
    ("work", Place::Span, || count(floor::work)),
    ("clock_pair", Place::Span, clock_pair),
    ("span", Place::Span, || count(spans::alone)),
    ("span_two_attributes", Place::Span, || count(spans::two_attributes)),
    ("span_eight_attributes", Place::Span, || count(spans::eight_attributes)),
    ("traced_two_attributes", Place::Span, || count(spans::traced_two_attributes)),
    ("function_two_attributes", Place::Span, || count(spans::function_two_attributes)),
    ("root", Place::Nothing, || count(roots::new_trace)),
    ("root_in_context", Place::Span, || count(roots::in_context)),
    ("text_of_64_bytes", Place::Span, || count(|step| texts::text(step, black_box(TEXT)))),
    ("event", Place::Span, || count(facts::event)),
    ("late_attribute", Place::Span, || count(facts::late_attribute)),
    ("chat_two_attributes", Place::Span, || count(chats::two_attributes)),
    ("chat_ten_attributes", Place::Span, || count(chats::ten_attributes)),
    ("call_of_async_fn", Place::Span, || count(functions::bare_async_fn)),
    ("call_of_traced_async_fn", Place::Span, || count(functions::async_fn)),
    ("poll", Place::Span, || count(futures::alone())),
    ("poll_of_traced_future", Place::Span, || count(futures::traced_future())),
    ("poll_of_traced_async_fn", Place::Span, || count(futures::traced_async_fn())),
    ("item", Place::Span, || count(streams::alone())),
    ("item_of_traced_stream", Place::Span, || count(streams::traced_stream())),
    ("unsampled_two_attributes", Place::Unsampled, || count(spans::two_attributes)),
    ("unsampled_traced_two_attributes", Place::Unsampled, || count(spans::traced_two_attributes)),
    ("disabled_two_attributes", Place::Off, || count(spans::two_attributes)),
    ("disabled_traced_two_attributes", Place::Off, || count(spans::traced_two_attributes)),
];

fn main() -> ExitCode {
    let Some(wanted) = std::env::args().nth(1) else {
        println!("{TIMES}");
        WAYS.iter().for_each(|(name, ..)| println!("{name}"));
        return ExitCode::SUCCESS;
    };
    let Some((_, place, way)) = WAYS.iter().find(|(name, ..)| *name == wanted) else {
        eprintln!("{wanted}: no such way");
        return ExitCode::FAILURE;
    };
    HostClock::start();
    Settings::default().apply();
    State::On.set();
    at(place, *way);
    let lost = [Counter::SpansRefused, Counter::FactsRefused, Counter::NoLane, Counter::BeforeInit];
    let lost: u64 = lost.iter().map(|counter| counter.value()).sum();
    if lost > 0 {
        eprintln!(
            "{wanted}: {lost} records lost, expected none: a lost one takes fewer instructions"
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Does `way` where it is to be counted.
fn at(place: &Place, way: fn()) {
    match place {
        Place::Nothing => way(),
        Place::Span => {
            let _span = span_sync!("bench");
            way();
        }
        Place::Unsampled => {
            let parent = SpanContext { flags: TraceFlags::default(), ..traceparents::context() };
            let _attached = Context::of(parent).attach();
            way();
        }
        Place::Off => {
            let _span = span_sync!("bench");
            State::Disabled.set();
            way();
        }
    }
}

fn clock_pair() {
    let clock = quanta::Clock::new();
    count(|step| {
        black_box(floor::clock_pair(&clock, step));
    });
}

/// Has `way` counted, but for its first time: a thread and a call site do some things once.
fn count(mut way: impl FnMut(usize)) {
    way(0);
    (1..=TIMES).for_each(|step| counted(&mut way, step));
}

/// Callgrind looks for this name, and counts what is done below it.
///
/// Once a call, not in a loop: the compiler inlines less there, and most call sites stand so.
#[inline(never)]
fn counted(way: &mut impl FnMut(usize), step: usize) {
    way(step);
}
