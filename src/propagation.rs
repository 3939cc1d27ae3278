//! The page's `exo.trace.propagation`: baggage, headers, and span consumers.

pub use exo_trace_export::{
    SpanConsumer, clear_consumers, get_consumer, list_consumers, register_consumer,
    unregister_consumer,
};
#[doc(inline)]
pub use exo_trace_std::propagation::*;
