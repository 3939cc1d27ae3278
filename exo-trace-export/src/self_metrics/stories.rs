//! What reaches a collector of the tracer's own counters, over real sockets, and what never hangs.

use super::snapshot::{DestinationSnapshot, Snapshot};
use super::{names, scope};
use crate::config::{
    Collector, Compression, MetricsPlace, PemSource, PemSources, Protocol, ResourceValue, TlsFiles,
};
use crate::metrics::{Manner, Period, Reporter, way};
use crate::resource::Resource;
use http::{HeaderName, HeaderValue};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::metrics::v1::{ScopeMetrics, metric, number_data_point};
use prost::Message;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

const DEADLINE: Duration = Duration::from_secs(60);
/// A period that never ends while a story lasts.
const NEVER: Duration = Duration::from_hours(1);
/// The shortest there is.
const OFTEN: Duration = Duration::ZERO;

fn collector(protocol: Protocol, address: SocketAddr, path: &str) -> MetricsPlace {
    let secret = (HeaderName::from_static("key"), HeaderValue::from_static("secret"));
    let collector = Collector {
        endpoint: format!("http://{address}{path}"),
        protocol,
        headers: vec![secret],
        compression: Compression::None,
        timeout: DEADLINE,
        tls: TlsFiles::default(),
    };
    MetricsPlace { collector, pem_sources: PemSources::default(), is_of_metrics: false }
}

fn resource() -> Resource {
    Resource::new(vec![("service.name".to_owned(), ResourceValue::from("stories"))])
}

/// Starts what sends the counters.
fn start(
    place: &MetricsPlace,
    every: Duration,
    read: impl Fn() -> Snapshot + Send + Sync + 'static,
) -> Reporter {
    let read = move |period: Period| -> Vec<ScopeMetrics> { vec![scope(&read(), period)] };
    let manner = Manner { every, is_asked: true };
    Reporter::start(place, &resource(), manner, Box::new(read)).unwrap()
}

/// Returns a snapshot that says how many there were before.
fn counting() -> impl Fn() -> Snapshot + Send + Sync + 'static {
    let spans = AtomicU64::new(0);
    move || Snapshot {
        spans: spans.fetch_add(1, SeqCst),
        destinations: vec![DestinationSnapshot::default()],
        ..Snapshot::default()
    }
}

/// Returns the spans handed on, and checks that the rest is there.
fn spans_in(request: &ExportMetricsServiceRequest) -> i64 {
    let [one] = &request.resource_metrics[..] else { panic!("{request:?}") };
    let resource = one.resource.as_ref().expect("a resource");
    assert_eq!(resource.attributes[0].key, "service.name");
    let [scope] = &one.scope_metrics[..] else { panic!("{request:?}") };
    let names_told = scope.metrics.iter().map(|metric| metric.name.as_str()).collect::<Vec<_>>();
    assert_eq!(
        names_told,
        [
            names::PROCESSED,
            names::QUEUE_SIZE,
            names::EXPORTED,
            names::SPOOL_SIZE,
            names::FACTS_LOST,
            names::DRAIN_BUSY
        ]
    );
    match &scope.metrics[0].data {
        Some(metric::Data::Sum(sum)) => match sum.data_points[0].value {
            Some(number_data_point::Value::AsInt(spans)) => spans,
            ref other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

struct Metrics(Sender<Request<ExportMetricsServiceRequest>>);

#[tonic::async_trait]
impl MetricsService for Metrics {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        self.0.send(request).map_err(|_| Status::unavailable("the story is over"))?;
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

/// Starts a collector that speaks gRPC, on a thread that ends with the process.
fn over_grpc() -> (SocketAddr, Receiver<Request<ExportMetricsServiceRequest>>) {
    let (to_requests, requests) = channel();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let service = MetricsServiceServer::new(Metrics(to_requests));
            let server = tonic::transport::Server::builder().add_service(service);
            server.serve_with_incoming(TcpIncoming::from(listener)).await.unwrap();
        });
    });
    (address, requests)
}

/// Starts one that speaks HTTP/1.1 to one client; gives the head of each request, and its body.
fn over_http() -> (SocketAddr, Receiver<(String, Vec<u8>)>) {
    let (to_requests, requests) = channel();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut answers, _) = listener.accept().unwrap();
        let mut asked = BufReader::new(answers.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let start = head.len();
            if asked.read_line(&mut head).unwrap_or_default() == 0 {
                return;
            }
            let line = head[start..].trim().to_ascii_lowercase();
            if let Some(count) = line.strip_prefix("content-length: ") {
                length = count.parse().unwrap();
            }
            if line.is_empty() {
                let mut body = vec![0; length];
                asked.read_exact(&mut body).unwrap();
                to_requests.send((std::mem::take(&mut head), body)).unwrap();
                answers.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
            }
        }
    });
    (address, requests)
}

