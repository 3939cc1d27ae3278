//! Spans and events of `tracing` as spans and events of the same trace.
//!
//! [`layer`] goes into a subscriber of `tracing-subscriber`. From then on the spans that libraries make
//! with `tracing` (hyper, sqlx, rig, a program's own `#[instrument]`) and those of this crate nest in each
//! other any way: a span of `tracing` that is entered is current for both, and so is one of ours.
//!
//! ```
//! use exo_trace_std::{bridge::tracing::layer, span_sync};
//! use tracing_subscriber::{layer::SubscriberExt, registry};
//!
//! let subscriber = registry().with(layer());
//! # let _ = || {
//! tracing_core::dispatcher::set_global_default(subscriber.into())
//! # };
//! # drop(span_sync!("run"));
//! ```
//!
//! # Which span is whose parent
//!
//! A span begins below whatever is current on its thread; one with `parent: &span` below that span, one with
//! `parent: None` as a trace of its own. Below a parent that a filter hides from the layer, it is the
//! nearest one above that is seen, else a new trace. A span may be entered several times, by several threads
//! at once, and left in any order. It ends when its last handle and its last child are gone.
//! `follows_from` is a link. Baggage stays with the thread or task: to enter a span does not bring any.
//!
//! # What is said
//!
//! | of `tracing` | here |
//! |---|---|
//! | field `bool`, integer, float, `str` | attribute of that type |
//! | field `?value`, `%value`, `i128`, `u128`, bytes | attribute, as text |
//! | field that is a `dyn Error` | attribute; `exception.message`; what caused it as `<field>.chain` |
//! | `Span::record` | the attribute, in place of an earlier one |
//! | target, level of a span | `target`, `level`: constants, which cost a span nothing |
//! | file, line and module of a span | as of any call site: in `SpanData::attribute`, and exported if `code_attributes` says all |
//! | `otel.name`, `otel.kind`, `otel.status_code`, `otel.status_message` | name, kind, status; recorded later as well |
//! | event | event of the current span, or of the one given as its parent |
//! | `message` of an event | its name; without one, the name that `tracing` gave it |
//! | other fields of an event | its attributes, after `level`, `target`, `code.file.path`, `code.line.number` |
//! | event of level `ERROR` | the span's status is an error, with the message as its reason |
//! | event with `error` and no message, as `#[instrument(err)]` makes it | event `exception`, its text in `exception.message` and the status |
//! | record of the `log` crate, by `tracing-log` | event, with the target, file and line of the record |
//!
//! An event outside of any span belongs to no trace and is left out, uncounted: it is an ordinary line of a
//! log. So is one whose given parent a filter hides from the layer. Texts are cut and told of as elsewhere,
//! a message without a word; an event keeps 32 attributes in 4,096 bytes of text.
//! Nothing is made of what happens while this crate exports: its own clients use `tracing` as well.
//!
//! # For those who come from `tracing-opentelemetry`
//!
//! The names of fields and their meaning stay. What differs: a status that is an error has a reason, where
//! theirs is empty, and is not lost to one without; a span ends when it is closed, not when it was left last;
//! busy and idle times and threads are not recorded; name and kind can be recorded later; an error in an
//! event is not copied to its span; the module is in no event. `set_parent` is
//! [`Context::attach`](crate::Context::attach) around the beginning of the span. A layer's filter
//! (`with_filter`) works as it did.
//!
//! # What it costs
//!
//! A call site of `tracing` is looked up once for a thread, then found by its address; there may be as many
//! as of our own, those of events apart, and what finds no room keeps its name and is counted
//! ([`CallsitesFull`](crate::Counter::CallsitesFull)). A span allocates what it takes to stand among the
//! registry's extensions, and nothing else. Each thread can be inside of 16,384 spans at once
//! ([`EntersRefused`](crate::Counter::EntersRefused)). `benches/compare/tracing_layer` measures it.

#[cfg(not(feature = "enabled"))]
mod disabled;
#[cfg(feature = "enabled")]
mod enabled;

#[cfg(not(feature = "enabled"))]
pub use disabled::{Layer, layer};
#[cfg(feature = "enabled")]
pub use enabled::{Layer, layer};
