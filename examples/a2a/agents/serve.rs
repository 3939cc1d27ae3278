//! Answering other agents: JSON-RPC over HTTP, each request below its caller's span.
//!
//! A worker belongs to whoever started it: it says where it listens in one line on standard output, and
//! stops when its standard input ends, however that came to be. Source: Agent2Agent specification 0.3.0,
//! "Agent Card" and "message/send".

use crate::Error;
use crate::message::Message;
use crate::trace::config;
use axum::extract::{MatchedPath, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use exo_trace::bridge::tower::server;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::timeout;

pub(crate) const WELL_KNOWN: &str = "/.well-known/agent-card.json";
pub(crate) const SEND: &str = "message/send";
/// How long requests under way may take when it is time to stop, and spans to be delivered.
const END: Duration = Duration::from_secs(5);

/// An agent that answers others.
pub(crate) trait Worker: Send + Sync + 'static {
    const NAME: &'static str;
    const SKILL: &'static str;

    fn answer(&self, message: Message) -> impl Future<Output = Result<Message, Error>> + Send;
}

/// Lets a worker answer until standard input ends.
pub(crate) async fn serve<W: Worker>(worker: W) -> Result<(), Error> {
    let trace = exo_trace::init(config(W::NAME))?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    writeln!(io::stdout(), "{url}")?;
    let card = card::<W>(&url);
    let app = Router::new()
        .route("/", post(respond::<W>))
        .with_state(Arc::new(worker))
        .layer(server().route(|parts| parts.extensions.get().map(MatchedPath::as_str)))
        // Below the layer, and so without spans: whoever reads a card asks nothing yet.
        .route(WELL_KNOWN, get(async move || Json(card)));

    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async { stopped.await.unwrap_or_default() };
    let serving = async { axum::serve(listener, app).with_graceful_shutdown(stopped).await };
    let serving = tokio::spawn(serving);
    input_end().await;
    drop(stop);
    let _ = timeout(END, serving).await;
    let delivery = trace.shutdown_async(END).await;
    if delivery.is_complete() { Ok(()) } else { Err(delivery.lost.to_string().into()) }
}

fn card<W: Worker>(url: &str) -> Value {
    let skill = json!({"id": W::NAME, "name": W::NAME, "description": W::SKILL, "tags": []});
    json!({
        "protocolVersion": "0.3.0",
        "name": W::NAME,
        "description": W::SKILL,
        "url": url,
        "preferredTransport": "JSONRPC",
        "version": env!("CARGO_PKG_VERSION"),
        "capabilities": {},
        "defaultInputModes": ["text/plain", "application/json"],
        "defaultOutputModes": ["text/plain", "application/json"],
        "skills": [skill],
    })
}

/// Waits until standard input ends, on a thread of its own: nobody can break off such a read.
async fn input_end() {
    let (ended, end) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        drop(ended);
    });
    let _ = end.await;
}

async fn respond<W: Worker>(worker: State<Arc<W>>, Json(mut request): Json<Value>) -> Json<Value> {
    let id = request["id"].take();
    let message = serde_json::from_value(request["params"]["message"].take());
    let (code, reason) = match (request["method"].as_str(), message) {
        (Some(SEND), Ok(message)) => match worker.answer(message).await {
            Ok(answer) => return Json(json!({"jsonrpc": "2.0", "id": id, "result": answer})),
            Err(error) => (-32603, error.to_string()),
        },
        (Some(SEND), Err(error)) => (-32602, error.to_string()),
        (method, _) => (-32601, format!("method is {method:?}, expected {SEND}")),
    };
    Json(json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": reason}}))
}
