//! See what your LLM agent did: every step, model call, tool and token as an OpenTelemetry span.
//!
//! ```
//! use exo_trace::{TraceBackend, TraceConfig, traced};
//!
//! #[traced(extract_args)]
//! fn research(topic: &str) -> usize {
//!     topic.len()
//! }
//!
//! let trace = exo_trace::init(TraceConfig::new("my-agent").backend(TraceBackend::Memory))?;
//! research("quantum computing");
//! let _ = trace.flush(std::time::Duration::from_secs(5));
//! let memory = trace.memory().expect("the memory backend was asked for");
//! assert_eq!(memory.tree(), "research arg.topic=\"quantum computing\"\n");
//! # Ok::<(), exo_trace::InitError>(())
//! ```
//!
//! The facade re-exports what the other crates make, at the root and at the module paths of the
//! Python package that this library follows; [`tour`] is that package's page in Rust, section by
//! section.

pub mod decorator;
pub mod instrumentation;
pub mod prompt_logger;
pub mod propagation;
pub mod tour;

/// Lets the README's blocks run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(feature = "device")]
#[doc(inline)]
pub use exo_trace_export::device;
pub use exo_trace_export::{
    AgentCost, CodeAttributes, Compression, ConfigError, Console, CostReport, Delivery, Dialect,
    Dialects, Effective, Event, ExportError, InitError, Link, Losses, Memory, ModelCost, Outcome,
    Price, PriceError, PriceTable, Protocol, Resource, ResourceValue, Scope, SpanConsumer,
    SpanData, SpanExporter, Statistics, Trace, TraceBackend, TraceConfig, TraceGuard,
    clear_consumers, exporter, get_consumer, init, list_consumers, register_consumer, testing,
    unregister_consumer,
};
#[doc(hidden)]
pub use exo_trace_std::__private;
#[doc(inline)]
pub use exo_trace_std::bridge;
pub use exo_trace_std::propagation::{
    Baggage, BaggageError, BaggagePropagator, Carrier, Decoding, DictCarrier,
    ParsePropagatorsError, ParseTraceStateError, Propagators, TraceContextPropagator, TraceState,
    baggage, clear_baggage, get_baggage, set_baggage,
};
#[doc(inline)]
pub use exo_trace_std::semconv;
pub use exo_trace_std::{
    AgentRun, AgentSpan, Attached, AttachedIdentity, Attribute, AttributeSource, Attributes,
    Callsite, CallsiteFacts, ChatSpan, ChatStream, Content, Context, CurrentSpan, EmbeddingsSpan,
    Failed, Field, Identity, InContext, InIdentity, InternedKey, Key, KeyId, McpSpan, ParseIdError,
    ParseTraceparentError, PlanSpan, Redaction, RetrievalSpan, RunStatus, Sampler, Span,
    SpanContext, SpanGuard, SpanId, SpanKind, Status, StatusCode, Texts, Timer, ToolSpan, ToolStep,
    TraceFlags, TraceFuture, TraceId, Traced, TracedIterator, TracedStream, Traceparent,
    Transcript, Usage, Value, WorkflowSpan, agent, attributes, build_agent_attributes,
    build_tool_attributes, chat, embeddings, extract_metadata, generate_content, mcp_call,
    mcp_serve, plan, record_agent_run, record_tool_step, retrieval, span_async, span_sync,
    text_completion, tool, traced, workflow,
};
pub use exo_trace_std::{
    CountMethod, DEFAULT_CHAR_TOKEN_RATIO, Execution, ExecutionLogEntry, Message, Messages,
    Percentages, Piece, PromptLogger, TokenBreakdown, compute_token_breakdown,
    compute_token_breakdown_at, compute_token_breakdown_for, count_tokens, estimate_tokens,
    estimate_tokens_at,
};
