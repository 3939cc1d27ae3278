//! Prompt Logger: tokens per role, and a log of prompts without their words.
//!
//! ```
//! use exo_trace::{PromptLogger, compute_token_breakdown};
//! use serde_json::json;
//!
//! let messages = json!([
//!     {"role": "system", "content": "You are a research assistant."},
//!     {"role": "user", "content": "How fast do tides rise here?"},
//!     {"role": "assistant", "content": null, "tool_calls": [
//!         {"function": {"name": "search", "arguments": "{\"query\": \"tides\"}"}},
//!     ]},
//!     {"role": "tool", "content": "A metre an hour at spring tide."},
//! ]);
//! let response_text = "About a metre an hour.";
//!
//! // Compute per-role token breakdown.
//! let breakdown = compute_token_breakdown(&messages);
//! assert_eq!(breakdown.system_tokens, 7);
//! assert_eq!(breakdown.user_tokens, 7);
//! assert_eq!(breakdown.assistant_tokens, 5);
//! assert_eq!(breakdown.tool_tokens, 7);
//! assert_eq!(breakdown.total_tokens, 26);
//!
//! // Logger tracks execution entries.
//! let logger = PromptLogger::new();
//! let entry = logger.log(&messages, response_text, "gpt-4o", breakdown);
//! assert_eq!((entry.message_count, entry.response_tokens), (4, 5));
//! assert_eq!(logger.entries(), [entry]);
//! ```
//!
//! A call is one line through the [`log`](https://docs.rs/log) facade, target `exo.trace.prompt`, and
//! an event of the current span. Neither holds what was said:
//!
//! ```text
//! gpt-4o: 4 messages, 26 tokens (estimate): system=7 user=7 assistant=5 tool=7 other=0, response=5
//! ```
//!
//! The list of entries is bounded: the oldest leaves, and is counted.
//!
//! # The package's summary
//!
//! `log_execution` is the Python package's own spelling. It estimates the tokens itself, logs one line
//! as `log` does, and its entry prints the package's summary.
//!
//! ```
//! use exo_trace::prompt_logger::{Execution, Message, PromptLogger};
//!
//! let logger = PromptLogger::new().with_capacity(100).with_context_window(128_000);
//! let messages = [Message::system("You answer briefly."), Message::user("How fast do tides rise?")];
//! let entry = logger.log_execution(
//!     &messages,
//!     Execution {
//!         agent_name: "researcher",
//!         model_name: "gpt-4o",
//!         tool_names: &["search"],
//!         duration_s: 1.25,
//!         ..Default::default()
//!     },
//! );
//! let summary = "\
//! Agent: researcher  Model: gpt-4o
//! Messages: 2  Duration: 1.250s
//! Tokens: 0.0k / 125.0k (0.0%)
//!   system=4 (0.0%)  user=5 (0.0%)  assistant=0 (0.0%)
//!   tool=0 (0.0%)  other=0 (0.0%)  free=127991 (100.0%)
//! Tools: search";
//! assert_eq!(entry.format_summary(), summary);
//! ```
//!
//! # Exact counts
//!
//! The breakdown above is the package's estimate, four letters to a token. With the feature `tiktoken`,
//! `compute_token_breakdown_for("gpt-4o", &messages)` counts with the model's own vocabulary, and
//! estimates for a model that it does not know; `breakdown.method()` says which. The vocabularies
//! make a binary 9 MB larger.
//!
//! `log` does not count so on the caller's thread: `response_tokens` of what it returns is an
//! estimate. `PromptLogger::new().with_exact_responses(1 << 20)` keeps up to so many bytes of answers
//! until `entries()` is called, and counts them there.
//!
//! # The words themselves
//!
//! Nothing above holds them, and nothing else does, unless the program or whoever runs it asks:
//! [`TraceConfig::capture_content`](crate::TraceConfig::capture_content), or
//! `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=SPAN_ONLY`. Then what typed spans are told stands
//! on them as the GenAI conventions' JSON, after your own rule has seen every text of it:
//!
//! ```
//! use exo_trace::{Message, TraceBackend, TraceConfig, chat, tool};
//!
//! let config = TraceConfig::new("my-agent-app").backend(TraceBackend::Memory);
//! let config = config.capture_content(true).redact(|place, text| match place.field() {
//!     Some("password") => "***".into(),
//!     _ => text.into(),
//! });
//! let trace = exo_trace::init(config)?;
//!
//! let mut call = chat("openai", "gpt-4o").start();
//! call.system_instructions("You answer briefly.");
//! call.input_messages(&[Message::user("How fast do tides rise?")]);
//! call.output_messages(&Message::assistant("A metre an hour.")).finish("stop");
//! drop(call);
//! let mut search = tool("search").start();
//! search.arguments(r#"{"query": "tides", "password": "1953"}"#).result("7 hits");
//! search.end();
//!
//! let _ = trace.flush(std::time::Duration::from_secs(5));
//! let spans = trace.memory().expect("the memory backend was asked for").spans();
//! let said = |span: usize, key: &str| format!("{:?}", spans[span].attribute(key));
//! assert!(said(0, "gen_ai.output.messages").contains("A metre an hour."));
//! assert!(said(1, "gen_ai.tool.call.arguments").contains(r#"\"password\":\"***\""#));
//! # Ok::<(), exo_trace::InitError>(())
//! ```
//!
//! They do not pass through the rings: `content_queue_bytes_max` bounds what waits, `content_bytes_max`
//! what is kept of each, and `Losses` counts what found no room.
