//! End-to-End Tracing: an agent's whole pipeline, from input to output, in one trace.
//!
//! ```
//! use exo_trace::traced;
//! use std::collections::HashMap;
//!
//! #[traced(name = "agent_pipeline", extract_args)]
//! async fn run_pipeline(input: &str) -> String {
//!     // Each sub-step creates a child span.
//!     let context = prepare_context(input).await;
//!     let response = call_llm(&context).await;
//!     execute_tools(&response).await
//! }
//!
//! #[traced(name = "prepare_context")]
//! async fn prepare_context(input: &str) -> HashMap<&'static str, String> {
//!     HashMap::from([("question", input.trim().to_owned())])
//! }
//!
//! #[traced(name = "call_llm")]
//! async fn call_llm(context: &HashMap<&'static str, String>) -> String {
//!     format!("word_count {}", context["question"])
//! }
//!
//! #[traced(name = "execute_tools")]
//! async fn execute_tools(response: &str) -> String {
//!     match response.split_once(' ') {
//!         Some(("word_count", text)) => text.split(' ').count().to_string(),
//!         _ => response.to_owned(),
//!     }
//! }
//!
//! # use exo_trace::testing::capture_async;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let trace = capture_async(async {
//!     assert_eq!(run_pipeline(" how full is a ring ").await, "5");
//! })
//! .await;
//! let expected = r#"agent_pipeline arg.input=" how full is a ring "
//!   prepare_context
//!   call_llm
//!   execute_tools
//! "#;
//! assert_eq!(trace.to_text(), expected);
//! # }
//! ```
