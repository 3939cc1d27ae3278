//! A span that says little: copied whole from a mould of its call site, and its own words put in.
//!
//! The mould is everything constant, in the order of the fields, with room where ids, times and the
//! length go; each key is a smaller one, with room for the lengths around its value. Both are copied
//! in blocks of a fixed size, longer than what they hold, because that needs no call and no loop; what
//! is beyond their end is written over. Whatever is not so simple is left to
//! [`Source`](super::span::Source), which knows every case.

use super::protobuf::{fixed64, put_fixed64, sized, varint, varint_len};
use super::span::{
    END_TIME_UNIX_NANO, FLAGS, PARENT_SPAN_ID, SPAN_ID, SPANS, START_TIME_UNIX_NANO, TRACE_ID,
};
use crate::span_data::attributes::readable;
use exo_trace_core::SpanRecord;
use exo_trace_std::Value;

/// How many bytes are copied at once.
const BLOCK: usize = 64;
/// Longer constants make no mould.
const BLOCKS_MAX: usize = 6;
/// What a span may take, with the blocks that reach beyond its end.
pub(super) const CAST_BYTES: usize = 1_024;
/// What one byte can say as a length.
const SHORT_MAX: usize = 0x7f;

/// Where a span's bytes are put together.
pub(super) type Cast = [u8; CAST_BYTES];

/// Where the length stands, and from where it counts.
const LENGTH: usize = 1;
const CONTENT: usize = 3;
/// Where the ids stand.
const TRACE: usize = CONTENT + 2;
const SPAN: usize = TRACE + 16 + 2;
const PARENT: usize = SPAN + 8 + 2;

/// The constant bytes of a call site's spans, with a parent or without.
#[derive(Debug)]
pub(super) struct Mould {
    blocks: Box<[[u8; BLOCK]]>,
    len: usize,
    has_parent: bool,
    /// Where the tag of the start stands; that of the end follows its eight bytes.
    times: usize,
}

