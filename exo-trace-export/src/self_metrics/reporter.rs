//! One thread that reads the counters from time to time and sends what they say to the collector.
//!
//! A request that fails is not repeated: the next says all of it and more. At the end what is under
//! way is dropped for the same reason, and one last reading is sent within the caller's deadline.

use super::message::{Period, request};
use super::snapshot::Snapshot;
use crate::caught::caught;
use crate::config::{Collector, Protocol};
use crate::deadline::Deadline;
use crate::exporter::ExportError;
use crate::exporter::otlp::{Answer, OwnRuntime, Transport};
use crate::inside;
use crate::note::note;
use crate::resource::Resource;
use bytes::Bytes;
use prost::Message;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// How often the counters are read at most.
const EVERY_MIN: Duration = Duration::from_millis(10);
/// Where a collector takes traces over HTTP.
const TRACES_PATH: &str = "/v1/traces";
/// Where it takes metrics.
const METRICS_PATH: &str = "/v1/metrics";

/// The thread that reports, until it is shut down.
pub(crate) struct SelfMetrics {
    stop: oneshot::Sender<Duration>,
    thread: JoinHandle<()>,
}

impl SelfMetrics {
    /// Starts the thread: from now on the collector gets what `read` returns, in every period.
    ///
    /// Over HTTP the requests are protobuf whatever the spans are: every collector reads it.
    ///
    /// # Errors
    ///
    /// Says which setting of the collector cannot be used, that its URL does not tell where metrics
    /// go, or that there is no thread.
    pub(crate) fn start(
        collector: &Collector,
        resource: &Resource,
        every: Duration,
        read: impl Fn() -> Snapshot + Send + Sync + 'static,
    ) -> Result<Self, ExportError> {
        let collector = for_metrics(collector)?;
        let runtime = OwnRuntime::start().map_err(ExportError::new)?;
        let transport = runtime.inside(|| Transport::for_metrics(&collector))?;
        let reporter = Reporter {
            transport,
            place: collector.shown_endpoint(),
            resource: resource.clone(),
            read: Box::new(read),
            start: unix_nano(),
            has_complained: false,
        };
        let (stop, stopped) = oneshot::channel();
        let every = every.max(EVERY_MIN);
        let thread = std::thread::Builder::new()
            .name("exo-trace-metrics".to_owned())
            .spawn(move || inside::run(|| run(&runtime, reporter, every, stopped)))
            .map_err(ExportError::new)?;
        Ok(Self { stop, thread })
    }

    /// Sends the counters once more and ends the thread, all by `deadline`; past that the thread is
    /// left to itself, and its request to the collector's timeout.
    pub(crate) fn shutdown(self, deadline: Duration) {
        let until = Deadline::after(deadline);
        // A thread that has ended has nobody to tell.
        let _ = self.stop.send(deadline);
        while !self.thread.is_finished() && !until.has_passed() {
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }
}

fn run(
    runtime: &OwnRuntime,
    mut reporter: Reporter,
    every: Duration,
    mut stopped: oneshot::Receiver<Duration>,
) {
    runtime.run(async {
        let deadline = {
            let mut periods = pin!(reporter.report_every(every));
            poll_fn(|context| {
                let _ = periods.as_mut().poll(context);
                Pin::new(&mut stopped).poll(context)
            })
            .await
        };
        // Without a deadline nobody shut it down: it was dropped, and says no more.
        if let Ok(deadline) = deadline {
            let _ = timeout(deadline, reporter.report()).await;
        }
    });
}

struct Reporter {
    transport: Transport,
    /// The collector's URL, as it may be shown.
    place: String,
    resource: Resource,
    read: Box<dyn Fn() -> Snapshot + Send + Sync>,
    start: u64,
    has_complained: bool,
}

impl Reporter {
    async fn report_every(&mut self, every: Duration) {
        loop {
            sleep(every).await;
            self.report().await;
        }
    }

    async fn report(&mut self) {
        let Some(snapshot) = caught(&self.read) else { return };
        let period = Period { start: self.start, now: unix_nano() };
        let body = request(&snapshot, &self.resource, period).encode_to_vec();
        let reason = match self.transport.send(Bytes::from(body)).await {
            Answer::Accepted { rejected: 0, .. } => return,
            Answer::Accepted { message, .. } => message,
            Answer::Retry { reason, .. }
            | Answer::Unreachable { reason }
            | Answer::TooLong { reason }
            | Answer::Refused { reason } => reason,
        };
        if !self.has_complained {
            self.has_complained = true;
            note(format_args!("metrics about tracing do not reach {}: {reason}", self.place));
        }
    }
}

/// Returns the way to where the collector takes metrics.
fn for_metrics(collector: &Collector) -> Result<Collector, ExportError> {
    if collector.protocol == Protocol::Grpc {
        return Ok(collector.clone());
    }
    let (url, query) = match collector.endpoint.split_once('?') {
        Some((url, query)) => (url, format!("?{query}")),
        None => (collector.endpoint.as_str(), String::new()),
    };
    let base = url.trim_end_matches('/').strip_suffix(TRACES_PATH).ok_or_else(|| {
        let shown = collector.shown_endpoint();
        ExportError::new(format_args!(
            "endpoint is {shown:?}, expected one that ends in {TRACES_PATH}: where metrics go is told by it"
        ))
    })?;
    Ok(Collector {
        endpoint: format!("{base}{METRICS_PATH}{query}"),
        protocol: Protocol::HttpProtobuf,
        ..collector.clone()
    })
}

fn unix_nano() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
