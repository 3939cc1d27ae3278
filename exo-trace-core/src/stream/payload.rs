//! Records as payloads: ids as distances, numbers no longer than they are, nothing said twice.
//!
//! Every frame can be read by itself, given the few that are repeated: a distance leads from one id of
//! a record to another of the same record, never to a frame that may be lost.

use super::frame::Payload;
use super::wire::{COUNT_AT, HAS_TAGS, IS_CUT, Kind, SPAN_HAS_MORE, SPAN_IS_REMOTE, WHOLE_CONTEXT};
use crate::SpanContext;
use crate::compact::{LocalId, Record, Target, Value32, Values};

/// What of a record depends on when it is sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sending {
    /// The low bits of the frame's number.
    pub(super) sequence: u32,
    /// The clock, all of it.
    pub(super) now: u64,
    /// Whether the trace of a span is known to continue one of another process.
    pub(super) is_remote: bool,
}

impl Payload<'_> {
    /// Appends the two bytes every payload begins with.
    pub(super) fn head(&mut self, kind: Kind, sequence: u32) {
        self.byte(kind.number() << 4 | (sequence >> 8) as u8 & 0x0f);
        self.byte(sequence as u8);
    }

    /// Appends a whole record.
    pub(super) fn record(&mut self, record: &Record<'_>, sending: Sending) {
        match *record {
            Record::Span { .. } => self.span(record, sending),
            Record::Event { site, span, ticks, values } => {
                self.head(Kind::Event, sending.sequence);
                self.byte(values_flags(&values));
                self.varint(site.into());
                self.id(span);
                self.ticks(ticks, sending.now);
                self.values(&values);
            }
            Record::Attributes { site, span, values } => {
                self.head(Kind::Attributes, sending.sequence);
                self.byte(values_flags(&values));
                self.varint(site.into());
                self.id(span);
                self.values(&values);
            }
            Record::Text { site, span, is_cut, text } => {
                self.head(Kind::Text, sending.sequence);
                // Where the text stands is known only after what is before it.
                let before = 1 + varint_bytes(site.into()) + varint_bytes(rotated(span));
                let (text, is_cut_here) = cut(text, self.left().saturating_sub(before));
                self.byte(flag(is_cut || is_cut_here, IS_CUT));
                self.varint(site.into());
                self.id(span);
                self.bytes(text.as_bytes());
            }
            Record::Link { span, to: Target::Local(to) } => {
                self.head(Kind::Link, sending.sequence);
                self.byte(0);
                self.id(span);
                self.varint(distance(span, to));
            }
            Record::Link { span, to: Target::Remote(context) } => {
                self.head(Kind::Link, sending.sequence);
                self.byte(WHOLE_CONTEXT);
                self.id(span);
                self.context(&context);
            }
            Record::Context { root, remote } => {
                self.head(Kind::Context, sending.sequence);
                self.id(root);
                self.context(&remote);
            }
        }
    }

    fn span(&mut self, record: &Record<'_>, sending: Sending) {
        let &Record::Span {
            site,
            id,
            parent,
            root,
            start,
            end,
            laps,
            outcome,
            dropped,
            ref values,
        } = record
        else {
            return;
        };
        self.head(Kind::Span, sending.sequence);
        let has_more = laps != 0 || dropped != 0;
        let flags = outcome as u8 | values_flags(values) | flag(has_more, SPAN_HAS_MORE);
        self.byte(flags | flag(sending.is_remote, SPAN_IS_REMOTE));
        self.varint(site.into());
        self.id(id);
        self.ticks(end, sending.now);
        self.varint(end.wrapping_sub(start));
        // Nobody is its own parent: no distance is no parent.
        self.varint(parent.map_or(0, |parent| distance(id, parent)));
        self.varint(distance(id, root));
        if has_more {
            self.bytes(&[laps, dropped]);
        }
        self.values(values);
    }

    /// Appends an id, its recorder in the low bits: the count before them is what is small.
    pub(super) fn id(&mut self, id: LocalId) {
        self.varint(rotated(id));
    }

    /// Appends a tick count that is less than 2³¹ ticks before or after `now`, extended as far as a
    /// record carries it.
    fn ticks(&mut self, ticks: u32, now: u64) {
        let distance = ticks.wrapping_sub(now as u32) as i32;
        let [a, b, c, d, e, ..] = now.wrapping_add_signed(distance.into()).to_le_bytes();
        self.bytes(&[a, b, c, d, e]);
    }

    fn context(&mut self, context: &SpanContext) {
        self.bytes(&context.trace_id.to_bytes());
        self.bytes(&context.span_id.to_bytes());
        self.bytes(&[context.flags.to_byte(), u8::from(context.is_remote)]);
    }

    fn values(&mut self, values: &Values) {
        if !are_plain(values) {
            let tags = (0..values.len()).map(|place| tag(values.get(place)) << (2 * place));
            self.byte(tags.sum());
        }
        for place in 0..values.len() {
            match values.get(place) {
                Some(Value32::Int(number)) => self.varint((number << 1 ^ number >> 31) as u32),
                Some(Value32::Unsigned(number)) => self.varint(number),
                Some(Value32::Float(number)) => self.bytes(&number.to_bits().to_le_bytes()),
                Some(Value32::Bool(truth)) => self.byte(truth.into()),
                None => self.byte(2),
            }
        }
    }
}

