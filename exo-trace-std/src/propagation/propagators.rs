//! The formats in which context crosses to other processes: a set of them, written and read together.

use super::{Baggage, Carrier, Decoding, HEADER_BYTES_READ_MAX, TraceState, b3};
use crate::Context;
use crate::counters::Counter;
use crate::sync::{Relaxed, StaticAtomicU32};
use exo_trace_core::SpanContext;
use std::fmt;
use std::str::FromStr;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
const BAGGAGE: &str = "baggage";

/// The set that `init` chose; what it is without `init`, [`Propagators::default`] says.
static CHOSEN: StaticAtomicU32 = StaticAtomicU32::new(Propagators::W3C.formats as u32);

/// The bit of it above those of the formats: how baggage is read.
const READ_AS_FORMS: u32 = 1 << 8;

/// Formats of headers: all of them are written, and read in the order of these constants.
///
/// Where two formats name a span the first that can be read counts. `OTEL_PROPAGATORS`, or
/// `TraceConfig::propagators`, chooses the set that layers and clients of [`bridge`](crate::bridge) use.
///
/// ```
/// use exo_trace_std::propagation::{DictCarrier, Propagators};
///
/// let formats: Propagators = "tracecontext,b3".parse()?;
/// let headers = DictCarrier::from_iter([("b3", "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1")]);
/// let caller = formats.extract(&headers).span_context().expect("a span");
/// assert!(caller.is_remote && caller.is_sampled());
/// # Ok::<(), exo_trace_std::propagation::ParsePropagatorsError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Propagators {
    formats: u8,
    decoding: Decoding,
}

impl Propagators {
    /// Nothing is written and nothing is read.
    pub const NONE: Self = Self::of(0);
    /// W3C Trace Context: `traceparent` and `tracestate`.
    pub const TRACE_CONTEXT: Self = Self::of(1);
    /// W3C Baggage: `baggage`.
    pub const BAGGAGE: Self = Self::of(2);
    /// B3 in one header: `b3`.
    pub const B3: Self = Self::of(4);
    /// B3 in several headers: `X-B3-TraceId` and its like.
    pub const B3_MULTI: Self = Self::of(8);

    const W3C: Self = Self::TRACE_CONTEXT.with(Self::BAGGAGE);
    const NAMED: [(&str, Self); 4] = [
        ("tracecontext", Self::TRACE_CONTEXT),
        ("baggage", Self::BAGGAGE),
        ("b3", Self::B3),
        ("b3multi", Self::B3_MULTI),
    ];

    const fn of(formats: u8) -> Self {
        Self { formats, decoding: Decoding::Percent }
    }

    /// Returns the formats of both; baggage is read as forms are where either has it so.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        let decoding = match self.decoding {
            Decoding::Percent => other.decoding,
            Decoding::Form => Decoding::Form,
        };
        Self { formats: self.formats | other.formats, decoding }
    }

    /// Returns the same formats, with baggage read by this rule.
    #[must_use]
    pub const fn decoding(self, decoding: Decoding) -> Self {
        Self { decoding, ..self }
    }

    /// Tells whether all formats of `other` are among them.
    pub const fn contains(self, other: Self) -> bool {
        self.formats & other.formats == other.formats
    }

    /// Returns the set that this process uses: what `init` resolved, W3C's two formats before.
    pub fn chosen() -> Self {
        // Relaxed, because nothing else is ordered by it.
        let word = CHOSEN.load(Relaxed);
        let decoding = if word & READ_AS_FORMS == 0 { Decoding::Percent } else { Decoding::Form };
        // Four formats, in the low bits.
        Self::of((word & 0xf) as u8).decoding(decoding)
    }

    /// Makes it the set that this process uses.
    #[doc(hidden)]
    pub fn choose(self) {
        let decoding = match self.decoding {
            Decoding::Percent => 0,
            Decoding::Form => READ_AS_FORMS,
        };
        // Relaxed: as above.
        CHOSEN.store(u32::from(self.formats) | decoding, Relaxed);
    }

    /// Returns the names of the headers that are written.
    pub fn fields(self) -> impl Iterator<Item = &'static str> {
        let named = [
            (Self::TRACE_CONTEXT, &[TRACEPARENT, TRACESTATE][..]),
            (Self::BAGGAGE, &[BAGGAGE]),
            (Self::B3, &[b3::B3]),
            (Self::B3_MULTI, &[b3::X_B3_TRACE_ID, b3::X_B3_SPAN_ID, b3::X_B3_SAMPLED]),
        ];
        let chosen = named.into_iter().filter(move |(format, _)| self.contains(*format));
        chosen.flat_map(|(_, fields)| fields.iter().copied())
    }

    /// Writes the calling thread's context. Where there is nothing to say, the carrier stays as it is.
    pub fn inject<C: Carrier + ?Sized>(self, carrier: &mut C) {
        self.inject_context(&Context::unmarked(), carrier);
    }

    /// Writes a context. A `tracestate` of another trace that stands in the carrier is emptied.
    pub fn inject_context<C: Carrier + ?Sized>(self, context: &Context, carrier: &mut C) {
        if let Some(span) = context.span_context() {
            if self.contains(Self::TRACE_CONTEXT) {
                carrier.set(TRACEPARENT, span.to_traceparent().as_str().to_owned());
                match context.trace_state() {
                    Some(said) => carrier.set(TRACESTATE, said.as_str().to_owned()),
                    // What was said of another trace, in headers that are passed on, is not of this.
                    None if carrier.get(TRACESTATE).is_some() => {
                        carrier.set(TRACESTATE, String::new());
                    }
                    None => {}
                }
            }
            if self.contains(Self::B3) {
                carrier.set(b3::B3, b3::single(&span));
            }
            if self.contains(Self::B3_MULTI) {
                let headers = b3::multiple(&span).into_iter();
                headers.for_each(|(name, value)| carrier.set(name, value));
            }
        }
        if self.contains(Self::BAGGAGE)
            && let Some(header) = context.baggage().to_header()
        {
            carrier.set(BAGGAGE, header);
        }
    }

    /// Returns the calling thread's context with what the carrier says in the place of its own.
    ///
    /// A broken header counts as absent, and so does a broken member of the baggage. Nothing changes by
    /// itself: [`Context::attach`] or [`Context::scope`] make it current for a while.
    pub fn extract<C: Carrier + ?Sized>(self, carrier: &C) -> Context {
        self.extract_over(Context::current(), carrier)
    }

    /// Returns `context` with what the carrier says in the place of its own.
    pub fn extract_over<C: Carrier + ?Sized>(self, context: Context, carrier: &C) -> Context {
        let context = match self.span(carrier) {
            Some((span, said)) => context.with_span(span).with_trace_state(said),
            None => context,
        };
        if self.contains(Self::BAGGAGE) {
            let (baggage, refused) = Baggage::from_headers(values(carrier, BAGGAGE), self.decoding);
            Counter::BaggageRefused.add(refused as u64);
            if !baggage.is_empty() {
                return context.with_baggage(baggage);
            }
        }
        context
    }

    /// Returns the caller's span, and what other systems said of its trace.
    fn span<C: Carrier + ?Sized>(self, carrier: &C) -> Option<(SpanContext, TraceState)> {
        let w3c = || self.contains(Self::TRACE_CONTEXT).then(|| trace_context(carrier)).flatten();
        let b3 = || self.contains(Self::B3).then(|| single_b3(carrier)).flatten();
        let b3_multi = || self.contains(Self::B3_MULTI).then(|| multiple_b3(carrier)).flatten();
        let of_b3 = |span| (span, TraceState::default());
        w3c().or_else(|| b3().or_else(b3_multi).map(of_b3))
    }
}

