//! `init`, and the guard that ends what it began.

use crate::config::{ConfigError, TraceConfig, process_environment};
use crate::delivery::Delivery;
use crate::destinations::StartError;
use crate::exporter::{ExportError, Memory};
use crate::inside;
use crate::losses::Losses;
use crate::note::note;
use crate::pipeline::Pipeline;
use crate::prices::CostReport;
use crate::running;
use crate::statistics::Statistics;
use futures_channel::oneshot;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// How long a dropped guard, or a drain by hand, waits for its destinations.
const DROP_DEADLINE: Duration = Duration::from_secs(5);

/// Starts recording.
///
/// Spans are recorded until the guard shuts down or is dropped. After that, `init` may be called
/// again.
///
/// ```
/// use exo_trace_export::{TraceBackend, TraceConfig, init};
/// use exo_trace_std::span_sync;
/// use std::time::Duration;
///
/// let trace = init(TraceConfig::new("my-agent").backend(TraceBackend::Memory))?;
/// drop(span_sync!("step"));
/// assert!(trace.flush(Duration::from_secs(5)).is_complete());
/// assert_eq!(trace.memory().expect("the memory backend").named("step").len(), 1);
/// # Ok::<(), exo_trace_export::InitError>(())
/// ```
///
/// # Errors
///
/// Says which setting is wrong, that recording runs already, or that a thread could not be started.
#[doc(alias = "configure")]
pub fn init(config: TraceConfig) -> Result<TraceGuard, InitError> {
    let resolved = config.resolve(&process_environment).map_err(InitError::Config)?;
    resolved.notes.iter().for_each(note);
    let pipeline = running::start(resolved).map_err(|error| match error {
        StartError::AlreadyRunning => InitError::AlreadyRunning,
        StartError::Thread(error) => InitError::Thread(error),
        StartError::Exporter(error) => InitError::Exporter(error),
    })?;
    Ok(TraceGuard { pipeline })
}

/// Why recording did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum InitError {
    /// A setting is wrong.
    Config(ConfigError),
    /// Recording runs already; shut it down first.
    AlreadyRunning,
    /// The operating system gave no thread.
    Thread(io::Error),
    /// An exporter could not be set up.
    Exporter(ExportError),
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::AlreadyRunning => {
                f.write_str("tracing runs already, expected one `init` until its guard shuts down")
            }
            Self::Thread(error) => write!(f, "tracing got no thread: {error}"),
            Self::Exporter(error) => write!(f, "exporter could not be set up: {error}"),
        }
    }
}

impl std::error::Error for InitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Config(error) => Some(error),
            Self::AlreadyRunning => None,
            Self::Thread(error) => Some(error),
            Self::Exporter(error) => Some(error),
        }
    }
}

/// Recording that runs: flushes, shuts down, and does both when it is dropped.
#[must_use = "recording ends when the guard is dropped"]
pub struct TraceGuard {
    pipeline: Arc<Pipeline>,
}

impl TraceGuard {
    /// Delivers everything recorded before the call, or says how far it came in `deadline`.
    ///
    /// Never waits longer, and never for itself: from inside a consumer or exporter it returns at
    /// once, incomplete. `Duration::MAX` waits as long as it takes. In a forked child there is nobody to wait
    /// for, and it returns at once as well.
    pub fn flush(&self, deadline: Duration) -> Delivery {
        self.pipeline.flush(deadline)
    }

    /// Delivers what stands in the rings now, where [`TraceConfig::without_threads`] leaves that to the
    /// program; where threads do it, this is a flush of five seconds.
    ///
    /// Call it between two requests, or from an idle hook. Consumers and exporters do their work in this
    /// call; what a collector has not taken after five seconds, and no spool keeps, is counted as abandoned.
    /// What is held back for others, a tree of the console's whose root is open, stays for a later call
    /// or a flush. From inside a consumer or exporter it returns at once, incomplete.
    pub fn drain_now(&self) -> Delivery {
        self.pipeline.drain_now(DROP_DEADLINE)
    }

    /// Stops recording, delivers what there is, and ends all threads, in `deadline`.
    ///
    /// Called again it returns the same delivery; in a forked child it does nothing. What was lost is printed on standard error. Where
    /// trees were printed, figures stand below the last one: see [`Console::figures`](crate::Console::figures).
    pub fn shutdown(&self, deadline: Duration) -> Delivery {
        self.pipeline.shutdown(deadline)
    }

