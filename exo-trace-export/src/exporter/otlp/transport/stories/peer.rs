//! Servers on this machine: one that speaks HTTP in both versions and answers as it is told, and one
//! that writes bytes and nothing else.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use std::convert::Infallible;
use std::future::ready;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{JoinHandle, spawn};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

pub(super) type Reply = Response<BoxBody<Bytes, Infallible>>;

/// A server that lives as long as this value.
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    /// What was asked, in its order.
    pub(super) asked: Receiver<Request<Bytes>>,
    ends: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type Answers = Arc<dyn Fn(&Request<Bytes>) -> Reply + Send + Sync>;

impl Peer {
    /// Serves on a port of the system's choice.
    pub(super) fn start(
        answers: impl Fn(&Request<Bytes>) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into(), None, answers)
    }

    pub(super) fn start_at(
        address: SocketAddr,
        tls: Option<ServerConfig>,
        answers: impl Fn(&Request<Bytes>) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = std::net::TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let (asks, asked) = channel();
        let (ends, end) = oneshot::channel();
        let tls = tls.map(|tls| TlsAcceptor::from(Arc::new(tls)));
        let answers: Answers = Arc::new(answers);
        let thread = spawn(move || {
            // Connections end with their runtime, as they do with a process.
            super::runtime().block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                tokio::spawn(accept(listener, tls, answers, asks));
                let _ = end.await;
            });
        });
        Self { address, asked, ends: Some(ends), thread: Some(thread) }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.ends.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    answers: Answers,
    asks: Sender<Request<Bytes>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, answers, asks) = (tls.clone(), answers.clone(), asks.clone());
        tokio::spawn(async move { shake_hands(stream, tls, answers, asks).await });
    }
}

async fn shake_hands(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    answers: Answers,
    asks: Sender<Request<Bytes>>,
) {
    match tls {
        None => serve(stream, answers, asks).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                serve(stream, answers, asks).await;
            }
        }
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    answers: Answers,
    asks: Sender<Request<Bytes>>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let (answers, asks) = (answers.clone(), asks.clone());
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let request = Request::from_parts(parts, body);
            let reply = answers(&request);
            let _ = asks.send(request);
            Ok::<_, hyper::Error>(reply)
        }
    });
    let server = auto::Builder::new(TokioExecutor::new());
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

/// Returns a response over HTTP.
pub(super) fn http(status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> Reply {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Full::new(Bytes::copy_from_slice(body)).boxed()).unwrap()
}

/// Returns a gRPC response that has a message, and the status `Ok` behind it.
pub(super) fn grpc(message: &[u8]) -> Reply {
    grpc_behind(message, [("grpc-status", &b"0"[..])])
}

/// Returns a gRPC response that has a message, and these trailers behind it.
pub(super) fn grpc_behind<const N: usize>(
    message: &[u8],
    trailers: [(&'static str, &[u8]); N],
) -> Reply {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    let framed = [&[0][..], &length, message].concat();
    let trailers = trailers.map(|(name, value)| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap())
    });
    let trailers = HeaderMap::from_iter(trailers);
    let body = Full::new(Bytes::from(framed)).with_trailers(ready(Some(Ok(trailers))));
    Response::builder().header("content-type", "application/grpc").body(body.boxed()).unwrap()
}

/// Returns a gRPC response that is a status and no more.
pub(super) fn grpc_status(code: u16, message: &str, details: &str) -> Reply {
    let code = code.to_string();
    let headers = [
        ("content-type", "application/grpc"),
        ("grpc-status", &*code),
        ("grpc-message", message),
        ("grpc-status-details-bin", details),
    ];
    http(200, &headers, b"")
}

/// Takes connections one after the other, waits for a request on each, writes these bytes, or none,
/// and lets go when the other side does; the thread ends with the test.
pub(super) fn raw(says: &'static [u8]) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = read_request(&mut stream);
            if !says.is_empty() {
                let _ = stream.write_all(says);
                let _ = stream.shutdown(std::net::Shutdown::Write);
            }
            while matches!(stream.read(&mut [0; 4_096]), Ok(1..)) {}
        }
    });
    address
}

/// Reads up to a request: HTTP/1 opens with one, and HTTP/2 has it in the first frame of headers.
fn read_request(stream: &mut std::net::TcpStream) -> std::io::Result<()> {
    const PREFACE_REST: usize = 20;
    const HEADERS: u8 = 1;
    let mut method = [0; 4];
    stream.read_exact(&mut method)?;
    if &method != b"PRI " {
        return Ok(());
    }
    stream.read_exact(&mut [0; PREFACE_REST])?;
    loop {
        let mut frame = [0; 9];
        stream.read_exact(&mut frame)?;
        let length = u64::from(u32::from_be_bytes([0, frame[0], frame[1], frame[2]]));
        std::io::copy(&mut stream.take(length), &mut std::io::sink())?;
        if frame[3] == HEADERS {
            return Ok(());
        }
    }
}
