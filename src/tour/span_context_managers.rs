//! Span Context Managers: spans without a function of their own.
//!
//! ```
//! use exo_trace::attributes;
//! use exo_trace::decorator::{span_async, span_sync};
//!
//! # use exo_trace::testing::capture_async;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let trace = capture_async(async {
//!     // Sync context manager: the span ends with the scope.
//!     {
//!         let _span = span_sync("my_sync_operation", attributes! { step = 1 });
//!     }
//!     // Async context manager: the span ends with the future.
//!     let answer = span_async("my_async_operation", (), async { 42 }).await;
//!     assert_eq!(answer, 42);
//! })
//! .await;
//! assert_eq!(trace.to_text(), "my_sync_operation step=1\nmy_async_operation\n");
//! # }
//! ```
//!
//! These functions take their name as a value and find it in a small per-thread cache. The macros
//! of the same names place a `static` where they stand and evaluate nothing when off: the forms for
//! hot paths.
//!
//! ```
//! use exo_trace::{span_async, span_sync};
//!
//! # use exo_trace::testing::capture_async;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let trace = capture_async(async {
//!     let topic = String::from("rings");
//!     let _run = span_sync!("run", topic, gen_ai.request.model = "gpt-4o");
//!     let length = span_async!("fetch", topic = %topic, { topic.len() }).await;
//!     assert_eq!(length, 5);
//! })
//! .await;
//! let expected = r#"run gen_ai.request.model="gpt-4o" topic="rings"
//!   fetch topic="rings"
//! "#;
//! assert_eq!(trace.to_text(), expected);
//! # }
//! ```
//!
//! # `as span:`
//!
//! The guard is the span. Inside of a `#[traced]` function, [`Span::current`](crate::Span::current)
//! gives the same verbs without a handle.
//!
//! ```
//! use exo_trace::{Span, Status, attributes, span_sync, traced};
//!
//! #[traced]
//! fn search() {
//!     Span::current().set_attribute("hits", 7);
//! }
//!
//! let trace = exo_trace::testing::capture(|| {
//!     let span = span_sync("step", ());
//!     span.set_attribute("hits", 1);
//!     span.set_attribute("hits", 2);
//!     span.add_event("retry", attributes! { attempt = 2 });
//!     span.set_status(Status::error("gave up"));
//!     search();
//! });
//! let expected = r#"step hits=2 status=error("gave up")
//!   · retry attempt=2
//!   search hits=7
//! "#;
//! assert_eq!(trace.to_text(), expected);
//! ```
//!
//! # Across threads and tasks
//!
//! A guard stays on its thread, and the compiler sees to it. [`Span`](crate::Span) is the owned
//! handle: sent, held across an await, used as a parent, ended anywhere.
//! [`Context`](crate::Context) takes the current span along.
//!
//! ```
//! use exo_trace::{Context, Span, span_sync};
//!
//! let trace = exo_trace::testing::capture(|| {
//!     let run = Span::start("run", ());
//!     let context = run.in_scope(Context::current);
//!     let worker = std::thread::spawn(move || {
//!         let _attached = context.attach();
//!         let _span = span_sync!("on another thread");
//!     });
//!     worker.join().expect("the worker does not panic");
//! });
//! assert_eq!(trace.to_text(), "run\n  on another thread\n");
//! ```
