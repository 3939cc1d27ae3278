//! A collector's side of gRPC on loopback: hands every request it is sent to the test that asks.

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// Where it listens, and what it is sent.
pub(crate) struct Collector {
    pub(crate) endpoint: String,
    pub(crate) traces: Receiver<Request<ExportTraceServiceRequest>>,
}

impl Collector {
    /// Starts it on a thread of its own, which ends with the test's process.
    pub(crate) fn start() -> Self {
        let (to_address, address) = channel();
        let (to_traces, traces) = channel();
        thread::spawn(move || serve(&to_address, Traces(to_traces)));
        let address: SocketAddr = address.recv().expect("it listens");
        Self { endpoint: format!("http://{address}"), traces }
    }
}

fn serve(listens: &Sender<SocketAddr>, traces: Traces) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        listens.send(listener.local_addr().expect("an address")).expect("the test waits");
        let server = Server::builder().add_service(TraceServiceServer::new(traces));
        server.serve_with_incoming(TcpIncoming::from(listener)).await.expect("it serves");
    });
}

struct Traces(Sender<Request<ExportTraceServiceRequest>>);

#[tonic::async_trait]
impl TraceService for Traces {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.0.send(request).map_err(|_| Status::unavailable("the test is over"))?;
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}
