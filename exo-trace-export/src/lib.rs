//! The other side of the ring: one thread, from records to the world.
//!
//! [`init()`] starts it, the guard it returns ends it. Between them a drain empties every thread's
//! ring, joins facts to their spans, and hands whole spans ([`SpanData`]) to a collector, to the
//! console, to memory, to consumers and to exporters, each on a thread of its own behind a bounded
//! queue. What is lost anywhere is counted in [`Losses`].
//!
//! To a collector the words of a batch become OTLP bytes without an object between, and a transport
//! of our own says of every request what became of its spans.

#[cfg(feature = "otlp")]
#[doc(hidden)]
pub mod __answers;
#[doc(hidden)]
pub mod __assemble;
#[doc(hidden)]
pub mod __config;
#[doc(hidden)]
pub mod __contents;
#[doc(hidden)]
pub mod __drain;
#[cfg(feature = "otlp")]
#[doc(hidden)]
pub mod __encode;
#[cfg(feature = "spool")]
#[doc(hidden)]
pub mod __request;
mod anchor;
mod assemble;
mod batch;
mod by_hand;
mod capture;
mod caught;
mod commands;
mod config;
mod consumer;
mod content;
mod countdown;
mod counts;
mod deadline;
mod delivery;
mod derived;
mod destination;
mod destinations;
#[cfg(feature = "device")]
pub mod device;
mod dialect;
mod drain;
mod ended;
pub mod exporter;
mod fact_table;
#[cfg(feature = "device")]
mod feeds;
#[cfg(not(feature = "device"))]
#[path = "no_feeds.rs"]
mod feeds;
mod figures;
mod front;
mod held;
mod identities;
mod inherited;
mod init;
mod inside;
mod losses;
mod measure;
#[cfg(feature = "otlp")]
mod metrics;
#[cfg(not(feature = "otlp"))]
#[path = "no_metrics.rs"]
mod metrics;
mod note;
mod operation;
mod pipeline;
mod prices;
mod prompt_prices;
mod queue;
mod reading;
mod record_cost;
mod recycled;
mod resource;
mod running;
mod self_metrics;
mod served;
mod share;
mod sink;
mod sites;
mod span_data;
mod statistics;
mod sums;
mod sync;
pub mod testing;
mod timeline;
mod trace;
mod truncated;
mod turned;
mod waiting;
mod worker;

pub use config::{
    CodeAttributes, Compression, ConfigError, Effective, Protocol, ResourceValue, TraceBackend,
    TraceConfig,
};
pub use consumer::{
    SpanConsumer, clear_consumers, get_consumer, list_consumers, register_consumer,
    unregister_consumer,
};
pub use delivery::Delivery;
pub use dialect::{Dialect, Dialects};
pub use exo_trace_core::Outcome;
pub use exporter::{Console, ExportError, Memory, SpanExporter};
pub use init::{InitError, TraceGuard, init};
pub use losses::Losses;
pub use prices::{AgentCost, CostReport, ModelCost, Price, PriceError, PriceTable};
pub use resource::Resource;
pub use span_data::{Event, Link, Scope, SpanData};
pub use statistics::Statistics;
pub use trace::Trace;
