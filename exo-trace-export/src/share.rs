//! How much of a ring is copied out of it at a time.

/// How many words at most.
pub(crate) const WORDS_MAX: usize = 65_536;
// A record's length is a `u16`, whatever ring it is in; a longer one would be skipped.
const _: () = assert!(WORDS_MAX > u16::MAX as usize);
/// How many of most rings: a share that stays near the processor until it is taken apart.
const WORDS: usize = 4_096;

/// Returns how many words of a ring that holds so many.
pub(crate) fn of_ring(capacity: usize) -> usize {
    // No record is longer than that, see `Writer::record_words_max`; a longer one would be skipped.
    (capacity / 8).clamp(WORDS, WORDS_MAX)
}
