//! Custom Metric Collection: an operation timed and recorded as a step of an agent.
//!
//! ```
//! use exo_trace::instrumentation::{AgentRun, Timer, record_agent_run};
//!
//! # async fn expensive_operation() -> u32 { 42 }
//! async fn timed_operation() -> u32 {
//!     let timer = Timer::new();
//!     timer.start();
//!
//!     let result = expensive_operation().await;
//!
//!     let elapsed = timer.stop();
//!     record_agent_run(AgentRun {
//!         agent_name: "worker",
//!         step: Some(1),
//!         elapsed_ms: elapsed * 1000.0,
//!         prompt_tokens: 0,
//!         output_tokens: 0,
//!         ..Default::default()
//!     });
//!     result
//! }
//!
//! # use exo_trace::testing::capture_async;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let trace = capture_async(async {
//!     assert_eq!(timed_operation().await, 42);
//! })
//! .await;
//! let run = trace.named("invoke_agent worker")[0];
//! assert_eq!(run.attribute("exo.agent.step"), Some(1.into()));
//! # }
//! ```
