//! One thread that reads all metrics from time to time and sends what they say to the collector.
//!
//! All metrics are cumulative. So a request that fails is not repeated: the next says all of it and
//! more. At the end what is under way is dropped for the same reason, and one last reading is sent
//! within the caller's deadline.

use super::flushes::{Asked, Flushes, Served, flushes};
use super::request::{Period, encoded};
use crate::caught::caught;
use crate::config::{Collector, MetricsPlace, Protocol};
use crate::deadline::Deadline;
use crate::exporter::ExportError;
use crate::exporter::otlp::{Answer, OwnRuntime, Transport, transport_of};
use crate::inside;
use crate::note::note;
use crate::resource::Resource;
use bytes::Bytes;
use opentelemetry_proto::tonic::metrics::v1::ScopeMetrics;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// How often metrics are read at most.
const EVERY_MIN: Duration = Duration::from_millis(10);
/// Where a collector takes traces over HTTP.
const TRACES_PATH: &str = "/v1/traces";
/// Where it takes metrics.
const METRICS_PATH: &str = "/v1/metrics";

/// What all metrics say now; nothing is sent when there is none.
pub(crate) type Read = Box<dyn Fn(Period) -> Vec<ScopeMetrics> + Send + Sync>;

/// How it is reported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) every: Duration,
    /// Whether somebody asked for metrics, and wants to know when they do not arrive. A collector that
    /// takes spans alone is nothing to complain of where nobody did.
    pub(crate) is_asked: bool,
}

/// The thread that reports, until it is shut down.
pub(crate) struct Reporter {
    flushes: Flushes,
    stop: oneshot::Sender<Duration>,
    thread: JoinHandle<()>,
}

impl Reporter {
    /// Starts the thread: from now on the collector gets what `read` returns, in every period.
    ///
    /// The thread finds its way to the collector itself, because that may take a while; what is wrong
    /// with it is said once, where somebody asked for metrics.
    ///
    /// # Errors
    ///
    /// Returns that there is no thread.
    pub(crate) fn start(
        place: &MetricsPlace,
        resource: &Resource,
        manner: Manner,
        read: Read,
    ) -> io::Result<Self> {
        let (place, resource) = (place.clone(), resource.clone());
        let (stop, stopped) = oneshot::channel();
        let (flushes, asked) = flushes();
        let every = manner.every.max(EVERY_MIN);
        let start = unix_nano();
        let work = move || {
            let complain = |what: &str| {
                if manner.is_asked {
                    note(what);
                }
            };
            let (runtime, transport, unfollowed) = match way(&place) {
                Ok(way) => way,
                Err(error) => return complain(&format!("no metrics are sent: {error}")),
            };
            if let Some(unfollowed) = unfollowed {
                complain(&format!("for metrics, {unfollowed}"));
            }
            let place = place.collector.shown_endpoint();
            let sending =
                Sending { transport, place, resource, read, start, complains: manner.is_asked };
            run(&runtime, sending, every, asked, stopped);
        };
        let thread = std::thread::Builder::new()
            .name("exo-trace-metrics".to_owned())
            .spawn(move || inside::run(work))?;
        Ok(Self { flushes, stop, thread })
    }

    /// Returns what asks for a reading of now, without holding on to the thread.
    pub(crate) fn flushes(&self) -> Flushes {
        self.flushes.clone()
    }

    /// Sends a last reading and ends the thread, all by `deadline`; past that the thread is left to
    /// itself, and its request to the collector's timeout.
    pub(crate) fn shutdown(self, deadline: Duration) {
        let until = Deadline::after(deadline);
        // A thread that has ended has nobody to tell.
        let _ = self.stop.send(deadline);
        while !self.thread.is_finished() && !until.has_passed() {
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }
}

/// Returns the way to where the collector takes metrics, and what is to be said of it.
///
/// Over HTTP the requests are protobuf whatever the spans are: every collector reads it.
///
/// # Errors
///
/// Says which setting of the collector cannot be used, or that its URL does not tell where metrics go.
pub(crate) fn way(
    place: &MetricsPlace,
) -> Result<(OwnRuntime, Transport, Option<String>), ExportError> {
    let collector = for_metrics(place)?;
    let runtime = OwnRuntime::start().map_err(ExportError::new)?;
    let (transport, unfollowed) =
        runtime.inside(|| transport_of(&collector, &place.pem_sources, Transport::for_metrics))?;
    Ok((runtime, transport, unfollowed))
}

fn run(
    runtime: &OwnRuntime,
    mut sending: Sending,
    every: Duration,
    asked: Asked,
    mut stopped: oneshot::Receiver<Duration>,
) {
    runtime.run(async {
        let deadline = {
            let mut periods = pin!(sending.report_every(every, asked));
            poll_fn(|context| {
                let _ = periods.as_mut().poll(context);
                Pin::new(&mut stopped).poll(context)
            })
            .await
        };
        // Without a deadline nobody shut it down: it was dropped, and says no more.
        if let Ok(deadline) = deadline {
            let _ = timeout(deadline, sending.report()).await;
        }
    });
}

struct Sending {
    transport: Transport,
    /// The collector's URL, as it may be shown.
    place: String,
    resource: Resource,
    read: Read,
    start: u64,
    complains: bool,
}

impl Sending {
    async fn report_every(
        &mut self,
        every: Duration,
        mut asked: Asked,
    ) -> std::convert::Infallible {
        loop {
            // Whoever asks while a reading is on its way gets the next, with all others who did.
            let served = tokio::select! {
                () = sleep(every) => Served::default(),
                served = asked.next() => served,
            };
            self.report().await;
            served.tell();
        }
    }

    async fn report(&mut self) {
        let period = Period { start: self.start, now: unix_nano() };
        let Some(scopes) = caught(|| (self.read)(period)) else { return };
        if scopes.is_empty() {
            return;
        }
        let body = encoded(scopes, &self.resource);
        let reason = match self.transport.send(Bytes::from(body)).await {
            Answer::Accepted { rejected: 0, .. } => return,
            Answer::Accepted { message, .. } => message,
            Answer::Retry { reason, .. }
            | Answer::Unreachable { reason }
            | Answer::TooLong { reason }
            | Answer::Refused { reason } => reason,
        };
        if self.complains {
            self.complains = false;
            let place = &self.place;
            note(format_args!(
                "metrics do not reach {place}: {reason} (OTEL_METRICS_EXPORTER=none sends none)"
            ));
        }
    }
}

/// Returns where the collector takes metrics.
fn for_metrics(place: &MetricsPlace) -> Result<Collector, ExportError> {
    let MetricsPlace { collector, is_of_metrics, .. } = place;
    if collector.protocol == Protocol::Grpc {
        return Ok(collector.clone());
    }
    if *is_of_metrics {
        return Ok(Collector { protocol: Protocol::HttpProtobuf, ..collector.clone() });
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