    /// As [`TraceGuard::flush`], without blocking the calling thread; without threads it does.
    pub async fn flush_async(&self, deadline: Duration) -> Delivery {
        self.elsewhere(move |pipeline| pipeline.flush(deadline)).await
    }

    /// As [`TraceGuard::shutdown`], without blocking the calling thread; without threads it does.
    pub async fn shutdown_async(&self, deadline: Duration) -> Delivery {
        self.elsewhere(move |pipeline| pipeline.shutdown(deadline)).await
    }

    /// Returns the spans of the memory backend, if it was asked for.
    pub fn memory(&self) -> Option<&Memory> {
        self.pipeline.memory()
    }

    /// Returns what was lost since `init`.
    pub fn losses(&self) -> Losses {
        self.pipeline.losses()
    }

    /// Returns what can be said of everything recorded since `init`; flush first.
    pub fn statistics(&self) -> Statistics {
        self.pipeline.statistics()
    }

    /// Returns what model calls have cost since `init`, by the prices in the configuration; flush first.
    ///
    /// Without prices nothing is summed, and the report is empty.
    ///
    /// ```
    /// use exo_trace_export::{Price, PriceTable, TraceBackend, TraceConfig, init};
    /// use exo_trace_std::span_sync;
    /// use std::time::Duration;
    ///
    /// let price = Price { input: 0.75, output: 6.0, ..Price::default() };
    /// let prices = PriceTable::new().model("scripted-*", price);
    /// let trace = init(TraceConfig::new("my-agent").backend(TraceBackend::Memory).prices(prices))?;
    /// drop(span_sync!(
    ///     "chat",
    ///     gen_ai.operation.name = "chat",
    ///     gen_ai.request.model = "scripted-1",
    ///     gen_ai.usage.input_tokens = 418,
    ///     gen_ai.usage.output_tokens = 46,
    /// ));
    /// let _ = trace.flush(Duration::from_secs(5));
    /// assert_eq!(trace.cost().total_usd, 0.000_589_5);
    /// # Ok::<(), exo_trace_export::InitError>(())
    /// ```
    pub fn cost(&self) -> CostReport {
        self.pipeline.cost()
    }

    /// Runs a wait on a thread of its own; without one, and where it will not wait, on this thread.
    async fn elsewhere(
        &self,
        wait: impl Fn(&Pipeline) -> Delivery + Send + Clone + 'static,
    ) -> Delivery {
        if inside::is_inside() || self.pipeline.is_by_hand() {
            return wait(&self.pipeline);
        }
        let (done, is_done) = oneshot::channel();
        let (pipeline, on_thread) = (Arc::clone(&self.pipeline), wait.clone());
        let thread = std::thread::Builder::new().name("exo-trace-wait".to_owned());
        let spawned = thread.spawn(move || {
            // Nobody waits any more where the future was dropped.
            let _ = done.send(on_thread(&pipeline));
        });
        match spawned {
            // A thread that went without an answer has delivered nothing that anybody knows of.
            Ok(_) => is_done.await.unwrap_or_else(|_| self.pipeline.delivery(true)),
            Err(_) => wait(&self.pipeline),
        }
    }
}

impl Drop for TraceGuard {
    fn drop(&mut self) {
        let _ = self.pipeline.shutdown(DROP_DEADLINE);
    }
}

impl fmt::Debug for TraceGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TraceGuard").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::alone;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    /// Polls until it is ready.
    fn wait_for<F: Future>(future: F) -> F::Output {
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(output) =
                future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
            {
                return output;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_thread_that_panics_instead_of_waiting_has_delivered_nothing() {
        let _alone = alone();
        let trace = init(TraceConfig::new("test").backend(crate::TraceBackend::Memory)).unwrap();
        let delivery = wait_for(trace.elsewhere(|_| panic!("instead of waiting")));
        assert!(!delivery.is_complete(), "{delivery}");
        assert!(wait_for(trace.flush_async(Duration::MAX)).is_complete());
        assert!(wait_for(trace.shutdown_async(Duration::MAX)).is_complete());
    }
}
