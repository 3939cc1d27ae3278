//! Baggage that is set and read, and sent with the trace context in the headers of a request.

use exo_trace::propagation::{BaggagePropagator, DictCarrier, get_baggage, set_baggage};
use std::hint::black_box;

/// Sets one value, in the place of its earlier one.
#[inline(always)]
pub fn set() {
    set_baggage(black_box("user_id"), black_box("u-123"));
}

/// Reads one value.
#[inline(always)]
pub fn get() {
    black_box(get_baggage(black_box("user_id")));
}

/// Writes baggage and trace context into the headers of a request, which are made for it.
#[inline(always)]
pub fn inject() {
    black_box(headers());
}

/// Reads baggage and trace context from the headers of a request.
#[inline(always)]
pub fn extract(headers: &DictCarrier) {
    let _ = black_box(BaggagePropagator::new().extract(black_box(headers)));
}

/// Reads them, makes them current and leaves them again, as a server does for each request.
#[inline(always)]
pub fn extract_and_attach(headers: &DictCarrier) {
    let _attached = black_box(BaggagePropagator::new().extract(black_box(headers)).attach());
}

/// Returns headers that say the current context.
#[inline(always)]
pub fn headers() -> DictCarrier {
    let mut headers = DictCarrier::new();
    BaggagePropagator::new().inject(&mut headers);
    headers
}
