//! What one payload says, as the board meant it: its own ids, its own ticks, call sites by number.

use super::bytes::Bytes;
use exo_trace_core::compact::{LocalId, Target, VALUES_MAX, Value32, Values};
use exo_trace_core::stream::{
    COUNT_AT, HAS_TAGS, IS_CUT, Kind, SEQUENCE_BITS, SPAN_HAS_MORE, SPAN_IS_REMOTE, VERSION,
    WHOLE_CONTEXT,
};
use exo_trace_core::{Outcome, SpanContext, SpanId, SpanKind, TraceFlags, TraceId};

/// The two bytes every payload begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The number of the kind.
    pub(super) kind: u8,
    /// The low bits of the frame's number.
    pub(super) sequence: u32,
}

/// One payload.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Message {
    Boot(Boot),
    Site { number: u16, kind: SpanKind, name: Box<str>, keys: Vec<Box<str>> },
    Context { root: LocalId, remote: SpanContext },
    Anchor(Anchor),
    Loss(Loss),
    Told(Told),
}

/// A span, or a fact of one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Told {
    Span(Span),
    Event { site: u16, span: LocalId, ticks: u64, values: Values },
    Attributes { site: u16, span: LocalId, values: Values },
    Text { site: u16, span: LocalId, is_cut: bool, text: Box<str> },
    Link { span: LocalId, to: Target },
}

/// Which boot it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Boot {
    pub(super) number: u32,
    pub(super) seed: u64,
    pub(super) ticks_per_second: u32,
    pub(super) resource: Vec<(Box<str>, Box<str>)>,
    pub(super) is_cut: bool,
}

/// What the clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) number: u32,
    pub(super) ticks: u64,
    /// A tick count, and the nanoseconds since the Unix epoch then.
    pub(super) unix: Option<(u64, u64)>,
}

/// What one ring says of itself, and the stream of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) ring: u8,
    pub(super) recorded: u32,
    pub(super) refused: u32,
    pub(super) taken: u32,
    pub(super) sent: u32,
    pub(super) stale: u32,
}

/// A whole span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) site: u16,
    pub(super) id: LocalId,
    pub(super) parent: Option<LocalId>,
    pub(super) root: LocalId,
    pub(super) is_remote: bool,
    /// The low bits of its end.
    pub(super) end: u64,
    /// How many ticks it took.
    pub(super) ticks: u64,
    pub(super) outcome: Outcome,
    pub(super) dropped: u8,
    pub(super) values: Values,
}

impl Head {
    /// Takes a payload apart; `None` when it is shorter than that.
    pub(super) fn of(payload: &[u8]) -> Option<(Self, Bytes<'_>)> {
        let mut bytes = Bytes(payload);
        let [high, low] = bytes.array()?;
        let sequence = u32::from(high & 0x0f) << 8 | u32::from(low);
        Some((Self { kind: high >> 4, sequence }, bytes))
    }

    /// Tells whether a frame with this head may have this whole number.
    pub(super) fn is_of(self, number: u32) -> bool {
        number & ((1 << SEQUENCE_BITS) - 1) == self.sequence
    }
}

impl Message {
    /// Reads what comes after the head; `None` for what no board of this version says.
    pub(super) fn read(kind: Kind, mut bytes: Bytes<'_>) -> Option<Self> {
        let message = match kind {
            Kind::Boot => Self::Boot(boot(&mut bytes)?),
            Kind::Site => site(&mut bytes)?,
            Kind::Context => {
                Self::Context { root: local(&mut bytes)?, remote: context(&mut bytes)? }
            }
            Kind::Anchor => Self::Anchor(anchor(&mut bytes)?),
            Kind::Loss => Self::Loss(loss(&mut bytes)?),
            Kind::Span => Self::Told(Told::Span(span(&mut bytes)?)),
            Kind::Event => {
                let (flags, site) = (bytes.byte()?, number(&mut bytes)?);
                let (span, ticks) = (local(&mut bytes)?, ticks(&mut bytes)?);
                Self::Told(Told::Event { site, span, ticks, values: values(flags, &mut bytes)? })
            }
            Kind::Attributes => {
                let (flags, site) = (bytes.byte()?, number(&mut bytes)?);
                let span = local(&mut bytes)?;
                Self::Told(Told::Attributes { site, span, values: values(flags, &mut bytes)? })
            }
            Kind::Text => {
                let (flags, site) = (bytes.byte()?, number(&mut bytes)?);
                let (span, text) = (local(&mut bytes)?, bytes.rest()?.into());
                Self::Told(Told::Text { site, span, is_cut: flags & IS_CUT != 0, text })
            }
            Kind::Link => {
                let (flags, span) = (bytes.byte()?, local(&mut bytes)?);
                let to = match flags & WHOLE_CONTEXT {
                    0 => Target::Local(before(span, bytes.varint()?)?),
                    _ => Target::Remote(context(&mut bytes)?),
                };
                Self::Told(Told::Link { span, to })
            }
        };
        bytes.is_read().then_some(message)
    }
}

