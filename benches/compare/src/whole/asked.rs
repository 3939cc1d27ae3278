//! How often each question of `benches/ways` about the whole is asked, and with what.
//!
//! Recording starts before the calling thread is kept on one core, so that the drain has another.

use super::Said;
use crate::pinned;
use exo_trace::{TraceConfig, span_sync};
use exo_trace_ways::drain::Drain;
use exo_trace_ways::spans::two_attributes;
use exo_trace_ways::tail::{self, Tail};
use exo_trace_ways::{bursts, idle_wakeups, memory_per_thread, ring_hand_off, sustained, threads};
use std::error::Error;
use std::time::Duration;

pub(crate) const ONE_CORE: &str = "one core, M records/s";
pub(crate) const DRAINED: &str = "one core, M spans/s";
pub(crate) const TWO_TIMES_ONE: &str = "2 threads, × one";
pub(crate) const KEPT: &str = "one producer, M spans/s";
pub(crate) const IDLE: &str = "a second";
pub(crate) const ONE_SPAN: &str = "its first span, KiB";
pub(crate) const FULL_RING: &str = "its ring written from end to end, KiB";
pub(crate) const STEADY: &str = "steady: p99.9 less one clock step, ÷ median";
pub(crate) const WITH_A_WAKE: &str = "with a wake: p99.9, ns";
pub(crate) const AFTER_A_SLEEP: &str = "after a sleep: p99.9, ns";

const RECORDS: u64 = 20_000_000;
const SPANS: u64 = 2_000_000;
const ROUNDS_OF_THREADS: usize = 300;
const THREADS_THAT_RECORD: usize = 8;
const RING_BYTES: usize = 256 << 10;
const BURSTS: usize = 200;
const SLEEPS: usize = 500;
const SLEEP: Duration = Duration::from_millis(1);

type Answered = Result<Said, Box<dyn Error>>;

pub(super) fn hand_off() -> Answered {
    let between = ring_hand_off::between_threads(RECORDS);
    pinned::calling_thread()?;
    let on_one = ring_hand_off::on_one_core(RECORDS);
    let figures = [
        (ONE_CORE, on_one.per_second() / 1e6),
        ("between two threads, M records/s", between.per_second() / 1e6),
    ];
    Ok(Said::of(figures, on_one.refused + between.refused))
}

pub(super) fn drain() -> Answered {
    let mut drain = Drain::start();
    // Keys, call sites and batches are known then.
    drain.drained(SPANS / 4, two_attributes);
    let drained = drain.drained(SPANS, two_attributes);
    let missing = SPANS.abs_diff(drained.spans);
    Ok(Said::of([(DRAINED, drained.per_second() / 1e6)], drained.lost + missing))
}

pub(super) fn threads() -> Answered {
    let trace = bursts::start(TraceConfig::new("compare"));
    let cores = std::thread::available_parallelism()?.get().max(2);
    let all = threads::one_to(&trace, cores, ROUNDS_OF_THREADS, two_attributes);
    let mut said = Said::of([], all.iter().map(|throughput| throughput.refused).max().unwrap_or(0));
    for throughput in all {
        let count = throughput.threads;
        said.add(format!("{count} threads, M spans/s"), throughput.per_second.median / 1e6);
        said.add(format!("{count} threads, × one"), throughput.times_one.median);
    }
    Ok(said)
}

pub(super) fn sustained(lasting: Duration) -> Answered {
    let trace = bursts::start(TraceConfig::new("compare").ring_bytes(sustained::RING_BYTES));
    pinned::calling_thread()?;
    let runs = sustained::search(&trace, lasting, two_attributes);
    let fastest = sustained::fastest(&runs).ok_or("no rate was kept")?;
    Ok(Said::of([(KEPT, fastest.per_second / 1e6)], fastest.lost))
}

pub(super) fn memory() -> Answered {
    let trace = bursts::start(TraceConfig::new("compare").ring_bytes(RING_BYTES));
    let each = memory_per_thread::of(&trace, THREADS_THAT_RECORD, RING_BYTES, two_attributes)?;
    let figures = [
        ("a thread that records nothing, KiB", each.idle_kib),
        (ONE_SPAN, each.one_span_kib),
        (FULL_RING, each.full_ring_kib),
    ];
    Ok(Said::of(figures, each.refused))
}

pub(super) fn idle(lasting: Duration) -> Answered {
    let trace = bursts::start(TraceConfig::new("compare"));
    two_attributes(0);
    bursts::empty(&trace);
    let counted = idle_wakeups::count(lasting, lasting * 5)?;
    Ok(Said::of([(IDLE, counted.per_second())], bursts::refused(&trace)))
}

pub(super) fn tail() -> Answered {
    let trace = bursts::start(TraceConfig::new("compare"));
    pinned::calling_thread()?;
    let _root = span_sync!("run");
    let steady = tail::steady(&trace, BURSTS, two_attributes);
    let with_a_wake = tail::with_a_wake(&trace, BURSTS, two_attributes);
    let after_a_sleep = tail::after_a_sleep(&trace, SLEEPS, SLEEP, two_attributes);
    let clear = (steady.spans.p999 - steady.clock_step) / steady.spans.median;
    let figures = [
        (STEADY, clear),
        ("two clock reads alone: median, ns", steady.clock.median),
        ("one step of the clock, ns", steady.clock_step),
    ];
    let lost = steady.refused + with_a_wake.refused + after_a_sleep.refused;
    let mut said = Said::of(figures, lost);
    add_times(&mut said, "steady", &steady);
    add_times(&mut said, "with a wake", &with_a_wake);
    add_times(&mut said, "after a sleep", &after_a_sleep);
    Ok(said)
}

fn add_times(said: &mut Said, when: &str, tail: &Tail) {
    let times = tail.spans;
    for (what, nanos) in [
        ("median", times.median),
        ("p99", times.p99),
        ("p99.9", times.p999),
        ("longest", times.max),
    ] {
        said.add(format!("{when}: {what}, ns"), nanos);
    }
}
