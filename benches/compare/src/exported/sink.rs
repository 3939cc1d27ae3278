//! A collector that takes every span and keeps none: it counts requests, bytes and spans.
//!
//! It is a process of its own, so that what it uses is nobody's cost, and it reads no more of a
//! request than where each span ends. Its HTTP/2 windows are hyper's, as in every collector that is
//! built on tonic.

use crate::messages::messages_at;
use bytes::{Buf, Bytes};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::io::Read;
use std::net::Ipv4Addr;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// The fields that lead to a span: `resource_spans`, `scope_spans`, `spans`.
const SPANS: [u32; 3] = [1, 2, 2];
/// What stands before a gRPC message: whether it is compressed, and its length.
const PREFIX_BYTES: usize = 5;
const LENGTH_BYTES: usize = 4;

/// What a sink has taken, as one line of numbers between two processes.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) requests: u64,
    pub(crate) bytes: u64,
    pub(crate) spans: u64,
}

/// Takes spans until standard input ends, then says how many.
pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let counts = Arc::new(Counts::default());
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    println!("http://{}", listener.local_addr()?);
    let counted = Arc::clone(&counts);
    std::thread::spawn(move || runtime.block_on(serve(listener, counted)));
    std::io::stdin().read_to_end(&mut Vec::new())?;
    println!("{}", counts.taken());
    Ok(())
}

/// Relaxed throughout: whoever asks for the counts has the answers to all requests.
#[derive(Default)]
struct Counts {
    requests: AtomicU64,
    bytes: AtomicU64,
    spans: AtomicU64,
}

impl Counts {
    fn taken(&self) -> Taken {
        let [requests, bytes, spans] =
            [&self.requests, &self.bytes, &self.spans].map(|count| count.load(Relaxed));
        Taken { requests, bytes, spans }
    }
}

async fn serve(listener: TcpListener, counts: Arc<Counts>) {
    while let Ok((stream, _)) = listener.accept().await {
        let counts = Arc::clone(&counts);
        let service = service_fn(move |request| answer(request, Arc::clone(&counts)));
        let connection = http2::Builder::new(TokioExecutor::new());
        // A client that goes away is no event.
        drop(tokio::spawn(connection.serve_connection(TokioIo::new(stream), service)));
    }
}

async fn answer(
    request: Request<Incoming>,
    counts: Arc<Counts>,
) -> Result<Response<impl Body<Data = Bytes, Error = Infallible>>, Box<dyn Error + Send + Sync>> {
    let mut body = request.into_body().collect().await?.aggregate();
    if body.remaining() < PREFIX_BYTES || body.get_u8() != 0 {
        return Err("expected a message that is not compressed".into());
    }
    body.advance(LENGTH_BYTES);
    counts.requests.fetch_add(1, Relaxed);
    counts.bytes.fetch_add(body.remaining() as u64, Relaxed);
    counts.spans.fetch_add(messages_at(&mut body, &SPANS)?, Relaxed);
    let trailers = HeaderMap::from_iter([("grpc-status".parse()?, HeaderValue::from_static("0"))]);
    // An empty message: everything was taken.
    let message = Full::new(Bytes::from_static(&[0; PREFIX_BYTES]));
    let body = message.with_trailers(async { Some(Ok(trailers)) });
    let response = Response::builder().header(CONTENT_TYPE, "application/grpc");
    Ok(response.body(Box::pin(body))?)
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.requests, self.bytes, self.spans)
    }
}

impl FromStr for Taken {
    type Err = Box<dyn Error>;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>()?;
        let [requests, bytes, spans] = numbers[..] else {
            return Err(format!("{line:?}, expected three numbers").into());
        };
        Ok(Self { requests, bytes, spans })
    }
}
