//! Attributes as a record holds them, one by one, their values not looked at before they are wanted.
//!
//! A value as an enum is moved by its bytes, which costs more than reading it out of the words; who
//! reads millions of attributes a second asks for each value where it is used.

use super::decode::{scalar_value, split_bytes, split_texts};
use super::encode::tag;
use super::header::{self, Kind};
use super::{Facts, Fields};
use crate::{KeyId, Value};

/// One attribute in the words of a record.
#[derive(Clone, Copy, Debug)]
pub struct Encoded<'a> {
    header: u64,
    /// The words after the header, to the end of the record.
    rest: &'a [u64],
}

impl<'a> Encoded<'a> {
    /// Returns its key.
    #[inline(always)]
    pub fn key(&self) -> KeyId {
        KeyId((self.header >> 16) as u16)
    }

    /// Returns its place among the attributes of its call site; 255 for what was added later.
    #[inline(always)]
    pub fn order(&self) -> u8 {
        (self.header >> 8) as u8
    }

    /// Tells whether its value was cut.
    #[inline(always)]
    pub fn is_cut(&self) -> bool {
        self.header & 1 << 4 != 0
    }

    /// Returns its value; `None` where the words never were a record.
    #[inline(always)]
    pub fn value(&self) -> Option<Value<'a>> {
        match self.header & 0xf {
            tag::EMPTY => Some(Value::Empty),
            tag::TEXT => Some(Value::Text(split_bytes(self.rest, self.length())?.0)),
            tag::TEXTS => Some(split_texts(self.rest, self.length()).ok()?.0),
            scalar => scalar_value(scalar, *self.rest.first()?),
        }
    }

    /// Returns the words after it.
    #[inline(always)]
    fn after(&self) -> Option<&'a [u64]> {
        match self.header & 0xf {
            tag::EMPTY => Some(self.rest),
            tag::TEXT => self.rest.get(self.length().div_ceil(8)..),
            tag::TEXTS => Some(split_texts(self.rest, self.length()).ok()?.1),
            _ => self.rest.get(1..),
        }
    }

    #[inline(always)]
    fn length(&self) -> usize {
        (self.header >> 32) as usize
    }
}

/// The attributes still to come.
struct Walk<'a> {
    words: &'a [u64],
    left: usize,
}

impl<'a> Iterator for Walk<'a> {
    type Item = Encoded<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Encoded<'a>> {
        self.left = self.left.checked_sub(1)?;
        let (&header, rest) = self.words.split_first()?;
        let attribute = Encoded { header, rest };
        self.words = attribute.after().unwrap_or_default();
        Some(attribute)
    }
}

impl<'a> Fields<'a> {
    /// Returns the attributes of a record that was read, in the order they were written; none of
    /// those still to be written.
    #[inline(always)]
    pub fn encoded(&self) -> impl Iterator<Item = Encoded<'a>> + use<'a> {
        match *self {
            Self::Borrowed(_) => Walk { words: &[], left: 0 },
            Self::Encoded { words, count } => Walk { words, left: count },
        }
    }
}

impl<'a> Facts<'a> {
    /// Returns the attributes if these words, which were decoded before, are facts; the commonest
    /// record beside spans, without the cases of the others.
    #[inline(always)]
    pub fn attributes_again(words: &'a [u64]) -> Option<Fields<'a>> {
        let (&first, rest) = words.split_first()?;
        let words = rest.get(1..)?;
        (first as u8 == Kind::Facts as u8)
            .then(|| Fields::Encoded { words, count: header::count(first) })
    }
}

#[cfg(test)]
mod tests {
    use crate::record::{Facts, Fields, Record, Written};
    use crate::{KeyId, Ring, Slot, SpanId, Texts, Value};
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn a_walk_meets_what_was_written() {
        let texts = ["a", "", "words of a longer text"];
        let values = [
            Value::Bool(true),
            Value::Text("nine bytes"),
            Value::Empty,
            Value::Texts(Texts::Borrowed(&texts)),
            Value::F64(0.5),
            Value::Text(""),
            Value::U64(u64::MAX),
        ];
        let mut order = 0;
        let written = values.map(|value| {
            order += 1;
            Written { key: KeyId(u16::from(order) * 300), order, is_cut: order % 2 == 0, value }
        });
        let span_id = SpanId::new(1).unwrap();
        let facts = Facts { span_id, attributes: Fields::Borrowed(&written) };
        static RING: Ring<[Slot; 1_024]> = Ring::new();
        RING.writer(|| {}).record(&Record::Facts(facts)).unwrap();
        let mut words = vec![0; 1_024];
        let filled = RING.reader().read(&mut words);
        let fields = Facts::attributes_again(&words[..filled]).unwrap();
        let met: Vec<_> = fields
            .encoded()
            .map(|met| Written {
                key: met.key(),
                order: met.order(),
                is_cut: met.is_cut(),
                value: met.value().unwrap(),
            })
            .collect();
        assert_eq!(met, written);
    }
}