/// Reads W3C Trace Context: nothing, unless there is one `traceparent` and it can be read.
fn trace_context<C: Carrier + ?Sized>(carrier: &C) -> Option<(SpanContext, TraceState)> {
    let (mut headers, mut span) = (0, None);
    carrier.each_value(TRACEPARENT, &mut |header| {
        headers += 1;
        span = SpanContext::from_traceparent(header.trim_matches([' ', '\t'])).ok();
    });
    let span = span.filter(|_| headers == 1)?;
    let said = TraceState::from_headers(values(carrier, TRACESTATE));
    Some((span, said.unwrap_or_default()))
}

fn single_b3<C: Carrier + ?Sized>(carrier: &C) -> Option<SpanContext> {
    b3::parse_single(carrier.get(b3::B3)?).ok()?.span_context()
}

fn multiple_b3<C: Carrier + ?Sized>(carrier: &C) -> Option<SpanContext> {
    let headers = b3::Headers {
        trace_id: carrier.get(b3::X_B3_TRACE_ID),
        span_id: carrier.get(b3::X_B3_SPAN_ID),
        parent_span_id: carrier.get(b3::X_B3_PARENT_SPAN_ID),
        sampled: carrier.get(b3::X_B3_SAMPLED),
        flags: carrier.get(b3::X_B3_FLAGS),
    };
    b3::parse_multiple(headers).ok()?.span_context()
}

/// Returns the values under a name, up to the one with which there are more than are read.
fn values<'c, C: Carrier + ?Sized>(carrier: &'c C, name: &str) -> Vec<&'c str> {
    let (mut values, mut bytes) = (Vec::new(), 0_usize);
    carrier.each_value(name, &mut |value| {
        if bytes <= HEADER_BYTES_READ_MAX {
            bytes = bytes.saturating_add(value.len() + 1);
            values.push(value);
        }
    });
    values
}

impl Default for Propagators {
    /// Returns W3C Trace Context and W3C Baggage.
    fn default() -> Self {
        Self::W3C
    }
}

impl fmt::Display for Propagators {
    /// As `OTEL_PROPAGATORS` writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (name, format) in Self::NAMED {
            if self.contains(format) {
                write!(f, "{separator}{name}")?;
                separator = ",";
            }
        }
        if separator.is_empty() { f.write_str("none") } else { Ok(()) }
    }
}

impl fmt::Debug for Propagators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Propagators({self})")
    }
}

impl FromStr for Propagators {
    type Err = ParsePropagatorsError;

    /// Reads a list with commas, in any case; `none` is only alone.
    fn from_str(text: &str) -> Result<Self, ParsePropagatorsError> {
        let mut formats = Self::NONE;
        let names = || text.split(',').map(str::trim).filter(|name| !name.is_empty());
        for name in names() {
            let known = Self::NAMED.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
            match known {
                Some((_, format)) => formats = formats.with(*format),
                None if name.eq_ignore_ascii_case("none") && names().count() == 1 => {}
                None => return Err(ParsePropagatorsError { name: name.to_owned() }),
            }
        }
        Ok(formats)
    }
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsePropagatorsError {
    name: String,
}

impl fmt::Display for ParsePropagatorsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "propagator is {:?}, expected tracecontext, baggage, b3 or b3multi, several with commas, or none",
            self.name
        )
    }
}

impl std::error::Error for ParsePropagatorsError {}
