//! One function that sends bytes to a collector and says what came of it.

use super::grpc::Grpc;
use super::http::Http;
use crate::config::{Collector, Protocol};
use crate::exporter::ExportError;
use crate::exporter::otlp::answer::Answer;
use bytes::Bytes;
use std::time::Duration;

/// No request takes longer, and clocks can add it to any moment.
const TIMEOUT_MAX: Duration = Duration::from_hours(24);

/// The method that takes spans over gRPC.
const TRACES: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
/// The one that takes metrics, which answers in the same shape.
const METRICS: &str = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

/// The way to one collector.
pub(crate) enum Transport {
    Grpc(Box<Grpc>),
    Http(Box<Http>),
}

impl Transport {
    /// Prepares the way; connects at the first [`Transport::send`].
    ///
    /// It belongs to the tokio runtime it is first used in. Names are looked up on that runtime's
    /// blocking threads, so whoever ends the runtime must not wait for those.
    ///
    /// # Errors
    ///
    /// Names the field, its value and what was expected: a file that is missing or no PEM, half of a
    /// client's identity, a compression this build has not.
    pub(crate) fn new(collector: &Collector) -> Result<Self, ExportError> {
        Self::to(collector, TRACES)
    }

    /// As [`Transport::new`], for metrics; over HTTP the URL alone tells where they go.
    ///
    /// # Errors
    ///
    /// As [`Transport::new`].
    pub(crate) fn for_metrics(collector: &Collector) -> Result<Self, ExportError> {
        Self::to(collector, METRICS)
    }

    fn to(collector: &Collector, method: &'static str) -> Result<Self, ExportError> {
        let timeout = collector.timeout.min(TIMEOUT_MAX);
        match collector.protocol {
            Protocol::Grpc => Ok(Self::Grpc(Box::new(Grpc::new(collector, timeout, method)?))),
            Protocol::HttpProtobuf | Protocol::HttpJson => {
                Ok(Self::Http(Box::new(Http::new(collector, timeout)?)))
            }
        }
    }

    /// Sends one request and waits for its answer, no longer than the collector's timeout.
    ///
    /// The future may be dropped at any await: the request is then given up, and whether the
    /// collector has it is not known.
    pub(crate) async fn send(&mut self, body: Bytes) -> Answer {
        match self {
            Self::Grpc(grpc) => grpc.send(body).await,
            Self::Http(http) => http.send(body).await,
        }
    }
}
