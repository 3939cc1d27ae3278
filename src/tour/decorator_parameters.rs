//! Decorator Parameters: a name, attributes, and the function's arguments.
//!
//! ```
//! use exo_trace::traced;
//!
//! #[traced(
//!     name = "my_operation",      // span name (defaults to the function's)
//!     attributes(key = "value"),  // attributes: literals cost nothing per span
//!     extract_args,               // include the function's arguments as attributes
//! )]
//! fn operation(topic: &str, limit: u32) -> usize {
//!     topic.len().min(limit as usize)
//! }
//!
//! let trace = exo_trace::testing::capture(|| {
//!     operation("rings", 3);
//! });
//! let expected = r#"my_operation key="value" arg.topic="rings" arg.limit=3"#;
//! assert_eq!(trace.to_text().trim_end(), expected);
//! ```
//!
//! `extract_args` writes each argument as `arg.<name>`. Numbers and truth values keep their type;
//! else `Display`, else `Debug`, else the name of the type is written, so that every function
//! compiles. `self` is left out, `skip(…)` leaves out what is secret, and without `extract_args` no
//! argument is ever looked at. An attribute may be any expression over the arguments; `{…}` in a
//! name is filled in when the span is exported.
//!
//! ```
//! use exo_trace::traced;
//!
//! struct Index;
//!
//! impl Index {
//!     #[traced(
//!         name = "search {query}",
//!         attributes(long = query.len() > 8),
//!         extract_args,
//!         skip(token),
//!     )]
//!     fn search(&self, query: &str, token: &str, filter: Option<std::time::Duration>) -> bool {
//!         !token.is_empty() && !query.is_empty() && filter.is_none()
//!     }
//! }
//!
//! let trace = exo_trace::testing::capture(|| {
//!     assert!(Index.search("rings", "s3cret", None));
//! });
//! let expected = r#"search rings long=false arg.query="rings" arg.filter="None""#;
//! assert_eq!(trace.to_text().trim_end(), expected);
//! ```
//!
//! # `extract_metadata`
//!
//! On the page it is said to pull the arguments; in the package it describes the function. Here it
//! does what it does there: it gives the facts of a call site that never change. A span has them
//! without being asked, and at no cost, because they stay in read-only memory.
//!
//! ```
//! use exo_trace::decorator::extract_metadata;
//! use exo_trace::{Callsite, CallsiteFacts, SpanKind, Value, traced};
//!
//! static FETCH: Callsite = Callsite::new(&CallsiteFacts {
//!     name: "fetch_data",
//!     kind: SpanKind::Client,
//!     function: "my_agent::fetch_data",
//!     module: "my_agent",
//!     file: "src/main.rs",
//!     line: 12,
//!     scope_name: "my-agent",
//!     scope_version: "1.0.0",
//!     attributes: &[],
//! });
//! let metadata = extract_metadata(&FETCH).map(|(key, value)| (key.as_str(), value));
//! let expected = [
//!     ("code.function.name", Value::Text("my_agent::fetch_data")),
//!     ("code.file.path", Value::Text("src/main.rs")),
//!     ("code.line.number", Value::I64(12)),
//! ];
//! assert_eq!(metadata.collect::<Vec<_>>(), expected);
//!
//! #[traced]
//! fn process() {}
//!
//! let trace = exo_trace::testing::capture(process);
//! let function = trace.named("process")[0].attribute("code.function.name");
//! let Some(Value::Text(function)) = function else { panic!("a span knows its function") };
//! assert!(function.ends_with("::process"), "{function}");
//! ```
