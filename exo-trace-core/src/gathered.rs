//! Attributes gathered on the stack and written into a ring as one record.
//!
//! A span says at its beginning what it was asked to do, and may end much later on another thread.
//! One record for all of it costs one look at the ring; carried along until the end, the words would
//! be copied with every move of the span.

use crate::record::{Written, attribute_header};
use crate::said::one_word_attribute;
use crate::{KeyId, Texts, Value};
use heapless::Vec;

/// How many words of attributes one record gathers: sixteen of one word each, more than most spans say
/// at once. What finds no room is written apart.
pub const GATHERED_WORDS_MAX: usize = 32;

/// Attributes on their way into one record.
///
/// ```
/// use exo_trace_core::{Gathered, InternedKey, Key, Value};
///
/// static STEP: InternedKey = InternedKey::new(Key::new("exo.agent.step"));
/// let mut gathered = <Gathered>::new();
/// assert!(gathered.push(STEP.id(), 0, Value::I64(1)));
/// assert!(!gathered.push(STEP.id(), 1, Value::Text("takes more than a word")));
/// assert_eq!(gathered.len(), 1);
/// ```
#[derive(Debug)]
pub struct Gathered<const WORDS: usize = GATHERED_WORDS_MAX> {
    words: Vec<u64, WORDS>,
    count: usize,
}

impl<const WORDS: usize> Gathered<WORDS> {
    /// Returns an empty one.
    // Not `const`: as a constant it would be copied, all of it, where only two words need be written.
    #[inline(always)]
    #[allow(clippy::new_without_default, reason = "a derived one would be such a constant")]
    pub fn new() -> Self {
        Self { words: Vec::new(), count: 0 }
    }

    /// Adds an attribute; `false` when its value takes more than a word, or there is no room.
    #[inline(always)]
    pub fn push(&mut self, key: KeyId, order: u8, value: Value<'_>) -> bool {
        let words = one_word_attribute(key, order, value);
        let is_kept = words.is_some_and(|words| self.words.extend_from_slice(&words).is_ok());
        self.count += usize::from(is_kept);
        is_kept
    }

    /// Adds a text; `false` when there is no room for all of it.
    #[inline(always)]
    pub fn push_text(&mut self, key: KeyId, order: u8, text: &str) -> bool {
        let (whole, rest) = text.as_bytes().as_chunks::<8>();
        let words = 1 + whole.len() + usize::from(!rest.is_empty());
        if self.words.capacity() - self.words.len() < words {
            return false;
        }
        let value = Value::Text(text);
        let header = attribute_header(&Written { key, order, is_cut: false, value });
        // The room was looked at above, so none of these is refused.
        let _ = self.words.push(header);
        for bytes in whole {
            let _ = self.words.push(u64::from_ne_bytes(*bytes));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            let _ = self.words.push(u64::from_ne_bytes(last));
        }
        self.count += 1;
        true
    }

    /// Adds a list of one short text; `false` when it has more than eight bytes, or there is no room.
    #[inline]
    pub fn push_list(&mut self, key: KeyId, order: u8, text: &str) -> bool {
        let mut bytes = [0; 8];
        let Some(place) = bytes.get_mut(..text.len()) else { return false };
        place.copy_from_slice(text.as_bytes());
        let value = Value::Texts(Texts::Borrowed(&[text]));
        let header = attribute_header(&Written { key, order, is_cut: false, value });
        let words = [header, text.len() as u64, u64::from_ne_bytes(bytes)];
        let has_room = !text.is_empty() && self.words.extend_from_slice(&words).is_ok();
        self.count += usize::from(has_room);
        has_room
    }

    /// Returns how many attributes there are.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Tells whether there are none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    #[inline(always)]
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Record, Ring, Slot, SpanId};
    use std::vec::Vec;

    #[test]
    fn what_was_gathered_comes_out_in_order() {
        static RING: Ring<[Slot; 256]> = Ring::new();
        let (mut gathered, key) = (<Gathered>::new(), KeyId(7));
        assert!(gathered.push(key, 0, Value::Bool(true)));
        assert!(gathered.push_list(key, 1, "end_turn") && gathered.push_list(key, 2, "stop"));
        assert!(!gathered.push_list(key, 3, "more than eight bytes"));
        let span_id = SpanId::new(1).unwrap();
        RING.writer(|| {}).record_gathered(span_id, &gathered).unwrap();
        let mut words = [0; 64];
        let read = RING.reader().read(&mut words);
        let Ok(Record::Facts(facts)) = Record::decode(&words[..read]) else { panic!("facts") };
        let said: Vec<_> = facts.attributes.iter().map(|said| (said.order, said.value)).collect();
        let (end_turn, stop) = (["end_turn"], ["stop"]);
        let list = |texts| Value::Texts(Texts::Borrowed(texts));
        assert_eq!(said, [(0, Value::Bool(true)), (1, list(&end_turn)), (2, list(&stop))]);
    }

    #[test]
    fn a_full_one_says_so() {
        let mut gathered = <Gathered>::new();
        let taken =
            (0..).take_while(|order| gathered.push(KeyId(1), *order, Value::I64(1))).count();
        assert_eq!((taken, gathered.len()), (16, 16));
    }

    #[test]
    fn a_text_is_kept_whole_or_not_at_all() {
        static RING: Ring<[Slot; 256]> = Ring::new();
        let (mut gathered, key) = (Gathered::<7>::new(), KeyId(7));
        assert!(gathered.push_text(key, 0, "eight by"));
        assert!(!gathered.push_text(key, 1, "thirty-three bytes are five words"));
        assert!(gathered.push_text(key, 1, "grüße an alle"));
        assert!(gathered.push_text(key, 2, "") && !gathered.push_text(key, 3, "one more"));
        let span_id = SpanId::new(1).unwrap();
        RING.writer(|| {}).record_gathered(span_id, &gathered).unwrap();
        let mut words = [0; 64];
        let read = RING.reader().read(&mut words);
        let Ok(Record::Facts(facts)) = Record::decode(&words[..read]) else { panic!("facts") };
        let said: Vec<_> = facts.attributes.iter().map(|said| said.value).collect();
        assert_eq!(said, ["eight by", "grüße an alle", ""].map(Value::Text));
    }
}