impl Told {
    /// Returns the span that it is, or is said of.
    pub(super) fn span(&self) -> LocalId {
        match *self {
            Self::Span(Span { id, .. }) => id,
            Self::Event { span, .. }
            | Self::Attributes { span, .. }
            | Self::Text { span, .. }
            | Self::Link { span, .. } => span,
        }
    }
}

fn boot(bytes: &mut Bytes<'_>) -> Option<Boot> {
    if bytes.byte()? != VERSION {
        return None;
    }
    let seed = u64::from_le_bytes(bytes.array()?);
    let (number, ticks_per_second) = (bytes.varint()?, bytes.varint()?);
    let is_cut = bytes.byte()? != 0;
    let mut resource = Vec::new();
    while !bytes.is_read() {
        resource.push((bytes.text()?.into(), bytes.text()?.into()));
    }
    (ticks_per_second != 0).then_some(Boot { number, seed, ticks_per_second, resource, is_cut })
}

fn site(bytes: &mut Bytes<'_>) -> Option<Message> {
    let number = number(bytes)?;
    let kind = match bytes.byte()? {
        0 => SpanKind::Internal,
        1 => SpanKind::Server,
        2 => SpanKind::Client,
        3 => SpanKind::Producer,
        4 => SpanKind::Consumer,
        _ => return None,
    };
    let mut texts = bytes.rest()?.split('\0').map(Box::from);
    let (name, keys) = (texts.next()?, texts.collect());
    Some(Message::Site { number, kind, name, keys })
}

fn anchor(bytes: &mut Bytes<'_>) -> Option<Anchor> {
    let number = bytes.varint()?;
    let ticks = u64::from_le_bytes(bytes.array()?);
    let unix = match bytes.is_read() {
        true => None,
        false => {
            let at = u64::from_le_bytes(bytes.array()?);
            Some((at, u64::from_le_bytes(bytes.array()?)))
        }
    };
    Some(Anchor { number, ticks, unix })
}

fn loss(bytes: &mut Bytes<'_>) -> Option<Loss> {
    Some(Loss {
        ring: bytes.byte()?,
        recorded: bytes.varint()?,
        refused: bytes.varint()?,
        taken: bytes.varint()?,
        sent: bytes.varint()?,
        stale: bytes.varint()?,
    })
}

fn span(bytes: &mut Bytes<'_>) -> Option<Span> {
    let flags = bytes.byte()?;
    let (site, id, end) = (number(bytes)?, local(bytes)?, ticks(bytes)?);
    let took = bytes.varint()?;
    let parent = match bytes.varint()? {
        0 => None,
        distance => Some(before(id, distance)?),
    };
    let root = before(id, bytes.varint()?)?;
    let [laps, dropped] = match flags & SPAN_HAS_MORE {
        0 => [0, 0],
        _ => bytes.array()?,
    };
    let outcome = match flags & 3 {
        0 => Outcome::Ended,
        1 => Outcome::Error,
        2 => Outcome::Panic,
        _ => Outcome::Cancelled,
    };
    let values = values(flags, bytes)?;
    let is_remote = flags & SPAN_IS_REMOTE != 0;
    let ticks = u64::from(laps) << 32 | u64::from(took);
    Some(Span { site, id, parent, root, is_remote, end, ticks, outcome, dropped, values })
}

fn number(bytes: &mut Bytes<'_>) -> Option<u16> {
    u16::try_from(bytes.varint()?).ok()
}

fn local(bytes: &mut Bytes<'_>) -> Option<LocalId> {
    LocalId::new(bytes.varint()?.rotate_right(4))
}

fn before(id: LocalId, distance: u32) -> Option<LocalId> {
    LocalId::new(id.to_word().wrapping_sub(distance))
}

fn ticks(bytes: &mut Bytes<'_>) -> Option<u64> {
    let [a, b, c, d, e] = bytes.array()?;
    Some(u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]))
}

fn context(bytes: &mut Bytes<'_>) -> Option<SpanContext> {
    Some(SpanContext {
        trace_id: TraceId::new(u128::from_be_bytes(bytes.array()?))?,
        span_id: SpanId::new(u64::from_be_bytes(bytes.array()?))?,
        flags: TraceFlags::new(bytes.byte()?),
        is_remote: match bytes.byte()? {
            0 => false,
            1 => true,
            _ => return None,
        },
    })
}

fn values(flags: u8, bytes: &mut Bytes<'_>) -> Option<Values> {
    let count = usize::from(flags >> COUNT_AT & 7);
    let tags = if flags & HAS_TAGS == 0 { 0 } else { bytes.byte()? };
    let mut values = Values::NONE;
    if count > VALUES_MAX {
        return None;
    }
    for place in 0..count {
        let value = match tags >> (2 * place) & 3 {
            0 => Value32::Int(bytes.zigzag()?),
            1 => Value32::Unsigned(bytes.varint()?),
            2 => Value32::Float(f32::from_bits(u32::from_le_bytes(bytes.array()?))),
            _ => match bytes.byte()? {
                0 => Value32::Bool(false),
                1 => Value32::Bool(true),
                2 => continue,
                _ => return None,
            },
        };
        values = values.with(place, value);
    }
    Some(values)
}