impl Mould {
    /// Returns the mould of spans whose name and kind, as fields, and attributes are so; `None` where
    /// they are too long.
    pub(super) fn new(has_parent: bool, named: &[u8], attributes: &[u8]) -> Option<Self> {
        let mut bytes = vec![sized(SPANS), 0, 0, sized(TRACE_ID), 16];
        bytes.extend_from_slice(&[0; 16]);
        bytes.extend_from_slice(&[sized(SPAN_ID), 8, 0, 0, 0, 0, 0, 0, 0, 0]);
        if has_parent {
            bytes.extend_from_slice(&[sized(PARENT_SPAN_ID), 8, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
        bytes.extend_from_slice(named);
        let times = bytes.len();
        put_fixed64(&mut bytes, START_TIME_UNIX_NANO, 0);
        put_fixed64(&mut bytes, END_TIME_UNIX_NANO, 0);
        bytes.extend_from_slice(attributes);
        let len = bytes.len();
        let blocks = blocks(&bytes);
        (blocks.len() <= BLOCKS_MAX).then(|| Self { blocks: blocks.into(), len, has_parent, times })
    }

    /// Begins a span, and returns where its own attributes go.
    #[inline(always)]
    pub(super) fn begin(&self, cast: &mut Cast, span: &SpanRecord<'_>) -> Option<usize> {
        for (to, from) in cast.chunks_exact_mut(BLOCK).zip(&self.blocks) {
            to.copy_from_slice(from);
        }
        put(cast, TRACE, span.trace_id.to_bytes())?;
        put(cast, SPAN, span.span_id.to_bytes())?;
        if self.has_parent {
            put(cast, PARENT, span.parent_id?.to_bytes())?;
        }
        let end = span.end_ticks.max(span.start_ticks);
        put(cast, self.times + 1, span.start_ticks.to_le_bytes())?;
        put(cast, self.times + 10, end.to_le_bytes())?;
        Some(self.len)
    }
}

/// Ends a span after its attributes, and returns how long it is.
#[inline(always)]
pub(super) fn end(cast: &mut Cast, at: usize, flags: u32) -> Option<usize> {
    let [a, b, c, d] = flags.to_le_bytes();
    put(cast, at, [FLAGS[0], FLAGS[1], a, b, c, d])?;
    let len = at + 6;
    // Two bytes say any length that there is room for.
    put(cast, LENGTH, [(len - CONTENT) as u8 | 0x80, ((len - CONTENT) >> 7) as u8])?;
    Some(len)
}

/// An attribute's constant bytes: up to its value's length, if that is one byte.
#[derive(Debug)]
pub(super) struct KeyMould {
    block: [u8; BLOCK],
    /// Where the length of the value stands.
    value: usize,
}

impl KeyMould {
    /// Returns the mould of a key that stands so in a `KeyValue`; `None` where it is too long.
    pub(super) fn new(field: u8, key: &[u8], value_field: u8) -> Option<Self> {
        let bytes = [&[sized(field), 0], key, &[sized(value_field), 0]].concat();
        let mut block = [0; BLOCK];
        block.get_mut(..bytes.len())?.copy_from_slice(&bytes);
        Some(Self { block, value: bytes.len() - 1 })
    }

    /// Writes an attribute, and returns where the next one goes; `None` where its value is not simple.
    #[inline(always)]
    pub(super) fn put(&self, cast: &mut Cast, at: usize, value: Value<'_>) -> Option<usize> {
        put(cast, at, self.block)?;
        let from = at + self.value + 1;
        let end = match value {
            Value::I64(number) => put_varint_field(cast, from, INT_VALUE, number as u64)?,
            Value::Bool(is_true) => {
                put(cast, from, [varint(BOOL_VALUE), u8::from(is_true)])?;
                from + 2
            }
            Value::F64(number) => {
                put(cast, from, [fixed64(DOUBLE_VALUE)])?;
                put(cast, from + 1, number.to_le_bytes())?;
                from + 9
            }
            Value::Text(text) => put_text_field(cast, from, text)?,
            Value::Interned(_) => match readable(value) {
                Value::Text(text) => put_text_field(cast, from, text)?,
                _ => return None,
            },
            _ => return None,
        };
        let len = end - at - 2;
        if len > SHORT_MAX {
            return None;
        }
        put(cast, at + 1, [len as u8])?;
        put(cast, from - 1, [(end - from) as u8])?;
        Some(end)
    }
}

/// Fields of `AnyValue`.
const STRING_VALUE: u8 = 1;
const BOOL_VALUE: u8 = 2;
const INT_VALUE: u8 = 3;
const DOUBLE_VALUE: u8 = 4;

#[inline(always)]
fn put_varint_field(cast: &mut Cast, at: usize, field: u8, number: u64) -> Option<usize> {
    if number >> 28 != 0 {
        return put_long_varint_field(cast, at, field, number);
    }
    // Four bytes at once, of which as many stay as the number has: no loop whose end must be foreseen.
    let len = varint_len(number);
    let n = number as u32;
    let spread = n & 0x7f | (n & 0x3f80) << 1 | (n & 0x1f_c000) << 2 | (n & 0xfe0_0000) << 3;
    let more_follow = 0x80_8080 & ((1 << (8 * (len - 1))) - 1);
    let [a, b, c, d] = (spread | more_follow).to_le_bytes();
    put(cast, at, [varint(field), a, b, c, d])?;
    Some(at + 1 + len)
}

#[inline(never)]
fn put_long_varint_field(cast: &mut Cast, at: usize, field: u8, mut number: u64) -> Option<usize> {
    let len = varint_len(number);
    let bytes = cast.get_mut(at..=at + len)?;
    let (tag, bytes) = bytes.split_first_mut()?;
    *tag = varint(field);
    let (last, bytes) = bytes.split_last_mut()?;
    for byte in bytes {
        *byte = number as u8 | 0x80;
        number >>= 7;
    }
    *last = number as u8;
    Some(at + 1 + len)
}

#[inline(always)]
fn put_text_field(cast: &mut Cast, at: usize, text: &str) -> Option<usize> {
    if text.len() > SHORT_MAX {
        return None;
    }
    put(cast, at, [sized(STRING_VALUE), text.len() as u8])?;
    let end = at + 2 + text.len();
    cast.get_mut(at + 2..end)?.copy_from_slice(text.as_bytes());
    Some(end)
}

#[inline(always)]
fn put<const N: usize>(cast: &mut Cast, at: usize, bytes: [u8; N]) -> Option<()> {
    cast.get_mut(at..at + N)?.copy_from_slice(&bytes);
    Some(())
}

fn blocks(bytes: &[u8]) -> Vec<[u8; BLOCK]> {
    let block = |chunk: &[u8]| {
        let mut block = [0; BLOCK];
        block.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        block
    };
    bytes.chunks(BLOCK).map(block).collect()
}
