//! Basic Usage: one attribute above a function, and each call of it is a span.
//!
//! ```
//! use exo_trace::traced;
//!
//! #[traced(name = "research_task")]
//! async fn research(topic: &str) -> String {
//!     format!("Results for {topic}")
//! }
//!
//! # use exo_trace::testing::capture_async;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // When called, this creates an OpenTelemetry span named "research_task".
//! let trace = capture_async(async {
//!     assert_eq!(research("quantum computing").await, "Results for quantum computing");
//! })
//! .await;
//! assert_eq!(trace.to_text(), "research_task\n");
//! # }
//! ```
//!
//! [`capture_async`](crate::testing::capture_async) runs a future and returns the spans made under
//! it, for tests. A program calls [`init`](crate::init) once and keeps what it returns:
//!
//! ```
//! use exo_trace::{TraceBackend, TraceConfig, traced};
//! use std::time::Duration;
//!
//! #[traced]
//! fn plan() {}
//!
//! plan(); // Before `init`: the function runs, nothing is recorded, and the call is counted.
//!
//! let trace = exo_trace::init(TraceConfig::new("my-agent").backend(TraceBackend::Memory))?;
//! plan();
//! let delivery = trace.flush(Duration::from_secs(5));
//! assert_eq!((delivery.delivered, delivery.lost.before_init), (1, 1));
//! # Ok::<(), exo_trace::InitError>(())
//! ```
