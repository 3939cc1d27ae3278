//! How a ring says no: to storage it cannot use, and to a record it has no room for.

use crate::ring::RING_WORDS_MIN;
use core::fmt;

/// Why storage makes no ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapacityError {
    /// How many words the storage has.
    pub words: usize,
}

impl fmt::Display for CapacityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.words;
        write!(f, "ring has {words} words, expected a power of two of at least {RING_WORDS_MIN}")
    }
}

impl core::error::Error for CapacityError {}

/// The ring had no room; the record was counted and is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ring is full, the record was refused")
    }
}

impl core::error::Error for Full {}
