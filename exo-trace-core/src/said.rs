//! What a call site says of its span, on its way into it: attributes of one word each.
//!
//! How many there will be at most is known while compiling, and where each goes as well. Then the
//! compiler keeps them in registers and never in a list whose length it would have to look up.

use crate::record::{Written, attribute_header, scalar_word};
use crate::{KeyId, Value};

/// Attributes of one word each, in order; each takes two words with its header.
///
/// How many there are, whoever says them keeps apart: in here it would be memory that is looked up.
///
/// ```
/// use exo_trace_core::{InternedKey, Key, Said, Value};
///
/// static STEP: InternedKey = InternedKey::new(Key::new("exo.agent.step"));
/// let (mut said, mut len) = (Said::<2>::new(), 0);
/// assert!(!said.keep(&mut len, STEP.id(), 1, Value::Text("takes more than a word")));
/// assert!(said.keep(&mut len, STEP.id(), 1, Value::I64(1)));
/// assert!(!said.keep(&mut len, STEP.id(), 2, Value::I64(2)), "there was room for one");
/// ```
#[derive(Debug)]
pub struct Said<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Said<WORDS> {
    /// Returns nothing, with room for half as many attributes as words.
    #[inline(always)]
    #[allow(clippy::new_without_default, reason = "nobody makes one by default")]
    pub const fn new() -> Self {
        Self([0; WORDS])
    }

    /// Keeps a one-word attribute behind the first `len` words; `false` when it takes more, or there is
    /// no room.
    #[inline(always)]
    pub fn keep(&mut self, len: &mut usize, key: KeyId, order: u8, value: Value<'_>) -> bool {
        let Some(words) = one_word_attribute(key, order, value) else { return false };
        let Some(room) = self.0.get_mut(*len..*len + words.len()) else { return false };
        room.copy_from_slice(&words);
        *len += words.len();
        true
    }

    /// Returns the first `len` words.
    #[inline(always)]
    pub(crate) fn first(&self, len: usize) -> &[u64] {
        self.0.get(..len).unwrap_or(&self.0)
    }
}

/// Returns the words of an attribute that takes one besides its header.
#[inline(always)]
pub(crate) fn one_word_attribute(key: KeyId, order: u8, value: Value<'_>) -> Option<[u64; 2]> {
    match value {
        Value::Bool(_) | Value::I64(_) | Value::U64(_) | Value::F64(_) | Value::Interned(_) => {
            let written = Written { key, order, is_cut: false, value };
            Some([attribute_header(&written), scalar_word(value)])
        }
        Value::Empty | Value::Text(_) | Value::Texts(_) => None,
    }
}
