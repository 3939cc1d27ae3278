//! How long stories of faults take: from `init` until the first span is where it goes, and to shut down.
//!
//! Each story prints one line, `deadlines: STORY first=… shutdown=… of …`, in seconds; `-` where it has no
//! first span. `ci/deadlines.sh` runs the stories, prints the worst of each, and refuses a shutdown that
//! took longer than its story gave it.
#![allow(dead_code, reason = "each story measures what it has")]

use exo_trace::{Delivery, ExportError, SpanData, SpanExporter, TraceGuard};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Shuts down, and prints how long that took.
pub(crate) fn shutdown(story: &'static str, trace: &TraceGuard, deadline: Duration) -> Delivery {
    Watch::start(story).shutdown(trace, deadline)
}

/// One run of tracing in a story, from its `init` to its end.
#[derive(Clone)]
pub(crate) struct Watch {
    story: &'static str,
    began: Instant,
    first: Arc<OnceLock<Duration>>,
}

impl Watch {
    /// Begins to measure; `init` comes next.
    pub(crate) fn start(story: &'static str) -> Self {
        Self { story, began: Instant::now(), first: Arc::default() }
    }

    /// Says that the first span is where it goes.
    pub(crate) fn has_first(&self) {
        self.first.get_or_init(|| self.began.elapsed());
    }

    /// Returns an exporter that does what `exporter` does, whose first span is the story's.
    pub(crate) fn of<E: SpanExporter>(&self, exporter: E) -> impl SpanExporter + use<E> {
        Watched { watch: self.clone(), exporter }
    }

    /// Shuts down, and prints how long that took.
    pub(crate) fn shutdown(&self, trace: &TraceGuard, deadline: Duration) -> Delivery {
        let began = Instant::now();
        let delivery = trace.shutdown(deadline);
        self.print(began.elapsed(), deadline);
        delivery
    }

    /// Prints what was measured, where the story itself shuts down.
    pub(crate) fn print(&self, shutdown: Duration, deadline: Duration) {
        let first = self.first.get().map(|first| format!("{:.3}", first.as_secs_f64()));
        println!(
            "deadlines: {} first={} shutdown={:.3} of {:.3}",
            self.story,
            first.as_deref().unwrap_or("-"),
            shutdown.as_secs_f64(),
            deadline.as_secs_f64()
        );
    }
}

struct Watched<E> {
    watch: Watch,
    exporter: E,
}

impl<E: SpanExporter> SpanExporter for Watched<E> {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        self.watch.has_first();
        self.exporter.export(spans)
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        self.exporter.flush()
    }

    fn tick(&mut self) -> Result<(), ExportError> {
        self.exporter.tick()
    }

    fn next_tick(&self) -> Option<Duration> {
        self.exporter.next_tick()
    }

    fn shutdown(&mut self) -> Result<(), ExportError> {
        self.exporter.shutdown()
    }
}

/// Counts the spans that reach it, and keeps nothing.
#[derive(Clone, Default)]
pub(crate) struct Counting(Arc<std::sync::atomic::AtomicU64>);

impl Counting {
    /// Returns how many it has had.
    pub(crate) fn spans(&self) -> u64 {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

impl SpanExporter for Counting {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        self.0.fetch_add(spans.len() as u64, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }
}
