//! The `@traced` Decorator: `#[traced]` on sync functions, async functions and streams.
//!
//! ```
//! use exo_trace::traced;
//! use futures::{Stream, StreamExt};
//!
//! // Async function
//! #[traced(name = "fetch_data", attributes(source = "api"))]
//! async fn fetch_data(url: &str) -> String {
//!     format!("contents of {url}")
//! }
//!
//! // Sync function
//! #[traced(name = "process")]
//! fn process_data(data: &str) -> String {
//!     data.to_uppercase()
//! }
//!
//! // Async generator (streaming): a stream
//! #[traced(name = "stream_results")]
//! fn stream_results(query: &str) -> impl Stream<Item = String> {
//!     let words: Vec<String> = query.split(' ').map(String::from).collect();
//!     async_stream::stream! {
//!         for word in words {
//!             yield word;
//!         }
//!     }
//! }
//!
//! # use exo_trace::testing::capture_async;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let trace = capture_async(async {
//!     let data = fetch_data("https://example.org").await;
//!     assert_eq!(process_data(&data), "CONTENTS OF HTTPS://EXAMPLE.ORG");
//!     let chunks: Vec<String> = stream_results("one two three").collect().await;
//!     assert_eq!(chunks, ["one", "two", "three"]);
//! })
//! .await;
//! let expected = r#"fetch_data source="api"
//! process
//! stream_results exo.stream.items=3
//! "#;
//! assert_eq!(trace.to_text(), expected);
//! # }
//! ```
//!
//! # When a span begins and ends
//!
//! A sync function's span covers the call. An async function's span begins with its first poll and
//! ends with its output. A stream's span covers the stream's life from its first poll, and says
//! how many items came and how long the first one took (`exo.stream.time_to_first_item`, in
//! seconds). Between polls the span is not current, so what the caller does between two items is
//! never its child:
//!
//! ```
//! use exo_trace::{span_sync, traced};
//! use futures::{Stream, StreamExt};
//!
//! #[traced]
//! fn chunks() -> impl Stream<Item = u32> {
//!     async_stream::stream! {
//!         drop(span_sync!("produce"));
//!         yield 1;
//!     }
//! }
//! # use exo_trace::testing::capture_async;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let trace = capture_async(async {
//!     let mut chunks = std::pin::pin!(chunks());
//!     while chunks.next().await.is_some() {
//!         drop(span_sync!("consume"));
//!     }
//! })
//! .await;
//! assert_eq!(trace.to_text(), "chunks exo.stream.items=1\n  produce\nconsume\n");
//! # }
//! ```
//!
//! Where a client hands out its stream behind an `await`, `#[traced(stream)]` puts one span over
//! both:
//!
//! ```
//! use exo_trace::traced;
//! use futures::{Stream, StreamExt};
//!
//! #[traced(stream)]
//! async fn chat(prompt: &str) -> Result<impl Stream<Item = char>, std::io::Error> {
//!     Ok(futures::stream::iter(prompt.chars().rev().collect::<Vec<_>>()))
//! }
//! # use exo_trace::testing::capture_async;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let trace = capture_async(async {
//!     let answer = chat("olleh").await.expect("the prompt is a good one");
//!     assert_eq!(answer.collect::<String>().await, "hello");
//! })
//! .await;
//! assert_eq!(trace.to_text(), "chat exo.stream.items=5\n");
//! # }
//! ```
//!
//! # How a span ended
//!
//! An `Err` is an error, a panic is a panic, and a future that is dropped before its end is
//! cancelled, which is no error. `Ok` leaves the status unset.
//!
//! ```
//! use exo_trace::traced;
//!
//! #[traced]
//! async fn read_file(name: &str) -> Result<String, String> {
//!     Err(format!("{name} is not there"))
//! }
//!
//! #[traced]
//! async fn index_all() {
//!     std::future::pending().await
//! }
//! # use exo_trace::testing::capture_async;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let trace = capture_async(async {
//!     assert!(read_file("NOTES.md").await.is_err());
//!     tokio::select! {
//!         biased;
//!         () = index_all() => {}
//!         () = std::future::ready(()) => {}
//!     }
//! })
//! .await;
//! let failed = trace.named("read_file")[0];
//! assert_eq!(failed.status().description(), "NOTES.md is not there");
//! assert_eq!(failed.attribute("error.type"), Some("alloc::string::String".into()));
//! assert_eq!(trace.named("index_all")[0].outcome(), exo_trace::Outcome::Cancelled);
//! # }
//! ```
