//! Attributes of one word each, gathered on the stack and written into a ring as one record.
//!
//! A span says at its beginning what it was asked to do, and may end much later on another thread.
//! One record for all of it costs one look at the ring; carried along until the end, the words would
//! be copied with every move of the span.

use crate::record::{Written, attribute_header, scalar_word};
use crate::{KeyId, Value};
use heapless::Vec;

/// How many attributes one record gathers.
pub const GATHERED_MAX: usize = 32;

/// Attributes on their way into one record.
///
/// ```
/// use exo_trace_core::{Gathered, InternedKey, Key, Value};
///
/// static STEP: InternedKey = InternedKey::new(Key::new("exo.agent.step"));
/// let mut gathered = Gathered::new();
/// assert!(gathered.push(STEP.id(), 0, Value::I64(1)));
/// assert!(!gathered.push(STEP.id(), 1, Value::Text("takes more than a word")));
/// assert_eq!(gathered.len(), 1);
/// ```
#[derive(Debug, Default)]
pub struct Gathered {
    words: Vec<u64, { 2 * GATHERED_MAX }>,
}

impl Gathered {
    /// Returns an empty one.
    pub const fn new() -> Self {
        Self { words: Vec::new() }
    }

    /// Adds an attribute; `false` when its value takes more than a word, or there is no room.
    #[inline(always)]
    pub fn push(&mut self, key: KeyId, order: u8, value: Value<'_>) -> bool {
        match value {
            Value::Bool(_) | Value::I64(_) | Value::U64(_) | Value::F64(_) | Value::Interned(_) => {
                let written = Written { key, order, is_cut: false, value };
                let words = [attribute_header(&written), scalar_word(value)];
                self.words.extend_from_slice(&words).is_ok()
            }
            Value::Empty | Value::Text(_) | Value::Texts(_) => false,
        }
    }

    /// Returns how many attributes there are.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.words.len() / 2
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
