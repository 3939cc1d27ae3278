//! A collector's side of gRPC for metrics: what it is sent, point by point, in words to compare.

use exo_trace_std::span_sync;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, metric, number_data_point};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// Where it listens, and what it is sent.
pub(crate) struct Collector {
    pub(crate) endpoint: String,
    pub(crate) metrics: Receiver<ExportMetricsServiceRequest>,
    pub(crate) traces: Receiver<ExportTraceServiceRequest>,
}

impl Collector {
    /// Starts it on a thread of its own, which ends with the test's process.
    pub(crate) fn start() -> Self {
        Self::answering(true)
    }

    /// Starts one that takes spans, and never answers where metrics are sent.
    pub(crate) fn silent_to_metrics() -> Self {
        Self::answering(false)
    }

    fn answering(is_answering: bool) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        listener.set_nonblocking(true).expect("it is a socket");
        let endpoint = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (to_metrics, metrics) = channel();
        let (to_traces, traces) = channel();
        let takes = Takes { to_metrics, to_traces, is_answering };
        thread::spawn(move || serve(listener, takes));
        Self { endpoint, metrics, traces }
    }
}

fn serve(listener: TcpListener, takes: Takes) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("there is room for a runtime").block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("it does not block");
        let server = Server::builder()
            .add_service(MetricsServiceServer::new(takes.clone()))
            .add_service(TraceServiceServer::new(takes));
        server.serve_with_incoming(TcpIncoming::from(listener)).await.expect("it serves");
    });
}

#[derive(Clone)]
struct Takes {
    to_metrics: Sender<ExportMetricsServiceRequest>,
    to_traces: Sender<ExportTraceServiceRequest>,
    is_answering: bool,
}

fn over<T>(_: T) -> Status {
    Status::unavailable("the story is over")
}

#[tonic::async_trait]
impl MetricsService for Takes {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        if !self.is_answering {
            std::future::pending::<()>().await;
        }
        self.to_metrics.send(request.into_inner()).map_err(over)?;
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl TraceService for Takes {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.to_traces.send(request.into_inner()).map_err(over)?;
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// One point of one metric.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) name: String,
    pub(crate) unit: String,
    /// Its dimensions, sorted.
    pub(crate) about: String,
    pub(crate) bounds: Vec<f64>,
    /// `None` for a counter.
    count: Option<u64>,
    sum: f64,
}

impl Point {
    /// Returns all of it but its sum and its buckets.
    pub(crate) fn without_sum(&self) -> String {
        let Self { name, unit, about, count, .. } = self;
        count.map_or_else(|| self.whole(), |count| format!("{name} {unit} {about} n={count}"))
    }

    /// Returns all of it but its buckets.
    pub(crate) fn whole(&self) -> String {
        let Self { name, unit, about, sum, .. } = self;
        match self.count {
            Some(count) => format!("{name} {unit} {about} n={count} sum={sum}"),
            None => format!("{name} {unit} {about} ={sum}"),
        }
    }
}

/// Returns the points of one metric.
pub(crate) fn named<'a>(all: &'a [Point], name: &str) -> Vec<&'a Point> {
    all.iter().filter(|point| point.name == name).collect()
}

/// Returns every point of a request, sorted by name and dimensions.
pub(crate) fn points(request: &ExportMetricsServiceRequest) -> Vec<Point> {
    let scopes = request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
    let mut all = Vec::new();
    for metric in scopes.flat_map(|scope| &scope.metrics) {
        let point = |attributes: &[KeyValue], bounds: &[f64], count, sum| Point {
            name: metric.name.clone(),
            unit: metric.unit.clone(),
            about: words(attributes),
            bounds: bounds.to_vec(),
            count,
            sum,
        };
        assert!(!metric.description.is_empty(), "{}", metric.name);
        match metric.data.as_ref().expect("data") {
            metric::Data::Sum(sum) => {
                assert!(sum.is_monotonic, "{}", metric.name);
                assert_eq!(sum.aggregation_temporality(), AggregationTemporality::Cumulative);
                all.extend(sum.data_points.iter().map(|one| {
                    let value = match one.value {
                        Some(number_data_point::Value::AsInt(value)) => value as f64,
                        ref other => panic!("{other:?}"),
                    };
                    point(&one.attributes, &[], None, value)
                }));
            }
            metric::Data::Histogram(histogram) => {
                assert_eq!(histogram.aggregation_temporality(), AggregationTemporality::Cumulative);
                all.extend(histogram.data_points.iter().map(|one| {
                    let sum = one.sum.expect("a sum");
                    point(&one.attributes, &one.explicit_bounds, Some(one.count), sum)
                }));
            }
            other => panic!("{other:?}"),
        }
    }
    all.sort_by_key(Point::whole);
    all
}

fn words(attributes: &[KeyValue]) -> String {
    let word = |pair: &KeyValue| {
        let value = pair.value.as_ref().and_then(|value| value.value.as_ref());
        let value = match value {
            Some(any_value::Value::StringValue(text)) => text.clone(),
            Some(any_value::Value::IntValue(number)) => number.to_string(),
            Some(any_value::Value::BoolValue(is_so)) => is_so.to_string(),
            other => panic!("{other:?}"),
        };
        format!("{}={value}", pair.key)
    };
    let mut words: Vec<_> = attributes.iter().map(word).collect();
    words.sort();
    words.join(" ")
}

/// The pipeline is the process's: one story at a time.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call of a model that streamed its answer.
pub(crate) fn chat_that_streams() {
    let chat = span_sync!(
        "chat {gen_ai.request.model}",
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = "openai",
        gen_ai.request.model = "scripted-1",
        server.address = "localhost",
        server.port = 4_317,
    );
    chat.set_attribute("gen_ai.usage.input_tokens", 500);
    chat.set_attribute("gen_ai.usage.output_tokens", 150);
    chat.set_attribute("gen_ai.usage.cache_read.input_tokens", 400);
    chat.set_attribute("gen_ai.response.time_to_first_chunk", 0.125);
    chat.set_attribute("exo.stream.items", 41);
    chat.set_attribute("exo.stream.time_per_item", 0.25);
}
