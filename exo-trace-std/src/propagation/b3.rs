//! The ids of a span and what was decided about them, as Zipkin's tracers write them: B3, in one header
//! or in several.
//!
//! Pure functions between texts and contexts; which headers a request has is their caller's business.
//! Values that are not exactly as the source says are refused, save blanks around the one header and
//! three leniencies: `d` among several headers, `true` and `false` for a decision, and trace ids of 64
//! bits.
//!
//! Source: openzipkin/b3-propagation.

use exo_trace_core::{ParseIdError, SpanContext, SpanId, TraceFlags, TraceId};
use std::fmt;

/// The one header that says everything.
pub const B3: &str = "b3";
/// The header of the trace's id, 32 or 16 digits.
pub const X_B3_TRACE_ID: &str = "x-b3-traceid";
/// The header of the span's id.
pub const X_B3_SPAN_ID: &str = "x-b3-spanid";
/// The header of the id of the span's parent, which is read and not used.
pub const X_B3_PARENT_SPAN_ID: &str = "x-b3-parentspanid";
/// The header of the decision, `1` or `0`.
pub const X_B3_SAMPLED: &str = "x-b3-sampled";
/// The header that is `1` for a trace to be recorded whatever else is decided.
pub const X_B3_FLAGS: &str = "x-b3-flags";

/// What a sender of B3 says: ids, a decision, both or neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// The trace and the span that sent it.
    pub ids: Option<(TraceId, SpanId)>,
    /// Whether the trace is to be recorded.
    pub decision: Decision,
}

/// Whether a trace is to be recorded, in B3's four words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decision {
    /// The sender does not know: the receiver decides.
    #[default]
    Defer,
    /// Not recorded.
    Deny,
    /// Recorded.
    Accept,
    /// Recorded whatever else is decided.
    Debug,
}

impl Received {
    /// Returns the sender's span as a remote context, if there is one.
    ///
    /// A deferred decision makes it one that is not sampled.
    pub fn span_context(&self) -> Option<SpanContext> {
        let (trace_id, span_id) = self.ids?;
        let is_sampled = matches!(self.decision, Decision::Accept | Decision::Debug);
        let flags = if is_sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        Some(SpanContext { trace_id, span_id, flags, is_remote: true })
    }
}

/// The texts of B3's several headers, where a request has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'h> {
    /// [`X_B3_TRACE_ID`].
    pub trace_id: Option<&'h str>,
    /// [`X_B3_SPAN_ID`].
    pub span_id: Option<&'h str>,
    /// [`X_B3_PARENT_SPAN_ID`].
    pub parent_span_id: Option<&'h str>,
    /// [`X_B3_SAMPLED`].
    pub sampled: Option<&'h str>,
    /// [`X_B3_FLAGS`].
    pub flags: Option<&'h str>,
}

/// Writes a context as the one header.
///
/// ```
/// use exo_trace_std::propagation::b3;
///
/// let text = "80f198ee56343ba864fe8b2a57d3eff7-05e3ac9a4f6e3b90-1";
/// let context = b3::parse_single(text)?.span_context().expect("it has ids");
/// assert_eq!(b3::single(&context), text);
/// # Ok::<(), b3::ParseB3Error>(())
/// ```
pub fn single(context: &SpanContext) -> String {
    format!("{}-{}-{}", context.trace_id, context.span_id, u8::from(context.is_sampled()))
}

/// Writes a context as several headers: their names and texts.
pub fn multiple(context: &SpanContext) -> [(&'static str, String); 3] {
    [
        (X_B3_TRACE_ID, context.trace_id.to_string()),
        (X_B3_SPAN_ID, context.span_id.to_string()),
        (X_B3_SAMPLED, u8::from(context.is_sampled()).to_string()),
    ]
}

/// Reads the one header.
///
/// # Errors
///
/// Says which part is wrong.
pub fn parse_single(text: &str) -> Result<Received, ParseB3Error> {
    let text = text.trim_matches([' ', '\t']);
    let Some((trace_id, rest)) = text.split_once('-') else {
        return Ok(Received { ids: None, decision: state(text)? });
    };
    let mut rest = rest.split('-');
    let ids = Some((id(trace_id)?, span_id(rest.next().unwrap_or_default())?));
    let decision = rest.next().map_or(Ok(Decision::Defer), state)?;
    rest.next().map_or(Ok(()), parent_span_id)?;
    match rest.next() {
        Some(_) => Err(ParseB3Error::Parts),
        None => Ok(Received { ids, decision }),
    }
}

/// Reads several headers; none at all say nothing.
///
/// # Errors
///
/// Says which header is wrong.
pub fn parse_multiple(headers: Headers<'_>) -> Result<Received, ParseB3Error> {
    let ids = match (headers.trace_id, headers.span_id) {
        (Some(trace), Some(span)) => Some((id(trace)?, span_id(span)?)),
        (None, None) => None,
        _ => return Err(ParseB3Error::Alone),
    };
    headers.parent_span_id.map_or(Ok(()), parent_span_id)?;
    let decision = match (headers.flags, headers.sampled) {
        (Some("1"), _) => Decision::Debug,
        (_, Some(sampled)) => decided(sampled)?,
        (_, None) => Decision::Defer,
    };
    Ok(Received { ids, decision })
}

/// Reads a trace's id; one of 64 bits is the lower half of one of 128.
fn id(text: &str) -> Result<TraceId, ParseB3Error> {
    let short = || text.parse().map(|low: SpanId| TraceId::from_words([0, low.to_word()]));
    match text.len() {
        16 => short().and_then(|id| id.ok_or(ParseIdError::Zero)),
        _ => text.parse(),
    }
    .map_err(ParseB3Error::TraceId)
}

fn span_id(text: &str) -> Result<SpanId, ParseB3Error> {
    text.parse().map_err(ParseB3Error::SpanId)
}

fn parent_span_id(text: &str) -> Result<(), ParseB3Error> {
    text.parse::<SpanId>().map(drop).map_err(ParseB3Error::ParentSpanId)
}

fn state(text: &str) -> Result<Decision, ParseB3Error> {
    match text {
        "d" => Ok(Decision::Debug),
        "1" => Ok(Decision::Accept),
        "0" => Ok(Decision::Deny),
        _ => Err(ParseB3Error::Decision),
    }
}

fn decided(text: &str) -> Result<Decision, ParseB3Error> {
    match text {
        "true" => Ok(Decision::Accept),
        "false" => Ok(Decision::Deny),
        _ => state(text),
    }
}

/// Why texts are no B3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseB3Error {
    /// The trace's id is wrong.
    TraceId(ParseIdError),
    /// The span's id is wrong.
    SpanId(ParseIdError),
    /// The id of the span's parent is wrong.
    ParentSpanId(ParseIdError),
    /// There is one id without the other.
    Alone,
    /// The decision is none of B3's.
    Decision,
    /// The one header has more than four parts.
    Parts,
}

impl fmt::Display for ParseB3Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TraceId(why) => write!(f, "b3 trace id: {why}"),
            Self::SpanId(why) => write!(f, "b3 span id: {why}"),
            Self::ParentSpanId(why) => write!(f, "b3 parent span id: {why}"),
            Self::Alone => f.write_str("b3 has one id, expected that of the trace and of the span"),
            Self::Decision => f.write_str("b3 decision is unknown, expected 0, 1 or d"),
            Self::Parts => f.write_str("b3 has more than four parts"),
        }
    }
}

impl std::error::Error for ParseB3Error {}
