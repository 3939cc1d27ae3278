//! Span Consumer Plugin System: code of your own that sees each span once.
//!
//! A consumer has a thread and a bounded queue of its own: a slow one loses only its own spans,
//! counted, and a panic in it reaches nobody else. Printed, a span is one JSON object on one line.
//!
//! ```
//! use exo_trace::propagation::{SpanConsumer, list_consumers, register_consumer};
//! use exo_trace::{SpanData, TraceBackend, TraceConfig, span_sync};
//! use std::fs::{self, OpenOptions};
//! use std::io::Write;
//! use std::path::PathBuf;
//! use std::time::Duration;
//!
//! /// Logs all spans to a file.
//! struct LogConsumer {
//!     path: PathBuf,
//! }
//!
//! impl SpanConsumer for LogConsumer {
//!     fn consume(&self, span: &SpanData<'_>) {
//!         let file = OpenOptions::new().create(true).append(true).open(&self.path);
//!         if let Err(error) = file.and_then(|mut file| writeln!(file, "{span}")) {
//!             eprintln!("{}: {error}", self.path.display());
//!         }
//!     }
//! }
//!
//! let directory = std::env::temp_dir().join(format!("exo-trace-tour-{}", std::process::id()));
//! fs::create_dir_all(&directory)?;
//! let path = directory.join("spans.log");
//!
//! // Register the consumer: before or after `init`, with any backend.
//! register_consumer(LogConsumer { path: path.clone() });
//! assert!(list_consumers()[0].ends_with("LogConsumer"));
//!
//! let trace = exo_trace::init(TraceConfig::new("my-agent").backend(TraceBackend::Memory))?;
//! {
//!     let _run = span_sync!("run");
//!     let _tool = span_sync!("search", exo.tool.name = "search", hits = 7);
//! }
//! assert!(trace.flush(Duration::from_secs(5)).is_complete());
//!
//! let log = fs::read_to_string(&path)?;
//! let lines: Vec<&str> = log.lines().collect();
//! assert_eq!(lines.len(), 2, "a span is written when it ends");
//! assert!(lines[0].starts_with(r#"{"name":"search","trace_id":""#), "{log}");
//! assert!(lines[0].contains(r#""exo.tool.name":"search","gen_ai.tool.name":"search","hits":7"#), "{log}");
//! assert!(lines[1].starts_with(r#"{"name":"run","#), "{log}");
//! fs::remove_dir_all(&directory)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The keys of the object do not change: `name`, `trace_id`, `span_id`, `parent_span_id`, `kind`,
//! `start_time_unix_nano`, `end_time_unix_nano`, `duration_ms`, `status`, `attributes`, `events`,
//! `links`, `resource`, `scope`.
//!
//! A consumer is known by its name, which is its type's unless it says otherwise:
//!
//! ```
//! use exo_trace::propagation::{
//!     SpanConsumer, clear_consumers, get_consumer, list_consumers, register_consumer,
//!     unregister_consumer,
//! };
//! use exo_trace::SpanData;
//!
//! struct Counted(&'static str);
//!
//! impl SpanConsumer for Counted {
//!     fn consume(&self, _: &SpanData<'_>) {}
//!
//!     fn name(&self) -> &str {
//!         self.0
//!     }
//! }
//!
//! register_consumer(Counted("first"));
//! register_consumer(Counted("second"));
//! assert_eq!(list_consumers(), ["first", "second"]);
//! assert!(get_consumer("second").is_some());
//! assert!(unregister_consumer("first"));
//! assert_eq!(list_consumers(), ["second"]);
//! clear_consumers();
//! assert!(list_consumers().is_empty());
//! ```
