//! Layers that make a span of each request, for servers and clients.
//!
//! [`server()`] reads the caller's context from the headers and begins a span below it that is current in
//! the service inside; [`client()`] begins a span below the current one and writes it into the headers.
//! They know HTTP and gRPC apart by the content type, and say of both what OpenTelemetry's conventions
//! name. A span ends with the body of its answer, so that a stream is covered to its last byte.
//!
//! Both fit any service of `http::Request`: axum's router, tonic's server and channel, hyper's client.
//!
//! # axum
//!
//! ```ignore
//! use axum::extract::{ConnectInfo, MatchedPath};
//! use exo_trace::bridge::tower::server;
//!
//! let traced = server()
//!     .route(|parts| parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str))
//!     .client(|parts| parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|client| client.0));
//! let app = Router::new().route("/users/{id}", get(user)).layer(traced);
//! ```
//!
//! # tonic
//!
//! ```ignore
//! use exo_trace::bridge::tower::{client, server};
//!
//! Server::builder().layer(server()).add_service(greeter).serve(address).await?;
//!
//! let endpoint = Channel::from_static("http://greeter.example:50051");
//! let traced = client().origin(endpoint.uri().clone());
//! let channel = ServiceBuilder::new().layer(traced).service(endpoint.connect_lazy());
//! let greeter = GreeterClient::new(channel);
//! ```
//!
//! # What is not done
//!
//! Where tracing is suppressed, as in the exporter's own requests, nothing begins and nothing is
//! written. A retry outside of a layer makes a span for each try; the layer is not told which try it is,
//! so `http.request.resend_count` is not said.

mod client;
mod future;
mod server;

pub use super::exchange::ResponseBody;
pub use client::{ClientLayer, TracedClient, client};
pub use future::ResponseFuture;
pub use server::{ServerLayer, TracedServer, server};
