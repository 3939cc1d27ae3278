//! Configuration: a chain of words, each of them optional.
//!
//! ```
//! use exo_trace::{TraceBackend, TraceConfig};
//!
//! let config = TraceConfig::new("my-agent-app")
//!     .backend(TraceBackend::Otlp)
//!     .endpoint("http://localhost:4317")
//!     .sample_rate(1.0)
//!     .enabled(true);
//! ```
//!
//! What is unsaid comes from the `OTEL_*` environment, else from a default.
//! [`TraceConfig::effective`](crate::TraceConfig::effective) prints each field, its value and where
//! it came from:
//!
//! ```
//! use exo_trace::TraceConfig;
//!
//! let effective = TraceConfig::new("my-agent-app").sample_rate(0.25).effective().to_string();
//! let line = |field: &str| {
//!     let line = effective.lines().find(|line| line.split(' ').next() == Some(field));
//!     line.expect("every field has a line").split_whitespace().collect::<Vec<_>>()
//! };
//! assert_eq!(line("service_name"), ["service_name", "my-agent-app", "code"]);
//! assert_eq!(line("sample_rate"), ["sample_rate", "0.25", "code"]);
//! assert_eq!(line("ring_bytes"), ["ring_bytes", "262144", "default"]);
//! ```
//!
//! A value that cannot be right is refused by `init`, by name:
//!
//! ```
//! use exo_trace::{InitError, TraceConfig};
//!
//! let refused = exo_trace::init(TraceConfig::new("my-agent-app").sample_rate(1.5));
//! let Err(InitError::Config(error)) = refused else { panic!("1.5 is no share") };
//! assert!(error.to_string().starts_with("sample_rate is 1.5, expected "), "{error}");
//! ```
//!
//! # Backends
//!
//! | backend | value | description |
//! |---|---|---|
//! | [`TraceBackend::Otlp`](crate::TraceBackend::Otlp) | `"otlp"` | OTLP collectors (Jaeger, Grafana, …), over gRPC or HTTP |
//! | [`TraceBackend::Memory`](crate::TraceBackend::Memory) | `"memory"` | keeps spans in memory (testing) |
//! | [`TraceBackend::Console`](crate::TraceBackend::Console) | `"console"` | prints spans to stdout (debugging) |
//!
//! ```
//! use exo_trace::TraceBackend;
//!
//! assert_eq!("memory".parse(), Ok(TraceBackend::Memory));
//! assert_eq!(TraceBackend::Console.to_string(), "console");
//! let error = "jaeger".parse::<TraceBackend>().expect_err("jaeger is a collector");
//! assert_eq!(error.to_string(), r#"backend is "jaeger", expected otlp, memory or console"#);
//! ```
//!
//! A collector's endpoint decides the protocol by its port, unless somebody says it: 4317 is gRPC, 4318
//! is HTTP, where `/v1/traces` follows. Several destinations may have the spans at once:
//!
//! ```
//! use exo_trace::{Protocol, TraceBackend, TraceConfig};
//!
//! let config = TraceConfig::new("my-agent-app")
//!     .backend(TraceBackend::Otlp)
//!     .endpoint("http://localhost:4318")
//!     .also(TraceBackend::Console);
//! # let config = config.protocol(Protocol::HttpProtobuf);
//! let effective = config.effective();
//! assert_eq!(effective.backends(), [TraceBackend::Otlp, TraceBackend::Console]);
//! assert_eq!(effective.endpoint(), "http://localhost:4318/v1/traces");
//! assert_eq!(effective.protocol(), Protocol::HttpProtobuf);
//! ```
//!
//! A collector that is away delays nobody. What it did not get is counted by reason:
//!
//! ```
//! use exo_trace::{TraceBackend, TraceConfig, span_sync};
//! use std::time::Duration;
//!
//! let nowhere = "http://127.0.0.1:9"; // nobody listens there
//! let config = TraceConfig::new("my-agent-app").backend(TraceBackend::Otlp).endpoint(nowhere);
//! let trace = exo_trace::init(config)?;
//! drop(span_sync!("step"));
//! let delivery = trace.shutdown(Duration::from_secs(5));
//! assert_eq!((delivery.delivered, delivery.lost.abandoned), (0, 1), "{delivery}");
//! # Ok::<(), exo_trace::InitError>(())
//! ```
//!
//! The memory backend is there to be asked:
//!
//! ```
//! use exo_trace::{TraceBackend, TraceConfig, span_sync};
//! use std::time::Duration;
//!
//! let trace = exo_trace::init(TraceConfig::new("my-agent-app").backend(TraceBackend::Memory))?;
//! {
//!     let _run = span_sync!("run");
//!     let _tool = span_sync!("search", hits = 7);
//! }
//! assert!(trace.flush(Duration::from_secs(5)).is_complete());
//! let memory = trace.memory().expect("the memory backend was asked for");
//! assert_eq!(memory.tree(), "run\n  search hits=7\n");
//! assert_eq!(memory.with("hits", 7).len(), 1);
//! # Ok::<(), exo_trace::InitError>(())
//! ```
//!
//! # The guard
//!
//! `init` returns a guard that ends what it began: dropping it delivers what there is, in five
//! seconds at most. `flush` and `shutdown` do so with a deadline and say what happened; a call site
//! never does.
//!
//! ```
//! use exo_trace::{TraceBackend, TraceConfig, span_sync};
//! use std::time::Duration;
//!
//! let trace = exo_trace::init(TraceConfig::new("my-agent-app").backend(TraceBackend::Memory))?;
//! drop(span_sync!("step"));
//! let delivery = trace.shutdown(Duration::from_secs(5));
//! assert_eq!((delivery.delivered, delivery.lost.total()), (1, 0));
//!
//! drop(span_sync!("too late"));
//! assert_eq!(trace.losses().after_shutdown, 1);
//! # Ok::<(), exo_trace::InitError>(())
//! ```