#[test]
fn a_collector_that_speaks_grpc_gets_the_counters_in_every_period_and_at_the_end() {
    let (address, requests) = over_grpc();
    let collector = collector(Protocol::Grpc, address, "");
    let metrics = start(&collector, OFTEN, counting());
    for expected in 0..3 {
        let request = requests.recv_timeout(DEADLINE).unwrap();
        assert_eq!(request.metadata().get("key").unwrap(), "secret");
        assert_eq!(spans_in(request.get_ref()), expected);
    }
    metrics.shutdown(DEADLINE);
    let rest = requests.try_iter().map(|request| spans_in(request.get_ref()));
    let rest = rest.collect::<Vec<_>>();
    assert!(rest.last() >= Some(&3) && rest.is_sorted(), "the last reading too: {rest:?}");
}

#[test]
fn one_that_speaks_http_gets_them_where_it_takes_metrics() {
    for protocol in [Protocol::HttpProtobuf, Protocol::HttpJson] {
        let (address, requests) = over_http();
        let collector = collector(protocol, address, "/otlp/v1/traces?to=me");
        let metrics = start(&collector, NEVER, counting());
        metrics.shutdown(DEADLINE);
        let (head, body) = requests.recv_timeout(DEADLINE).unwrap();
        assert!(head.starts_with("POST /otlp/v1/metrics?to=me HTTP/1.1\r\n"), "{head}");
        let head = head.to_ascii_lowercase();
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        assert!(head.contains("key: secret"), "{head}");
        let request = ExportMetricsServiceRequest::decode(&body[..]).unwrap();
        assert_eq!(spans_in(&request), 0);
        assert!(requests.try_recv().is_err(), "one reading, at the end");
    }
}

#[test]
fn a_collector_that_never_answers_does_not_hold_up_the_end() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    for protocol in [Protocol::Grpc, Protocol::HttpProtobuf] {
        let collector = collector(protocol, silent.local_addr().unwrap(), "/v1/traces");
        let (reads, is_read) = channel();
        let read = move || {
            reads.send(()).unwrap();
            Snapshot::default()
        };
        let metrics = start(&collector, OFTEN, read);
        is_read.recv_timeout(DEADLINE).unwrap();
        let began = Instant::now();
        metrics.shutdown(Duration::from_millis(50));
        assert!(began.elapsed() < DEADLINE / 4, "{:?}", began.elapsed());
        is_read.recv_timeout(DEADLINE).unwrap();
        assert!(
            is_read.recv_timeout(DEADLINE).is_err(),
            "the thread has ended, and its reader with it"
        );
    }
}

#[test]
fn a_reading_that_panics_is_left_out_and_the_next_is_sent() {
    let (address, requests) = over_grpc();
    let collector = collector(Protocol::Grpc, address, "");
    let readings = AtomicU64::new(0);
    let read = move || {
        let spans = readings.fetch_add(1, SeqCst);
        assert_ne!(spans, 0, "the first one");
        Snapshot {
            spans,
            destinations: vec![DestinationSnapshot::default()],
            ..Snapshot::default()
        }
    };
    let metrics = start(&collector, OFTEN, read);
    assert_eq!(spans_in(requests.recv_timeout(DEADLINE).unwrap().get_ref()), 1);
    metrics.shutdown(DEADLINE);
}

#[test]
fn inside_a_runtime_of_one_thread_it_starts_and_ends_and_may_be_dropped() {
    let (address, requests) = over_grpc();
    let collector = collector(Protocol::Grpc, address, "");
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        start(&collector, NEVER, counting()).shutdown(DEADLINE);
        drop(start(&collector, NEVER, counting()));
        let mut unreadable = collector.clone();
        unreadable.collector.endpoint = format!("https://{address}");
        unreadable.collector.tls.certificate = Some("no/such.pem".into());
        let refused = way(&unreadable).err().unwrap();
        assert!(refused.reason.contains("no/such.pem"));
        let began = Instant::now();
        let refused = start(&unreadable, NEVER, counting());
        refused.flushes().flush(DEADLINE);
        refused.shutdown(DEADLINE);
        assert!(began.elapsed() < DEADLINE / 4, "nobody waits for what cannot be sent");
    });
    assert_eq!(spans_in(requests.recv_timeout(DEADLINE).unwrap().get_ref()), 0);
}

