//! Threads, tasks and the words programmers write: `#[traced]`, `span_sync!`, guards, context.
//!
//! A call site begins a span, keeps its one-word attributes on the stack, and writes one record when
//! the span ends. Nothing is recorded before the export side switches recording on, and without the
//! feature `enabled` every call site compiles to nothing.
//!
//! ```
//! use exo_trace_std::{Span, span_sync};
//!
//! fn step(number: u32) {
//!     let _span = span_sync!("step", number);
//!     Span::current().set_attribute("outcome", "tried");
//! }
//! # step(1);
//! ```

// Lets the macros' paths (`::exo_trace::…`) reach this crate from its own tests and examples.
extern crate self as exo_trace;

mod argument;
mod attribute_source;
pub mod bridge;
mod clock;
mod content;
mod counters;
mod functions;
pub mod instrumentation;
#[cfg(feature = "enabled")]
mod keys;
mod lane;
mod macros;
mod metadata;
mod operation;
mod per_process;
#[cfg(not(target_family = "wasm"))]
mod process;
#[cfg(target_family = "wasm")]
#[path = "no_process.rs"]
mod process;
mod prompt;
pub mod propagation;
#[cfg(feature = "enabled")]
mod recording;
mod redaction;
pub mod registry;
mod returned;
mod sampler;
pub mod semconv;
mod settings;
#[cfg(not(feature = "enabled"))]
mod silent;
mod status;
mod sync;

pub use attribute_source::AttributeSource;
pub use clock::HostClock;
#[doc(hidden)]
pub use content::{Captured, ContentQueue};
pub use content::{Content, Transcript};
pub use counters::Counter;
pub use exo_trace_core::{
    Attribute, Callsite, CallsiteFacts, Field, InternedKey, Key, KeyId, ParseIdError,
    ParseTraceparentError, SpanContext, SpanId, SpanKind, StatusCode, Texts, TraceFlags, TraceId,
    Traceparent, Value,
};
pub use exo_trace_macros::traced;
pub use functions::{span_async, span_sync};
pub use instrumentation::{
    AgentRun, AgentSpan, Attributes, ChatSpan, ChatStream, EmbeddingsSpan, McpSpan, PlanSpan,
    RetrievalSpan, RunStatus, Timer, ToolSpan, ToolStep, Usage, WorkflowSpan, agent,
    build_agent_attributes, build_tool_attributes, chat, embeddings, generate_content, mcp_call,
    mcp_serve, plan, record_agent_run, record_tool_step, retrieval, text_completion, tool,
    workflow,
};
#[cfg(feature = "enabled")]
#[doc(hidden)]
pub use keys::key_at_run_time;
pub use lane::Lane;
pub use metadata::extract_metadata;
#[doc(hidden)]
pub use operation::is_of_recorded_runs;
#[doc(hidden)]
pub use per_process::PerProcess;
#[doc(hidden)]
pub use process::process_id;
pub use prompt::{
    CountMethod, DEFAULT_CHAR_TOKEN_RATIO, Execution, ExecutionLogEntry, Message, Messages,
    Percentages, Piece, PromptLogger, TokenBreakdown, compute_token_breakdown,
    compute_token_breakdown_at, compute_token_breakdown_for, count_tokens, estimate_tokens,
    estimate_tokens_at, forget_prompt_prices, price_prompts,
};
pub use redaction::Redaction;
#[doc(hidden)]
pub use redaction::{REDACTION_PANICKED, Redactor};
pub use returned::Failed;
pub use sampler::Sampler;
pub use settings::{
    ATTRIBUTE_VALUE_BYTES_MAX, CONTENT_QUEUE_BYTES_MAX, RING_WORDS, Settings, State, THREADS_MAX,
};
pub use status::Status;

#[cfg(all(feature = "enabled", feature = "tower"))]
use recording::Exchange;
#[cfg(feature = "enabled")]
pub use recording::{
    Attached, AttachedIdentity, Begun, Context, CurrentSpan, Held, Identity, InContext, InIdentity,
    Operation, Span, SpanGuard, TraceFuture, Traced, TracedIterator, TracedStream,
    forget_inherited, note_panics, stamp_baggage, suppressed,
};
#[cfg(feature = "enabled")]
pub use recording::{baggage, clear_baggage, get_baggage, set_baggage};
#[cfg(feature = "enabled")]
use recording::{begin_measured, begin_named};
#[cfg(all(not(feature = "enabled"), feature = "tower"))]
use silent::Exchange;
#[cfg(not(feature = "enabled"))]
pub use silent::{
    Attached, AttachedIdentity, Begun, Context, CurrentSpan, Held, Identity, InContext, InIdentity,
    Operation, Span, SpanGuard, TraceFuture, Traced, TracedIterator, TracedStream,
    forget_inherited, note_panics, stamp_baggage, suppressed,
};
#[cfg(not(feature = "enabled"))]
pub use silent::{baggage, clear_baggage, get_baggage, set_baggage};
#[cfg(not(feature = "enabled"))]
use silent::{begin_measured, begin_named};

/// What the macros expand to. Not for callers: it changes without notice.
#[doc(hidden)]
pub mod __private;
