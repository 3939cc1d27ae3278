//! What waited on disk arrives when the collector is back, whole or in halves, and what does not is counted.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace_export::{Protocol, TraceBackend, TraceConfig, TraceGuard, init};
use exo_trace_std::span_sync;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use std::fs::{self, OpenOptions};
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::path::Path;
use std::process::{self, Command};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

const DEADLINE: Duration = Duration::from_secs(60);
/// With 4,000 bytes each, more than the collector of that story takes.
const KEYS: [&str; 20] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
    "t",
];

/// Recording is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An address at which nobody listens yet.
fn away() -> SocketAddr {
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener.local_addr().expect("it is bound")
}

fn begin(address: SocketAddr, spool: &Path) -> TraceGuard {
    let config = TraceConfig::new("stories")
        .backend(TraceBackend::Otlp)
        .endpoint(format!("http://{address}"))
        .protocol(Protocol::Grpc)
        .ring_bytes(16 << 20)
        .spool(spool);
    init(config).expect("nothing records yet")
}

/// Takes requests of so many bytes, of each all spans but so many.
struct Traces {
    rejects: usize,
    taken: Sender<usize>,
}

#[tonic::async_trait]
impl TraceService for Traces {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let scopes = request.get_ref().resource_spans.iter().flat_map(|each| &each.scope_spans);
        let spans: usize = scopes.map(|scope| scope.spans.len()).sum();
        let rejected = self.rejects.min(spans);
        self.taken.send(spans - rejected).map_err(|_| Status::unavailable("the story is over"))?;
        let partial_success = (rejected > 0).then(|| ExportTracePartialSuccess {
            rejected_spans: rejected as i64,
            error_message: "too many to my taste".to_owned(),
        });
        Ok(Response::new(ExportTraceServiceResponse { partial_success }))
    }
}

/// Starts a collector on a thread of its own, which ends with the test's process.
fn collector(address: SocketAddr, request_bytes_max: usize, rejects: usize) -> Receiver<usize> {
    let (taken, takes) = channel();
    let (listens, is_listening) = channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = TcpListener::bind(address).await.expect("the port is still free");
            listens.send(()).expect("the story waits");
            let traces = TraceServiceServer::new(Traces { rejects, taken });
            let traces = traces.max_decoding_message_size(request_bytes_max);
            let server = Server::builder().add_service(traces);
            server.serve_with_incoming(TcpIncoming::from(listener)).await.expect("it serves");
        });
    });
    is_listening.recv().expect("it listens");
    takes
}

#[test]
fn a_request_that_its_collector_finds_too_long_leaves_the_spool_in_parts() {
    const SPANS: u64 = 2_000;
    let _alone = alone();
    let (address, home) = (away(), tempfile::tempdir().expect("a directory"));
    let trace = begin(address, home.path());
    let text = "x".repeat(1_000);
    (0..SPANS).for_each(|n| drop(span_sync!("span", n, text = %text)));
    let flushed = trace.flush(DEADLINE);
    assert_eq!((flushed.spooled, flushed.queued, flushed.lost.total()), (SPANS, 0, 0), "{flushed}");

    let takes = collector(address, 300_000, 0);
    let delivery = trace.shutdown(DEADLINE);
    assert!(delivery.is_complete(), "{delivery}");
    let taken: Vec<_> = takes.try_iter().collect();
    assert_eq!((taken.iter().sum::<usize>() as u64, delivery.delivered), (SPANS, SPANS));
    assert!(taken.len() > 5, "some were divided, or this shows nothing: {taken:?}");
}

#[test]
fn one_span_too_long_for_its_collector_is_counted_and_the_others_arrive() {
    let _alone = alone();
    let (address, home) = (away(), tempfile::tempdir().expect("a directory"));
    let trace = begin(address, home.path());
    (0..10).for_each(|n| drop(span_sync!("span", n)));
    {
        let long = span_sync!("long");
        let text = "x".repeat(4_000);
        for key in KEYS {
            long.set_attribute(key, text.as_str());
        }
    }
    let flushed = trace.flush(DEADLINE);
    assert_eq!(flushed.spooled, 11, "{flushed}");
    let takes = collector(address, 70_000, 0);
    let delivery = trace.shutdown(DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.too_long), (10, 1), "{delivery}");
    assert_eq!(takes.try_iter().sum::<usize>(), 10);
}

