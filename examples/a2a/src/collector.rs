//! The smallest collector: an OTLP endpoint over HTTP in the planner's own process.
//!
//! It keeps each request as it came, so that it can be passed on, and as what it says. Source: OTLP
//! specification 1.9, "OTLP/HTTP".

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;

/// A run makes a few; more are refused.
const REQUESTS_MAX: usize = 1_000;

/// A collector that listens until the runtime ends.
#[derive(Clone, Debug)]
pub struct Collector {
    url: String,
    kept: Arc<Mutex<Vec<Kept>>>,
}

#[derive(Debug)]
struct Kept {
    body: Bytes,
    request: ExportTraceServiceRequest,
}

impl Collector {
    /// Listens on a free port of loopback.
    ///
    /// # Errors
    ///
    /// Says why there is none.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let collector = Self { url, kept: Arc::default() };
        let app = Router::new().route("/v1/traces", post(take)).with_state(collector.clone());
        tokio::spawn(async { axum::serve(listener, app).await });
        Ok(collector)
    }

    /// Returns the URL for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns what came, read.
    pub fn requests(&self) -> Vec<ExportTraceServiceRequest> {
        self.kept().iter().map(|kept| kept.request.clone()).collect()
    }

    /// Returns what came, as it came.
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        self.kept().iter().map(|kept| kept.body.to_vec()).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn take(State(collector): State<Collector>, body: Bytes) -> impl IntoResponse {
    let status = match ExportTraceServiceRequest::decode(body.clone()) {
        Err(_) => StatusCode::BAD_REQUEST,
        Ok(_) if collector.kept().len() >= REQUESTS_MAX => StatusCode::TOO_MANY_REQUESTS,
        Ok(request) => {
            collector.kept().push(Kept { body, request });
            StatusCode::OK
        }
    };
    // An answer that says nothing has no bytes.
    (status, [(header::CONTENT_TYPE, "application/x-protobuf")])
}
