//! Threads come and go by the thousand; lanes and memory do not.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod drain;

use drain::Drain;
use exo_trace_std::{Counter, Settings, registry, span_sync};
use std::fs;
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};

const WAVE: usize = 16;
const WAVES: usize = 625;
const SPANS_EACH: usize = 3;
/// More than an allocator's noise, less than a ring for each of the waves.
const GROWTH_KIB_MAX: u64 = 4_096;

fn live_shortly() {
    let _run = span_sync!("run", step = 1);
    for text in ["plan", "act"] {
        let _step = span_sync!("step", text);
    }
}

/// Reads what the threads write until all of them are dead; returns the spans.
fn drain_until_dead(drain: &mut Drain, threads: Vec<JoinHandle<()>>) -> u64 {
    let mut spans = 0;
    while !threads.iter().all(JoinHandle::is_finished) {
        spans += drain.spans();
        thread::yield_now();
    }
    threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
    spans + drain.spans()
}

/// How much memory the process has at present, where the system tells.
fn resident_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[test]
fn ten_thousand_short_threads_share_the_lanes_of_one_wave() {
    let mut drain = Drain::start(Settings { ring_words: 1_024, ..Settings::default() });
    let (mut spans, mut resident_early) = (0, None);
    let lanes_before = registry::snapshot().len();
    for wave in 0..WAVES {
        let threads = (0..WAVE).map(|_| thread::spawn(live_shortly)).collect();
        spans += drain_until_dead(&mut drain, threads);
        if wave == WAVES / 10 {
            resident_early = resident_kib();
        }
    }
    assert_eq!(drain.counted(), [], "nothing was lost");
    assert_eq!(spans, (WAVES * WAVE * SPANS_EACH) as u64);
    assert!(registry::snapshot().len() <= lanes_before.max(WAVE));
    if let (Some(early), Some(late)) = (resident_early, resident_kib()) {
        assert!(late <= early + GROWTH_KIB_MAX, "{early} KiB grew to {late} KiB");
    }
}

#[test]
fn threads_past_the_bound_lose_their_spans_and_say_so() {
    const AT_ONCE: usize = 64;
    let mut drain =
        Drain::start(Settings { ring_words: 1_024, threads_max: 4, ..Settings::default() });
    let lanes_before = registry::snapshot().len();
    let all_have_recorded = Arc::new(Barrier::new(AT_ONCE));
    let threads = (0..AT_ONCE)
        .map(|_| {
            let all_have_recorded = all_have_recorded.clone();
            thread::spawn(move || {
                live_shortly();
                all_have_recorded.wait();
            })
        })
        .collect();
    let spans = drain_until_dead(&mut drain, threads);
    let lanes = lanes_before.max(4) as u64;
    assert_eq!(registry::snapshot().len() as u64, lanes, "no lane past the bound");
    assert_eq!(spans, lanes * SPANS_EACH as u64, "who has a lane loses nothing");
    let lost = (AT_ONCE * SPANS_EACH) as u64 - spans;
    assert_eq!(drain.counted(), [(Counter::NoLane, lost)], "who has none counts every span");
}
