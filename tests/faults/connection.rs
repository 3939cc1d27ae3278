//! One connection to a collector, from the first byte to whatever ends it.

use super::answering::Desk;
use super::fault::Fault;
use super::wire::{Line, NOISE, Spoilt, Wire};
use exo_trace::Protocol;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::pin::pin;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Serves until the client leaves, is sent away, or nobody is to be served any more.
pub(crate) async fn serve(stream: TcpStream, desk: Arc<Desk>) {
    let _ = stream.set_nodelay(true);
    desk.ledger.note(|received| received.connections += 1);
    let mut fault = None;
    desk.told.send_modify(|told| fault = told.at_connection());
    let line = Arc::new(Line::default());
    let mut told = desk.told.subscribe();
    match fault {
        Some(Fault::Resets | Fault::Refuses) => line.spoil(Spoilt::Reset),
        Some(Fault::AnswersGarbage) => return noise(stream).await,
        Some(Fault::AnswersSlowly) => line.spoil(Spoilt::ByteByByte),
        Some(Fault::NeverAnswers) => {
            let _ = told.wait_for(|told| !told.is(Fault::NeverAnswers)).await;
        }
        _ => {}
    }
    let wire = Wire { stream, line: Arc::clone(&line) };
    tokio::select! {
        biased;
        _ = told.wait_for(|told| told.is(Fault::Refuses)) => line.spoil(Spoilt::Reset),
        () = line.dropped.notified() => {}
        () = converse(wire, &desk, &line) => {}
    }
}

async fn noise(mut stream: TcpStream) {
    let _ = stream.write_all(&NOISE).await;
    // Until the client has had enough: what it sent and nobody read would end in a reset.
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
}

async fn converse(wire: Wire, desk: &Arc<Desk>, line: &Arc<Line>) {
    let service = service_fn(|request| {
        let (desk, line) = (Arc::clone(desk), Arc::clone(line));
        async move { desk.answer(request, &line).await }
    });
    if desk.protocol == Protocol::Grpc {
        let builder = http2::Builder::new(TokioExecutor::new());
        let mut connection = pin!(builder.serve_connection(TokioIo::new(wire), service));
        tokio::select! {
            _ = connection.as_mut() => return,
            () = line.sent_away.notified() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    } else {
        let builder = http1::Builder::new();
        let mut connection = pin!(builder.serve_connection(TokioIo::new(wire), service));
        tokio::select! {
            _ = connection.as_mut() => return,
            () = line.sent_away.notified() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}
