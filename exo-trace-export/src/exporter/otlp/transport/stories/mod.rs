//! What a collector does, and what this side makes of it: real sockets, both ways.

mod both;
mod grpc;
mod http;
mod peer;
mod proxies;
mod tls;

use super::Transport;
use crate::config::{Collector, Compression, Protocol, TlsFiles};
use crate::exporter::otlp::answer::Answer;
use ::http::{HeaderName, HeaderValue};
use bytes::Bytes;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::runtime::Runtime;

const BODY: Bytes = Bytes::from_static(b"spans, spans, spans, spans, spans, spans, spans, spans");

/// Long enough for a busy machine; a story about waiting says its own.
const TIMEOUT: Duration = Duration::from_secs(20);

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn collector(protocol: Protocol, address: SocketAddr) -> Collector {
    let path = if protocol == Protocol::Grpc { "" } else { "/v1/traces" };
    Collector {
        endpoint: format!("http://{address}{path}"),
        protocol,
        headers: Vec::new(),
        compression: Compression::None,
        timeout: TIMEOUT,
        tls: TlsFiles::default(),
    }
}

fn header(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// Sends one request by a transport of its own.
fn ask(collector: &Collector) -> Answer {
    runtime().block_on(async { Transport::new(collector).unwrap().send(BODY).await })
}

fn accepted(rejected: u64, message: &str) -> Answer {
    Answer::Accepted { rejected, message: message.to_owned() }
}

fn refused(answer: Answer) -> String {
    match answer {
        Answer::Refused { reason } => reason,
        other => panic!("not refused: {other:?}"),
    }
}

fn retried(answer: Answer) -> String {
    match answer {
        Answer::Retry { reason, after: None } | Answer::Unreachable { reason } => reason,
        other => panic!("not to be tried again: {other:?}"),
    }
}
