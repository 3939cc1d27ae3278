//! Which metrics are sent, and from when on: a thread and the SDK begin with the first thing to say.

use super::meters::Meters;
use super::reporter::{Manner, Reporter};
use super::request::Period;
use super::span_metrics::SpanMetrics;
use crate::config::{MetricsPlace, Reported, Resolved};
use crate::note::note;
use crate::resource::Resource;
use crate::self_metrics::{self, Snapshot};
use opentelemetry_proto::tonic::metrics::v1::ScopeMetrics;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// The metrics of one pipeline.
pub(crate) struct Reporting {
    reported: Reported,
    place: MetricsPlace,
    resource: Resource,
    every: Duration,
    sources: Arc<Sources>,
    reporter: Mutex<State>,
    /// Calls that are in no agent's sum.
    unsummed: AtomicU64,
}

/// Where metrics come from.
struct Sources {
    /// Reads the tracer's own counters, if somebody asked for them.
    counters: Option<Box<dyn Fn() -> Snapshot + Send + Sync>>,
    /// What spans were measured with, since the first that was.
    meters: OnceLock<Meters>,
}

/// How far the reporter is.
enum State {
    /// Nothing was to be said yet.
    Waiting,
    Running(Reporter),
    Ended,
}

impl Reporting {
    /// Prepares what a configuration asks for; `counters` reads the tracer's own.
    pub(crate) fn start(
        resolved: &Resolved,
        resource: &Resource,
        counters: impl Fn() -> Snapshot + Send + Sync + 'static,
    ) -> Arc<Self> {
        let reported = if resolved.enabled { resolved.sending.metrics } else { Reported::Nothing };
        let has_counters = reported == Reported::Everything;
        let counters: Option<Box<dyn Fn() -> Snapshot + Send + Sync>> =
            has_counters.then(|| Box::new(counters) as _);
        let reporting = Self {
            reported,
            place: resolved.metrics_place.clone(),
            resource: resource.clone(),
            every: resolved.sending.metrics_every,
            sources: Arc::new(Sources { counters, meters: OnceLock::new() }),
            reporter: Mutex::new(State::Waiting),
            unsummed: AtomicU64::new(0),
        };
        if has_counters {
            reporting.begin();
        }
        Arc::new(reporting)
    }

    /// Returns what measures spans, if that is wanted.
    pub(crate) fn span_metrics(self: &Arc<Self>, resolved: &Resolved) -> Option<SpanMetrics> {
        let Resolved { dialects, namespace, .. } = resolved;
        match self.reported {
            Reported::Nothing => None,
            Reported::Work | Reported::Everything => {
                SpanMetrics::new(Arc::clone(self), *dialects, namespace)
            }
        }
    }

    /// Returns the SDK; the first call starts it, and the reporter.
    pub(super) fn meters(&self) -> &Meters {
        self.sources.meters.get_or_init(|| {
            self.begin();
            Meters::start()
        })
    }

    pub(super) fn set_unsummed(&self, calls: u64) {
        // Relaxed: a count.
        self.unsummed.store(calls, Relaxed);
    }

    /// How many calls are in no agent's sum, because that agent did not come in time or had gone.
    pub(crate) fn unsummed(&self) -> u64 {
        self.unsummed.load(Relaxed)
    }

    /// Sends what there is to say, or gives up at `deadline`.
    pub(crate) fn flush(&self, deadline: Duration) {
        let flushes = match &*self.lock() {
            State::Running(reporter) => reporter.flushes(),
            State::Waiting | State::Ended => return,
        };
        flushes.flush(deadline);
    }

    /// Sends what there is to say once more and ends the thread, all by `deadline`.
    pub(crate) fn shutdown(&self, deadline: Duration) {
        // Taken out first: nobody who flushes, or has the first thing to say, waits for the end.
        let state = mem::replace(&mut *self.lock(), State::Ended);
        if let State::Running(reporter) = state {
            reporter.shutdown(deadline);
        }
        if let Some(meters) = self.sources.meters.get() {
            meters.end();
        }
    }

    fn begin(&self) {
        let mut state = self.lock();
        if !matches!(*state, State::Waiting) {
            return;
        }
        let sources = Arc::clone(&self.sources);
        let read = Box::new(move |period| sources.read(period));
        // The program is not stopped for want of metrics.
        let manner = Manner { every: self.every, is_asked: self.reported == Reported::Everything };
        *state = match Reporter::start(&self.place, &self.resource, manner, read) {
            Ok(reporter) => State::Running(reporter),
            Err(error) => {
                note(format_args!("no metrics are sent: {error}"));
                State::Ended
            }
        };
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.reporter.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sources {
    fn read(&self, period: Period) -> Vec<ScopeMetrics> {
        let counters = self.counters.as_ref().map(|read| self_metrics::scope(&read(), period));
        let measured = self.meters.get().map(Meters::read).unwrap_or_default();
        counters.into_iter().chain(measured).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TraceConfig;
    use std::sync::mpsc::channel;
    use std::thread;

    const DEADLINE: Duration = Duration::from_secs(30);

    #[test]
    fn who_flushes_while_it_ends_is_not_held_up_by_the_end() {
        let config = TraceConfig::default().metrics(true).endpoint("http://127.0.0.1:1");
        let resolved = config.resolve(&|_| None).unwrap();
        let (begins, has_begun) = channel();
        let (go_on, may_go_on) = channel();
        let may_go_on = Mutex::new(may_go_on);
        let counters = move || {
            begins.send(()).unwrap();
            let _: Result<(), _> = may_go_on.lock().unwrap().recv_timeout(DEADLINE);
            Snapshot::default()
        };
        let reporting = Reporting::start(&resolved, &Resource::new(Vec::new()), counters);
        thread::scope(|scope| {
            scope.spawn(|| reporting.shutdown(DEADLINE));
            has_begun.recv_timeout(DEADLINE).expect("the last reading is on its way");
            let (flushed, is_flushed) = channel();
            let reporting = &reporting;
            scope.spawn(move || {
                reporting.flush(DEADLINE);
                flushed.send(()).unwrap();
            });
            assert!(is_flushed.recv_timeout(DEADLINE / 3).is_ok());
            go_on.send(()).unwrap();
        });
    }
}
