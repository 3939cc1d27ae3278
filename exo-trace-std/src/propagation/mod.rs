//! How a trace goes on in another process: baggage, trace state, carriers, and the formats of headers.

pub mod b3;
mod baggage;
mod carrier;
mod dict_carrier;
mod page;
mod propagators;
mod shown;
mod trace_state;

pub use baggage::{
    BAGGAGE_BYTES_MAX, BAGGAGE_MEMBER_BYTES_MAX, BAGGAGE_MEMBERS_MAX, Baggage, BaggageError,
    Decoding,
};
pub use carrier::{Carrier, HEADER_BYTES_READ_MAX};
pub use dict_carrier::DictCarrier;
pub use page::{BaggagePropagator, TraceContextPropagator};
pub use propagators::{ParsePropagatorsError, Propagators};
pub use trace_state::{
    ParseTraceStateError, TRACE_STATE_BYTES_MAX, TRACE_STATE_MEMBERS_MAX, TraceState,
};

pub use crate::{baggage, clear_baggage, get_baggage, set_baggage};
