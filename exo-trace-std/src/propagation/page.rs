//! The propagators of the page, under its names: a set of formats each.

use super::{Carrier, Decoding, Propagators};
use crate::Context;

/// Writes and reads W3C Baggage and, unless told otherwise, W3C Trace Context with it.
///
/// ```
/// use exo_trace_std::Span;
/// use exo_trace_std::propagation::{BaggagePropagator, DictCarrier};
///
/// // Sender: its headers go along with the request.
/// let propagator = BaggagePropagator::new();
/// let mut carrier = DictCarrier::new();
/// propagator.inject(&mut carrier);
///
/// // Receiver: spans that begin here are linked to the sender's trace.
/// let _remote = propagator.extract(&carrier).attach();
/// let _span = Span::start("answer", ());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaggagePropagator {
    formats: Propagators,
}

impl BaggagePropagator {
    /// Returns one for `baggage`, `traceparent` and `tracestate`.
    pub const fn new() -> Self {
        Self { formats: Propagators::TRACE_CONTEXT.with(Propagators::BAGGAGE) }
    }

    /// Returns one for `baggage` alone.
    pub const fn baggage_only() -> Self {
        Self { formats: Propagators::BAGGAGE }
    }

    /// Reads `+` as a space, as the Python package writes it; W3C Baggage has it for itself.
    #[must_use]
    pub const fn form_decoding(self) -> Self {
        Self { formats: self.formats.decoding(Decoding::Form) }
    }

    /// Writes the calling thread's context. Where there is nothing to say, the carrier stays as it is.
    pub fn inject<C: Carrier + ?Sized>(&self, carrier: &mut C) {
        self.formats.inject(carrier);
    }

    /// Writes a context.
    pub fn inject_context<C: Carrier + ?Sized>(&self, context: &Context, carrier: &mut C) {
        self.formats.inject_context(context, carrier);
    }

    /// Returns the calling thread's context with what the carrier says in the place of its own.
    ///
    /// It changes nothing by itself: [`Context::attach`] and [`Context::scope`] make it current.
    pub fn extract<C: Carrier + ?Sized>(&self, carrier: &C) -> Context {
        self.formats.extract(carrier)
    }
}

impl Default for BaggagePropagator {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes and reads W3C Trace Context alone: `traceparent` and `tracestate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TraceContextPropagator;

impl TraceContextPropagator {
    /// Writes the calling thread's span. Where there is none, the carrier stays as it is.
    pub fn inject<C: Carrier + ?Sized>(&self, carrier: &mut C) {
        Propagators::TRACE_CONTEXT.inject(carrier);
    }

    /// Writes the span of a context.
    pub fn inject_context<C: Carrier + ?Sized>(&self, context: &Context, carrier: &mut C) {
        Propagators::TRACE_CONTEXT.inject_context(context, carrier);
    }

    /// Returns the calling thread's context with the span that the carrier says in the place of its own.
    pub fn extract<C: Carrier + ?Sized>(&self, carrier: &C) -> Context {
        Propagators::TRACE_CONTEXT.extract(carrier)
    }
}
