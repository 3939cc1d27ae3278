//! As many spans as fast as it goes, each field set in some of them, and none of them lost.

use crate::expected::Expected;
use crate::work::{self, Doubles};
use crate::{DEADLINE, report};
use exo_trace::{Span, TraceBackend, TraceConfig, TraceGuard, init};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Instant;

const RING_BYTES: usize = 64 << 20;
/// How many spans are on their way before the sender waits for them: far fewer than rings and queues
/// hold, for a lost span would prove nothing here.
const SPANS_AT_ONCE: u64 = 20_000;

/// Records `spans` spans, and fails unless each was delivered to the collector and to the file.
pub(crate) fn send(spans: u64, expected: &Path, doubles: Doubles) -> ExitCode {
    let (expected, written) = Expected::new(expected).expect("the file can be written");
    // Panics are among what is recorded: they are no news.
    std::panic::set_hook(Box::new(|_| {}));
    let trace = init(configuration(expected)).expect("the configuration is sound");
    let start = Instant::now();
    let rounds = spans.div_ceil(work::SPANS_A_ROUND);
    record(rounds, doubles, &trace);
    let delivery = trace.shutdown(DEADLINE);
    let written = written.load(Relaxed);
    report(written, start.elapsed().as_secs_f64(), &delivery);
    let is_whole = delivery.is_complete() && written == rounds * work::SPANS_A_ROUND;
    if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn configuration(expected: Expected) -> TraceConfig {
    TraceConfig::new("collectors")
        .backend(TraceBackend::Otlp)
        .exporter(expected)
        .ring_bytes(RING_BYTES)
        .attribute_value_bytes_max(work::TEXT_BYTES_MAX)
        .extra("deployment.environment.name", "pröof")
        .extra("worker.count", 4)
        .extra("worker.share", 0.25)
        .extra("worker.is_spare", false)
}

/// Records all rounds, with a helper on another thread, in portions that nothing refuses.
fn record(rounds: u64, doubles: Doubles, trace: &TraceGuard) {
    let (helper, spans) = channel();
    let (done, is_done) = channel();
    thread::scope(|scope| {
        scope.spawn(move || help(&spans, &done));
        for round in 0..rounds {
            work::round(round, doubles, &helper);
            is_done.recv().expect("the helper ends each span");
            if (round + 1).is_multiple_of(SPANS_AT_ONCE / work::SPANS_A_ROUND) {
                let delivery = trace.flush(DEADLINE);
                assert!(delivery.is_complete(), "{delivery}");
            }
        }
        drop(helper);
    });
}

fn help(spans: &Receiver<Span>, done: &Sender<()>) {
    for span in spans {
        work::finish(span);
        done.send(()).expect("the recorder waits");
    }
}
