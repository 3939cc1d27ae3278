//! Two thousand threads at once: who has a ring loses nothing, who has none counts, and memory has a bound.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;
mod laws;

use deadlines::{Counting, Watch};
use exo_trace::{TraceConfig, init, span_sync};
use std::fs;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
const THREADS: u64 = 2_000;
/// Each begins so many, at the same time as all others.
const SPANS_EACH: u64 = 20;
const SPANS: u64 = THREADS * SPANS_EACH;
const STACK_BYTES: usize = 256 << 10;
const RING_BYTES: usize = 64 << 10;
const FEW: u64 = 64;

/// Runs two thousand threads that all live until the last one has recorded.
fn all_at_once() {
    let (begun, recorded) = (Arc::new(Barrier::new(2_000)), Arc::new(Barrier::new(2_000)));
    let threads: Vec<_> = (0..THREADS)
        .map(|n| {
            let (begun, recorded) = (Arc::clone(&begun), Arc::clone(&recorded));
            let thread = thread::Builder::new().stack_size(STACK_BYTES);
            let spawned = thread.spawn(move || {
                begun.wait();
                let _outer = span_sync!("outer", n);
                (1..SPANS_EACH).for_each(|step| drop(span_sync!("step", step)));
                recorded.wait();
            });
            spawned.expect("the system has room for two thousand threads")
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
}

/// How much memory the process has at present, where the system tells.
fn resident_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Rings that exist stay, so that few are few only before there are many.
#[test]
fn two_thousand_threads_lose_what_has_no_ring_and_nothing_else() {
    with_fewer_rings_than_threads_every_span_is_delivered_or_counted();
    with_a_ring_for_each_every_span_is_delivered();
}

fn with_a_ring_for_each_every_span_is_delivered() {
    let watch = Watch::start("two thousand threads, a ring for each");
    let counting = Counting::default();
    let config = TraceConfig::new("threads").ring_bytes(RING_BYTES).threads_max(THREADS as usize);
    let trace = init(config.exporter(watch.of(counting.clone()))).expect("nothing records yet");
    all_at_once();
    let first = resident_kib();
    let delivery = trace.flush(DEADLINE);
    assert_eq!((delivery.delivered, counting.spans()), (SPANS, SPANS), "{delivery}");
    // Again: the rings of the dead are lent out, and nothing more is needed.
    all_at_once();
    let delivery = watch.shutdown(&trace, DEADLINE);
    laws::accounts_for(2 * SPANS, &delivery);
    assert!(delivery.is_complete(), "{delivery}");
    if let (Some(first), Some(second)) = (first, resident_kib()) {
        let rings_kib = THREADS * RING_BYTES as u64 / 1_024;
        assert!(second <= first + rings_kib / 4, "{first} KiB grew to {second} KiB");
    }
}

fn with_fewer_rings_than_threads_every_span_is_delivered_or_counted() {
    let watch = Watch::start("two thousand threads, few rings");
    let counting = Counting::default();
    let config = TraceConfig::new("threads").ring_bytes(RING_BYTES).threads_max(FEW as usize);
    let trace = init(config.exporter(watch.of(counting.clone()))).expect("nothing records yet");
    all_at_once();
    let delivery = watch.shutdown(&trace, DEADLINE);
    // All live until the last one has recorded: no ring is had by two of them.
    assert_eq!(delivery.delivered, FEW * SPANS_EACH, "who has a ring loses nothing: {delivery}");
    assert_eq!(delivery.lost.no_lane, SPANS - delivery.delivered, "{delivery}");
    assert_eq!(counting.spans(), delivery.delivered);
    // All are dead: the drain has their rings back, and the next thread has one.
    let next = init(TraceConfig::new("next").exporter(counting.clone())).expect("it has ended");
    let thread = thread::spawn(|| drop(span_sync!("afterwards")));
    thread.join().expect("it does not panic");
    let delivery = next.shutdown(DEADLINE);
    assert!(delivery.is_complete() && delivery.delivered == 1, "{delivery}");
}
