//! Requests that somebody else made, sent one by one: what a replay of files needs of a collector.

use super::answer::Answer;
use super::runtime::OwnRuntime;
use super::transport::Transport;
use crate::Protocol;
use crate::config::{TraceConfig, process_environment};
use crate::init::InitError;
use crate::note::note;
use backon::{BackoffBuilder, ExponentialBuilder};
use bytes::Bytes;
use std::fmt;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout_at};

const PAUSE_MIN: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// Sends whole OTLP requests to a collector, over the way that a configuration and the `OTEL_*`
/// environment choose.
///
/// ```no_run
/// use exo_trace_export::TraceConfig;
/// use exo_trace_export::exporter::{Sender, Sent};
/// use std::time::Duration;
///
/// let mut sender = Sender::new(&TraceConfig::default().endpoint("http://localhost:4317"))?;
/// let request = std::fs::read("request.binpb")?;
/// let sent = sender.send(request, Duration::from_secs(60), |reason| println!("{reason}"));
/// assert!(matches!(sent, Sent::Accepted { rejected: 0, .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sender {
    runtime: OwnRuntime,
    transport: Transport,
    protocol: Protocol,
    shown_endpoint: String,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sent {
    /// The collector has its spans.
    Accepted {
        /// How many of them it did not take.
        rejected: u64,
        /// What it said beside that; most often nothing.
        message: String,
    },
    /// The request is too long for this collector; halves of it may not be.
    TooLong {
        /// What the collector said.
        reason: String,
    },
    /// The collector will not have it, now or later.
    Refused {
        /// What the collector said.
        reason: String,
    },
    /// The collector could not have it in the time given; whether it has it is not always known.
    GivenUp {
        /// Why the last attempt failed.
        reason: String,
    },
}

impl Sender {
    /// Prepares the way to the collector; connects at the first request.
    ///
    /// # Errors
    ///
    /// Says which setting is wrong, or which certificate cannot be read.
    pub fn new(config: &TraceConfig) -> Result<Self, InitError> {
        let resolved = config.resolve(&process_environment).map_err(InitError::Config)?;
        resolved.notes.iter().for_each(note);
        let runtime = OwnRuntime::start().map_err(InitError::Thread)?;
        let collector = &resolved.collector;
        let transport =
            runtime.inside(|| Transport::new(collector)).map_err(InitError::Exporter)?;
        Ok(Self {
            runtime,
            transport,
            protocol: collector.protocol,
            shown_endpoint: collector.shown_endpoint(),
        })
    }

    /// Returns in what form requests go: JSON for [`Protocol::HttpJson`], else protobuf.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Returns the collector's URL, without what may be secret.
    pub fn endpoint(&self) -> &str {
        &self.shown_endpoint
    }

    /// Sends an `ExportTraceServiceRequest`, again and again for as long as `patience` while the
    /// collector may still take it; `retrying` hears why, before each pause.
    ///
    /// Blocks the thread; from inside a tokio runtime it gives up at once.
    pub fn send(
        &mut self,
        request: Vec<u8>,
        patience: Duration,
        mut retrying: impl FnMut(&str),
    ) -> Sent {
        let given_up = || {
            let reason = "a blocking call inside a tokio runtime, expected a thread of its own";
            Sent::GivenUp { reason: reason.to_owned() }
        };
        if Handle::try_current().is_ok() {
            return given_up();
        }
        let (transport, request) = (&mut self.transport, Bytes::from(request));
        let sending = sent(transport, &request, patience, &mut retrying);
        exo_trace_std::suppressed(|| self.runtime.run(sending)).unwrap_or_else(given_up)
    }
}

async fn sent(
    transport: &mut Transport,
    request: &Bytes,
    patience: Duration,
    retrying: &mut impl FnMut(&str),
) -> Sent {
    let now = Instant::now();
    // A moment too far for the clock is no end at all: a day is enough.
    let end = now.checked_add(patience).unwrap_or(now + Duration::from_hours(24));
    let mut pauses = ExponentialBuilder::default()
        .with_min_delay(PAUSE_MIN)
        .with_max_delay(PAUSE_MAX)
        .with_jitter()
        .without_max_times()
        .build();
    let mut last = "no answer in time".to_owned();
    loop {
        let Ok(answer) = timeout_at(end, transport.send(request.clone())).await else {
            return Sent::GivenUp { reason: last };
        };
        let (reason, after) = match answer {
            Answer::Accepted { rejected, message } => return Sent::Accepted { rejected, message },
            Answer::TooLong { reason } => return Sent::TooLong { reason },
            Answer::Refused { reason } => return Sent::Refused { reason },
            Answer::Retry { reason, after } => (reason, after),
            Answer::Unreachable { reason } => (reason, None),
        };
        let pause = pauses.next().unwrap_or(PAUSE_MAX).max(after.unwrap_or_default());
        let next = Instant::now().checked_add(pause).filter(|next| *next < end);
        if next.is_none() {
            return Sent::GivenUp { reason };
        }
        retrying(&reason);
        sleep(pause).await;
        last = reason;
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("protocol", &self.protocol)
            .field("endpoint", &self.shown_endpoint)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::runtime::Builder;

    #[test]
    fn inside_a_runtime_a_sender_may_fail_to_start_and_may_be_dropped() {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let config = TraceConfig::default().endpoint("https://localhost:4317");
            let error = Sender::new(&config.certificate("no/such.pem")).unwrap_err();
            assert!(error.to_string().contains("no/such.pem"), "{error}");

            let config = TraceConfig::default().endpoint("http://localhost:4317");
            let mut sender = Sender::new(&config).unwrap();
            let sent = sender.send(Vec::new(), Duration::ZERO, |_| {});
            assert!(matches!(sent, Sent::GivenUp { .. }), "{sent:?}");
            drop(sender);
        });
    }
}
