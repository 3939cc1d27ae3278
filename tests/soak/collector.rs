//! The collector's process: takes requests over HTTP and says of each how many spans it held.
//!
//! It counts without decoding: at a million spans a second, decoding would cost more than all that is
//! measured. It says a count before it answers, so what the client knows to be taken was counted.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::ops::RangeInclusive;
use std::process::ExitCode;
use tokio::net::TcpListener;

/// In a request, the resources; in those, the scopes; in those, the spans.
const PATH_TO_SPANS: [u64; 3] = [1, 2, 2];
/// Below those that Linux gives to clients.
const PORTS: RangeInclusive<u16> = 20_000..=32_000;
/// Where in them to begin depends on the process: two soaks may run at once.
const PORT_CHOICES: u16 = 10_000;
const LENGTH_DELIMITED: u64 = 2;

/// Serves on `port`, or on one that is free, until standard input ends or the process does.
pub(crate) fn serve(port: u16) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the machine has room for a runtime");
    std::thread::spawn(|| {
        // Nobody writes there: it ends when the parent does.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    runtime.block_on(async {
        let listener = listener(port).await;
        println!("{}", listener.local_addr().expect("it is bound").port());
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let connection =
                http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(take));
            tokio::spawn(connection);
        }
    })
}

/// Listens on `port`, or on one that no client is given: whoever looks for a collector that is away
/// could be given its port, and find itself.
async fn listener(port: u16) -> TcpListener {
    let first = *PORTS.start() + std::process::id() as u16 % PORT_CHOICES;
    let ports = if port == 0 { first..=*PORTS.end() } else { port..=port };
    for port in ports {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
            return listener;
        }
    }
    panic!("no port is free, expected {port} or one of {PORTS:?}");
}

async fn take(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::default());
    match request.into_body().collect().await {
        Ok(body) => println!("{}", spans_in(&body.to_bytes(), &PATH_TO_SPANS)),
        Err(_) => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    Ok(response)
}

/// Returns how many messages stand in a message at the end of a path of field numbers.
///
/// Source: Protocol Buffers, "Encoding".
fn spans_in(message: &[u8], path: &[u64]) -> u64 {
    let Some((own, below)) = path.split_first() else { return 1 };
    let mut rest = message;
    let mut count = 0;
    while let Some(tag) = varint(&mut rest) {
        // The messages on the way hold nothing but messages and texts.
        assert_eq!(tag & 7, LENGTH_DELIMITED, "the request is one of OTLP");
        let length = varint(&mut rest).expect("a length follows") as usize;
        let (field, after) = rest.split_at(length);
        rest = after;
        if tag >> 3 == *own {
            count += spans_in(field, below);
        }
    }
    count
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