#[test]
fn a_file_of_no_use_that_the_environment_names_does_not_stop_metrics() {
    let (address, requests) = over_grpc();
    let mut place = collector(Protocol::Grpc, address, "");
    place.collector.tls.certificate = Some("no/such.pem".into());
    let variable = PemSource::Environment("OTEL_EXPORTER_OTLP_CERTIFICATE");
    place.pem_sources.certificate = Some(variable);
    let (.., unfollowed) = way(&place).unwrap();
    let said = unfollowed.unwrap();
    assert!(said.starts_with("OTEL_EXPORTER_OTLP_CERTIFICATE not followed: "), "{said}");
    assert!(said.contains("no/such.pem"), "{said}");
    start(&place, NEVER, counting()).shutdown(DEADLINE);
    assert_eq!(spans_in(requests.recv_timeout(DEADLINE).unwrap().get_ref()), 0);
}

/// Says to this test's other process whether somebody asked for metrics.
const ASKS: &str = "EXO_TRACE_STORY_ASKS";

#[test]
fn what_stops_metrics_is_said_only_where_somebody_asked_for_them() {
    if let Ok(asks) = std::env::var(ASKS) {
        let place = collector(Protocol::HttpProtobuf, ([127, 0, 0, 1], 1).into(), "/mine");
        let manner = Manner { every: NEVER, is_asked: asks == "true" };
        let read = Box::new(|_| Vec::new());
        let reporter = Reporter::start(&place, &resource(), manner, read).unwrap();
        return reporter.shutdown(DEADLINE);
    }
    let module = module_path!().split_once("::").unwrap().1;
    let story = format!("{module}::what_stops_metrics_is_said_only_where_somebody_asked_for_them");
    for asks in [true, false] {
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", &story, "--nocapture"]).env(ASKS, asks.to_string());
        let output = again.output().unwrap();
        assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(said.contains("no metrics are sent"), asks, "{said}");
    }
}

#[test]
fn a_url_that_was_said_of_metrics_is_taken_as_it_is() {
    let (address, requests) = over_http();
    let place = collector(Protocol::HttpProtobuf, address, "/mine");
    let place = MetricsPlace { is_of_metrics: true, ..place };
    start(&place, NEVER, counting()).shutdown(DEADLINE);
    let (head, _) = requests.recv_timeout(DEADLINE).unwrap();
    assert!(head.starts_with("POST /mine HTTP/1.1\r\n"), "{head}");
}

#[test]
fn who_flushes_waits_until_a_reading_of_now_was_sent() {
    let (address, requests) = over_grpc();
    let reporter = start(&collector(Protocol::Grpc, address, ""), NEVER, counting());
    for expected in 0..3 {
        reporter.flushes().flush(DEADLINE);
        let request = requests.try_recv().expect("it was sent before the flush came back");
        assert_eq!(spans_in(request.get_ref()), expected);
    }
    reporter.shutdown(DEADLINE);
}

#[test]
fn all_who_flush_while_a_reading_is_on_its_way_share_the_next() {
    let (address, requests) = over_grpc();
    let (begins, has_begun) = channel();
    let (go_on, may_go_on) = channel::<()>();
    let (counting, may_go_on) = (counting(), Mutex::new(may_go_on));
    let read = move || {
        begins.send(()).unwrap();
        may_go_on.lock().unwrap().recv_timeout(DEADLINE).unwrap();
        counting()
    };
    let reporter = start(&collector(Protocol::Grpc, address, ""), NEVER, read);
    let first = reporter.flushes().ask().unwrap();
    has_begun.recv_timeout(DEADLINE).unwrap();
    let later: Vec<_> = (0..100).map(|_| reporter.flushes().ask().unwrap()).collect();
    assert!((0..3).all(|_| go_on.send(()).is_ok()), "one more for the end");
    for is_done in [first].iter().chain(&later) {
        is_done.recv_timeout(DEADLINE).unwrap();
    }
    reporter.shutdown(DEADLINE);
    let readings = requests.try_iter().map(|request| spans_in(request.get_ref()));
    assert_eq!(readings.collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn a_url_that_does_not_tell_where_metrics_go_is_refused_by_name() {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 4318));
    let collector = collector(Protocol::HttpProtobuf, address, "/mine?token=secret");
    let reason = way(&collector).err().unwrap().reason;
    assert!(
        reason.starts_with(r#"endpoint is "http://127.0.0.1:4318/mine?****", expected "#),
        "{reason}"
    );
}
