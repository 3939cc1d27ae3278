//! What crosses a process boundary besides the span's own ids, and the texts in which it crosses.

pub mod b3;
mod baggage;
mod shown;
mod trace_state;

pub use baggage::{
    BAGGAGE_BYTES_MAX, BAGGAGE_MEMBER_BYTES_MAX, BAGGAGE_MEMBERS_MAX, Baggage, BaggageError,
    Decoding,
};
pub use trace_state::{
    ParseTraceStateError, TRACE_STATE_BYTES_MAX, TRACE_STATE_MEMBERS_MAX, TraceState,
};
