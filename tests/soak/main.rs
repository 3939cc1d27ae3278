//! A program that records a million spans a second for as long as it is told, held to every law.
//!
//! ```text
//! soak SECONDS [SPANS_A_SECOND]
//! ```
//!
//! Four threads, two of them a runtime's, record what agents record, with errors, panics,
//! cancellations, streams, parents of other processes, late facts, and threads that come and go. The
//! spans go to a collector in a process of its own, which is killed and started again, and to a
//! consumer that holds each of them to the laws. At the end everything must come out even, and this
//! process must hold no more of the machine than in its first minute.

#![allow(clippy::expect_used, reason = "a soak that cannot begin has failed")]

mod collector;
mod crew;
mod judge;
#[path = "../laws/mod.rs"]
mod laws;
mod outages;
mod pace;
mod resources;
mod tasks;
mod told;
mod verdict;
mod watched;
mod work;

use crew::Crew;
use exo_trace::{
    Protocol, TraceBackend, TraceConfig, TraceGuard, clear_consumers, init, register_consumer,
};
use judge::Judge;
use outages::Collector;
use resources::Resources;
use std::panic;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};
use verdict::{End, Verdict};
use watched::Watched;

const USAGE: &str = "usage: soak SECONDS [SPANS_A_SECOND]";
const SPANS_PER_SECOND: u64 = 1_000_000;
/// A thread's ring: what a quarter of all spans fills in twenty milliseconds. All rings together are the
/// longest batch, and so the step in which memory comes and goes.
const RING_BYTES: usize = 512 << 10;
/// What came in the first minute is what everything later is held against; of a shorter run, in a sixth.
const WARM: Duration = Duration::from_secs(60);
/// By how much resident memory may grow after it, as a share, in a run that lasts at least twice as long.
const GROWTH_MAX: f64 = 0.01;
/// How often the collector is away, or a sixth of a shorter run.
const OUTAGE_EVERY: Duration = Duration::from_secs(30);
/// How often everybody works without a clock, without a reader at first and then with one.
const FILLINGS: u32 = 4;
/// So many spans of any kind fill a queue, in spans and in bytes.
const SPANS_THAT_FILL: u64 = 1 << 20;
const LOOK_EVERY: Duration = Duration::from_millis(250);
const DEADLINE: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["collector", port] => collector::serve(number(port) as u16),
        [seconds] => soak(Duration::from_secs(number(seconds)), SPANS_PER_SECOND),
        [seconds, rate] => soak(Duration::from_secs(number(seconds)), number(rate)),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn number(word: &str) -> u64 {
    word.parse().expect("a whole number")
}

fn soak(length: Duration, spans_per_second: u64) -> ExitCode {
    bring_what_stays();
    let before = Resources::now();
    keep_quiet_about_the_work();
    let every = OUTAGE_EVERY.min(length / 6);
    let mut collector = Collector::start(every);
    let judge = Judge::new();
    register_consumer(judge.clone());
    let config = TraceConfig::new("soak")
        .backend(TraceBackend::Otlp)
        .protocol(Protocol::HttpProtobuf)
        .endpoint(collector.endpoint())
        .ring_bytes(RING_BYTES);
    let trace = init(config).expect("the configuration is sound");
    let crew = Crew::hurry(spans_per_second);
    fill_everything(&mut collector, &judge, &crew, &trace);
    crew.keep_to_the_clock();
    let began = Instant::now();
    let mut watched = Watched::new(length, crew.begun());
    while began.elapsed() < length {
        thread::sleep(LOOK_EVERY);
        collector.keep_to(began.elapsed());
        watched.look(began.elapsed(), &crew, &judge, &trace.losses(), collector.is_there());
    }
    let begun = crew.end();
    collector.come_back();
    let ending = Instant::now();
    let delivery = trace.shutdown(DEADLINE);
    println!("shut down in {:.1?}: {delivery}", ending.elapsed());
    drop(trace);
    clear_consumers();
    let (taken, outages) = collector.end();
    // A shorter run has no first minute: its memory is said, and decides nothing.
    let (warm, growth_max) =
        if length >= 2 * WARM { (WARM, GROWTH_MAX) } else { (length / 6, f64::INFINITY) };
    let verdict = Verdict::default()
        .of_spans(&mut judge.findings(), &End { begun, delivery, taken, outages })
        .of_memory(&watched, warm, every, growth_max)
        .of_handles(&watched, warm)
        .of_what_is_left(before);
    verdict.say()
}

/// Holds up the judge and the collector until all there is to fill is full, and lets them go on until it
/// is empty.
///
/// Rings and queues have bounds, but the allocator cuts its own memory anew each time they fill and
/// empty, and keeps the most it ever needed; the first large pieces that come back change from where it
/// takes the next. That comes to rest after some times. What grows later is a leak.
fn fill_everything(collector: &mut Collector, judge: &Judge, crew: &Crew, trace: &TraceGuard) {
    let read = || crew.begun().saturating_sub(trace.losses().spans_refused);
    for _ in 0..FILLINGS {
        collector.go_away();
        let held_up = judge.findings();
        let full = read() + SPANS_THAT_FILL;
        let since = Instant::now();
        while read() < full && since.elapsed() < DEADLINE {
            thread::sleep(LOOK_EVERY);
        }
        drop(held_up);
        collector.come_back();
        println!("filled and emptied: {}", trace.flush(DEADLINE));
    }
}

/// A first runtime opens two sockets for signals that Tokio keeps for as long as the process lives.
fn bring_what_stays() {
    drop(tokio::runtime::Builder::new_current_thread().enable_all().build());
}

/// Panics that are work are not said; any other is.
fn keep_quiet_about_the_work() {
    let loud = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let is_meant = panic.payload_as_str().is_some_and(|text| text == work::MEANT_TO_PANIC);
        if !is_meant {
            loud(panic);
        }
    }));
}
