//! The bytes of a text as the words of a record, the last one padded with zeros.

use crate::word::{Slot, store};

/// How many words the bytes of a text take.
#[inline(always)]
pub(crate) fn text_words(text: &str) -> usize {
    text.len().div_ceil(8)
}

/// Stores a text in as many slots as it takes words.
#[inline(always)]
pub(crate) fn store_text(slots: &[Slot], text: &str) {
    let (whole, rest) = text.as_bytes().as_chunks::<8>();
    let words = whole.iter().map(|bytes| u64::from_ne_bytes(*bytes));
    slots.iter().zip(words).for_each(|(slot, word)| store(slot, word));
    if let (false, Some(slot)) = (rest.is_empty(), slots.get(whole.len())) {
        store(slot, last_word(text.as_bytes(), rest));
    }
}

/// Returns the word of the last bytes of a text, fewer than eight: by reads that overlap, because a loop
/// over single bytes takes longer than the rest of the text.
#[inline(always)]
fn last_word(all: &[u8], rest: &[u8]) -> u64 {
    let word = match all.last_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight) >> (64 - 8 * rest.len()),
        None => short_word(rest),
    };
    word.to_le()
}

/// Returns up to seven bytes as a little-endian number.
#[inline(always)]
fn short_word(bytes: &[u8]) -> u64 {
    let len = bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let [first, last] = [first, last].map(|four| u64::from(u32::from_le_bytes(*four)));
        return first | last << (8 * (len - 4));
    }
    // One to three bytes: the first, the middle and the last are all of them.
    let at = |place: usize| bytes.get(place).map_or(0, |byte| u64::from(*byte) << (8 * place));
    at(0) | at(len / 2) | at(len.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    #[test]
    fn a_text_of_any_length_is_its_bytes_and_zeros() {
        for len in 0..=40 {
            let text: String = ('a'..='z').cycle().take(len).collect();
            let slots: Vec<Slot> = (0..text_words(&text)).map(|_| Slot::new(u64::MAX)).collect();
            store_text(&slots, &text);
            let mut bytes = text.into_bytes();
            bytes.resize(len.div_ceil(8) * 8, 0);
            let stored: Vec<u8> =
                slots.iter().flat_map(|slot| crate::word::load(slot).to_ne_bytes()).collect();
            assert_eq!(stored, bytes, "{len} bytes");
        }
    }
}