/// How many values there are, and whether their tags stand before them.
fn values_flags(values: &Values) -> u8 {
    (values.len() as u8) << COUNT_AT | flag(!are_plain(values), HAS_TAGS)
}

fn are_plain(values: &Values) -> bool {
    (0..values.len()).all(|place| tag(values.get(place)) == 0)
}

fn tag(value: Option<Value32>) -> u8 {
    match value {
        Some(Value32::Int(_)) => 0,
        Some(Value32::Unsigned(_)) => 1,
        Some(Value32::Float(_)) => 2,
        Some(Value32::Bool(_)) | None => 3,
    }
}

fn flag(is_set: bool, bit: u8) -> u8 {
    if is_set { bit } else { 0 }
}

fn rotated(id: LocalId) -> u32 {
    id.to_word().rotate_left(4)
}

/// How far `to` was before `from`; short where one recorder made both.
fn distance(from: LocalId, to: LocalId) -> u32 {
    from.to_word().wrapping_sub(to.to_word())
}

fn varint_bytes(number: u32) -> usize {
    (38 - (number | 1).leading_zeros() as usize) / 7
}

/// Returns what of a text fits, whole characters of it, and whether there was more.
fn cut(text: &str, bytes_max: usize) -> (&str, bool) {
    let end = text.floor_char_boundary(bytes_max);
    text.split_at_checked(end).map_or((text, false), |(fits, rest)| (fits, !rest.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::super::frame::{Frame, Key};
    use super::*;
    use crate::{Outcome, SpanId, TraceFlags, TraceId};

    /// How many bytes a record takes on the line.
    fn bytes(record: &Record<'_>) -> usize {
        let mut frame = Frame::empty();
        let sending = Sending { sequence: 4_095, now: 1 << 40, is_remote: true };
        frame.seal(Key::of_seed(7), |payload| payload.record(record, sending));
        frame.len()
    }

    fn id(word: u32) -> LocalId {
        LocalId::new(word).expect("a count that is not zero")
    }

    fn span(
        own: u32,
        back: [u32; 2],
        site: u16,
        ticks: u32,
        values: &[Value32],
    ) -> Record<'static> {
        let ([parent, root], values) =
            (back.map(|back| id(own.wrapping_sub(back))), Values::of(values));
        let (id, parent, start) = (id(own), Some(parent), 0_u32.wrapping_sub(ticks));
        let outcome = Outcome::Error;
        let (laps, dropped) = (0, 0);
        Record::Span { site, id, parent, root, start, end: 0, laps, outcome, dropped, values }
    }

    #[test]
    fn a_span_with_two_attributes_takes_32_bytes_at_most() {
        let small = [Value32::Int(6), Value32::Int(21)];
        assert_eq!(bytes(&span(100_000, [1, 2], 1, 16_000, &small)), 25);
        // Up to here the promise holds: any id, durations of 2²¹ ticks, a family of 2¹⁴ ids.
        let larger = [Value32::Int(-8_192), Value32::Int(8_191)];
        let back = [(1 << 14) - 1; 2];
        assert_eq!(bytes(&span(0xffff_ffff, back, 127, (1 << 21) - 1, &larger)), 32);
    }

    #[test]
    fn the_longest_span_takes_61_bytes() {
        let values = [Value32::Unsigned(u32::MAX); 4];
        let Record::Span { site, id: own, root, start, end, outcome, values, .. } =
            span(0xffff_ffff, [0xf000_0000; 2], u16::MAX, u32::MAX, &values)
        else {
            panic!("a span");
        };
        let (parent, laps, dropped) = (Some(root), 255, 255);
        let longest = Record::Span {
            site,
            id: own,
            parent,
            root,
            start,
            end,
            laps,
            outcome,
            dropped,
            values,
        };
        assert_eq!(bytes(&longest), 61);
    }

    #[test]
    fn facts_are_as_short_as_the_document_says() {
        let span = id(100_000);
        let event = Record::Event { site: 1, span, ticks: 5, values: Values::NONE };
        assert_eq!(bytes(&event), 19);
        let remote = SpanContext {
            trace_id: TraceId::new(u128::MAX).expect("not zero"),
            span_id: SpanId::new(u64::MAX).expect("not zero"),
            flags: TraceFlags::SAMPLED,
            is_remote: true,
        };
        assert_eq!(bytes(&Record::Link { span, to: Target::Remote(remote) }), 39);
        assert_eq!(bytes(&Record::Context { root: span, remote }), 38);
        let text = "x".repeat(4_000);
        let text = Record::Text { site: 1, span, is_cut: false, text: &text };
        assert_eq!(bytes(&text), super::super::wire::FRAME_BYTES_MAX);
    }
}
