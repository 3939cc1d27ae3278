//! Sixteen threads begin a million spans: every one comes out of the pipeline, or is counted.

mod laws;

use exo_trace::{
    Delivery, ExportError, SpanConsumer, SpanData, SpanExporter, TraceConfig, clear_consumers,
    init, register_consumer, span_sync,
};
use laws::Sums;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(300);
const THREADS: u64 = 16;
const SPANS_EACH: u64 = 62_500;
const SPANS: u64 = THREADS * SPANS_EACH;
/// So many that what a thread does between two flushes fits its ring.
const BURSTS: u64 = 25;

/// Counts what reaches it, by itself.
#[derive(Clone, Default)]
struct Counting {
    spans: Arc<AtomicU64>,
}

impl SpanExporter for Counting {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        self.spans.fetch_add(spans.len() as u64, Relaxed);
        Ok(())
    }
}

impl SpanConsumer for Counting {
    fn consume(&self, _: &SpanData<'_>) {
        self.spans.fetch_add(1, Relaxed);
    }
}

static ALONE: Mutex<()> = Mutex::new(());

/// Recording and the list of consumers are the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    clear_consumers();
    alone
}

#[test]
fn a_million_spans_as_fast_as_sixteen_threads_can_are_delivered_or_counted() {
    let _alone = alone();
    let (exported, consumed) = (Counting::default(), Counting::default());
    register_consumer(consumed.clone());
    let trace = init(TraceConfig::new("million").exporter(exported.clone())).expect("it starts");
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..SPANS_EACH / 2).for_each(outer_and_inner));
        }
    });
    let flushed = trace.flush(DEADLINE);
    assert_eq!(flushed.queued, 0, "{flushed}");
    let (exported, consumed) = (exported.spans.load(Relaxed), consumed.spans.load(Relaxed));
    let Delivery { delivered, lost, .. } = flushed;
    assert_eq!(delivered, exported.min(consumed), "what is delivered every destination has");
    laws::come_out_even(Sums {
        begun: SPANS,
        destinations: 2,
        delivered: exported + consumed,
        waiting: 0,
        lost,
    });
    assert_eq!((lost.no_lane, lost.thread_gone, lost.undecodable), (0, 0, 0), "{lost}");
    let statistics = trace.statistics();
    assert_eq!((statistics.recorded, statistics.delivered), (SPANS, SPANS - lost.spans()));

    let ended = trace.shutdown(DEADLINE);
    assert_eq!((ended.delivered, ended.lost), (delivered, lost), "nothing was left to do");
}

#[test]
fn a_million_spans_in_bursts_that_fit_the_rings_are_all_delivered() {
    let _alone = alone();
    let exported = Counting::default();
    let trace = init(TraceConfig::new("million").exporter(exported.clone())).expect("it starts");
    let (done, again) = (Barrier::new(THREADS as usize + 1), Barrier::new(THREADS as usize + 1));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..BURSTS {
                    (0..SPANS_EACH / BURSTS / 2).for_each(outer_and_inner);
                    done.wait();
                    again.wait();
                }
            });
        }
        for burst in 1..=BURSTS {
            done.wait();
            laws::accounts_for(burst * SPANS / BURSTS, &trace.flush(DEADLINE));
            again.wait();
        }
    });
    let delivery = trace.shutdown(DEADLINE);
    assert!(delivery.is_complete(), "{delivery}");
    assert_eq!((delivery.delivered, exported.spans.load(Relaxed)), (SPANS, SPANS));
}

fn outer_and_inner(n: u64) {
    let _outer = span_sync!("outer", n);
    drop(span_sync!("inner", half = n / 2));
}