#[test]
fn what_is_lost_of_an_earlier_process_is_counted_and_no_loss_of_this_one() {
    let _alone = alone();
    let (address, home) = (away(), tempfile::tempdir().expect("a directory"));
    let before = begin(address, home.path());
    (0..10).for_each(|n| drop(span_sync!("span", n)));
    let left = before.shutdown(Duration::from_secs(5));
    assert_eq!((left.spooled, left.delivered), (10, 0), "{left}");

    let takes = collector(address, 4 << 20, 3);
    let delivery = begin(address, home.path()).shutdown(DEADLINE);
    assert_eq!((delivery.delivered, delivery.lost.inherited), (0, 3), "{delivery}");
    assert!(delivery.is_complete(), "nothing of its own was lost: {delivery}");
    assert_eq!(takes.try_iter().sum::<usize>(), 7);
    let told = "0 spans delivered, 0 queued, 3 spans of an earlier process lost from the spool";
    assert_eq!(delivery.to_string(), told);
}

/// Spools ten spans, and ends in the middle of the next ones, with nothing said to anybody.
#[test]
#[ignore = "what another process does in the story below"]
fn as_another_process() {
    let address = std::env::var("SPOOLS_FOR").expect("the story says").parse().expect("an address");
    let home = std::env::var_os("SPOOLS_IN").expect("the story says");
    let trace = begin(address, home.as_ref());
    (0..10).for_each(|n| drop(span_sync!("span", n)));
    assert_eq!(trace.flush(DEADLINE).spooled, 10);
    let _open = span_sync!("open");
    (0..10).for_each(|n| drop(span_sync!("in its ring", n)));
    match std::env::var("ENDS_BY").as_deref() {
        Ok("abort") => process::abort(),
        _ => process::exit(0),
    }
}

#[test]
fn what_was_spooled_before_an_abort_or_an_exit_arrives_from_the_next_run() {
    let _alone = alone();
    let (address, home) = (away(), tempfile::tempdir().expect("a directory"));
    for ends_by in ["abort", "exit"] {
        let mut other = Command::new(std::env::current_exe().expect("this is a program"));
        other.args(["--ignored", "--exact", "as_another_process"]).env("ENDS_BY", ends_by);
        other.env("SPOOLS_FOR", address.to_string()).env("SPOOLS_IN", home.path());
        let ended = other.output().expect("it can be started").status;
        assert_eq!(ended.success(), ends_by == "exit", "{ended}");
    }
    let takes = collector(address, 4 << 20, 0);
    let delivery = begin(address, home.path()).shutdown(DEADLINE);
    assert!(delivery.is_complete(), "{delivery}");
    // What was in the rings, a thread of the process may have spooled as well before it ended.
    let taken = takes.try_iter().sum::<usize>();
    assert!((20..=40).contains(&taken), "{taken}");
}

/// Takes the last byte of every segment, as who dies in the middle of an append leaves it.
fn tear(directory: &Path) {
    for entry in fs::read_dir(directory).expect("it can be listed") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_some_and(|extension| extension == "spans") {
            let file = OpenOptions::new().write(true).open(path).expect("it can be written");
            let bytes = file.metadata().expect("it is there").len();
            file.set_len(bytes - 1).expect("it can be cut");
        }
    }
}

#[test]
fn behind_what_an_earlier_process_left_torn_the_sums_of_this_one_hold() {
    let _alone = alone();
    let (address, home) = (away(), tempfile::tempdir().expect("a directory"));
    let before = begin(address, home.path());
    (0..10).for_each(|n| drop(span_sync!("whole", n)));
    assert_eq!(before.flush(DEADLINE).spooled, 10);
    (0..5).for_each(|n| drop(span_sync!("torn", n)));
    let left = before.shutdown(DEADLINE);
    assert_eq!((left.spooled, left.delivered), (15, 0), "{left}");
    tear(home.path());

    let trace = begin(address, home.path());
    (0..7).for_each(|n| drop(span_sync!("span", n)));
    let flushed = trace.flush(DEADLINE);
    assert_eq!((flushed.spooled, flushed.delivered), (7, 0), "{flushed}");
    let takes = collector(address, 4 << 20, 0);
    let delivery = trace.shutdown(DEADLINE);
    assert_eq!((delivery.delivered, delivery.spooled, delivery.queued), (7, 0, 0), "{delivery}");
    assert_eq!(delivery.lost.inherited, 5, "{delivery}");
    assert!(delivery.is_complete(), "nothing of its own was lost: {delivery}");
    assert_eq!(takes.try_iter().sum::<usize>(), 17);
}
