//! Instrumentation Helpers, Building Attributes: runs and steps recorded when they are over.
//!
//! Each call records a whole span that ends now and began as long ago as was measured. Python's keyword
//! arguments are the fields of a struct here; what is left out has its default, and is not written.
//!
//! ```
//! use exo_trace::instrumentation::{
//!     AgentRun, Timer, ToolStep, record_agent_run, record_tool_step,
//! };
//!
//! let trace = exo_trace::testing::capture(|| {
//!     // Time an operation
//!     let timer = Timer::new();
//!     timer.start();
//!     // ... do work ...
//!     let elapsed = timer.stop();
//!
//!     // Record an agent run span
//!     record_agent_run(AgentRun {
//!         agent_name: "researcher",
//!         step: Some(1),
//!         model: "gpt-4o",
//!         prompt_tokens: 500,
//!         output_tokens: 150,
//!         elapsed_ms: elapsed * 1000.0,
//!         ..Default::default()
//!     });
//!
//!     // Record a tool execution span
//!     record_tool_step(ToolStep {
//!         tool_name: "search",
//!         status: "success".into(),
//!         elapsed_ms: 120.5,
//!         ..Default::default()
//!     });
//! });
//! let run = trace.named("invoke_agent researcher")[0];
//! assert_eq!(run.attribute("exo.agent.step"), Some(1.into()));
//! assert_eq!(run.attribute("gen_ai.usage.input_tokens"), Some(500.into()));
//! assert_eq!(run.attribute("exo.agent.status"), Some("success".into()));
//! let step = trace.named("execute_tool search")[0];
//! assert_eq!(step.duration().as_millis(), 120, "to the precision of the processor's clock");
//! ```
//!
//! # Building Attributes
//!
//! ```
//! use exo_trace::instrumentation::{build_agent_attributes, build_tool_attributes};
//! use exo_trace::span_sync;
//!
//! let agent_attrs = build_agent_attributes("researcher", Some(1), "gpt-4o");
//! assert_eq!(
//!     agent_attrs.to_string(),
//!     r#"{"exo.agent.name": "researcher", "exo.agent.step": 1, "gen_ai.request.model": "gpt-4o"}"#,
//! );
//!
//! let tool_attrs = build_tool_attributes("search", "success");
//! assert_eq!(
//!     tool_attrs.to_string(),
//!     r#"{"exo.tool.name": "search", "exo.tool.status": "success"}"#,
//! );
//!
//! // They stand wherever attributes are wanted.
//! let trace = exo_trace::testing::capture(|| drop(span_sync("lookup", &tool_attrs)));
//! let lookup = trace.named("lookup")[0];
//! assert_eq!(lookup.attribute("exo.tool.name"), Some("search".into()));
//! ```
//!
//! # While it goes on
//!
//! A span that is told as things happen knows more than one recorded afterwards: what failed, what was
//! given up, when the first chunk came. A request says what is asked for; the handle it starts is told
//! what comes back.
//!
//! ```
//! use exo_trace::{Usage, agent, chat, tool};
//!
//! # fn list() -> Result<usize, std::io::Error> { Ok(3) }
//! let trace = exo_trace::testing::capture(|| {
//!     let run = agent("researcher").step(1).start();
//!     run.in_scope(|| {
//!         let mut call = chat("openai", "gpt-4o").temperature(0.2).max_tokens(512).start();
//!         // ... the answer comes ...
//!         call.usage(Usage::new(500, 150).cached(384)).finish("tool_calls");
//!         drop(call);
//!         assert!(tool("list").call_id("call_1").start().call(list).is_ok());
//!     });
//!     run.end();
//! });
//! let run = trace.named("invoke_agent researcher")[0];
//! assert_eq!(trace.children_of(run).len(), 2);
//! let call = trace.named("chat gpt-4o")[0];
//! assert_eq!(call.attribute("gen_ai.usage.cache_read.input_tokens"), Some(384.into()));
//! ```
//!
//! A function that is a tool or an agent says so where it stands:
//!
//! ```
//! use exo_trace::traced;
//!
//! #[traced(tool)]
//! fn read_file(name: &str) -> Result<String, String> {
//!     Err(format!("{name} is not there"))
//! }
//!
//! #[traced(agent = "researcher")]
//! fn research() {
//!     assert!(read_file("NOTES.md").is_err());
//! }
//!
//! let trace = exo_trace::testing::capture(research);
//! let tool = trace.named("execute_tool read_file")[0];
//! assert_eq!(tool.attribute("exo.tool.status"), Some("error".into()));
//! assert_eq!(tool.attribute("exo.tool.error"), Some("NOTES.md is not there".into()));
//! assert_eq!(trace.children_of(trace.named("invoke_agent researcher")[0]).len(), 1);
//! ```
//!
//! # Session, User and Task
//!
//! The Python package takes them in `build_agent_attributes`, one span at a time. Here they are said once,
//! and stand on every span below, on those that are recorded afterwards too.
//!
//! ```
//! use exo_trace::instrumentation::{ToolStep, record_tool_step};
//! use exo_trace::{Identity, span_sync};
//!
//! let trace = exo_trace::testing::capture(|| {
//!     let _identity = Identity::new().session("s-456").user("u-123").task("t-1").attach();
//!     let _request = span_sync!("request");
//!     record_tool_step(ToolStep { tool_name: "search", ..Default::default() });
//! });
//! for span in trace.spans() {
//!     assert_eq!(span.attribute("session.id"), Some("s-456".into()));
//!     assert_eq!(span.attribute("exo.user.id"), Some("u-123".into()));
//!     assert_eq!(span.attribute("exo.task.id"), Some("t-1".into()));
//! }
//! ```
