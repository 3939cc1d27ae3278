//! Eight lower-case hex digits at a time: a 32-bit number as one word of text, and back, without a branch.
//!
//! Eight digits are one 64-bit word, so what would be a loop over digits is a few additions and masks
//! on all of them at once. No sum below carries from one byte into the next.

/// The same byte in all eight places.
const fn all(byte: u8) -> u64 {
    u64::from_be_bytes([byte; 8])
}

/// How far a letter stands from where the digits would go on: from `:` to `a`.
const LETTERS_AFTER: u64 = (b'a' - b'9' - 1) as u64;

/// Returns the number as eight digits.
#[inline]
pub(crate) const fn digits(number: u32) -> [u8; 8] {
    let halves = ((number as u64 & 0xffff_0000) << 16) | (number as u64 & 0xffff);
    let bytes = (halves | halves << 8) & 0x00ff_00ff_00ff_00ff;
    let nibbles = (bytes | bytes << 4) & all(0x0f);
    let letters = ((nibbles + all(6)) >> 4) & all(1);
    (nibbles + all(b'0') + letters * LETTERS_AFTER).to_be_bytes()
}

/// Returns the number that eight digits say, or `None` where one of them is no lower-case hex digit.
#[inline]
pub(crate) const fn number(digits: [u8; 8]) -> Option<u32> {
    let text = u64::from_be_bytes(digits);
    // A byte above 0x7f would carry into its neighbour; it is refused whatever the sums then say.
    let is_digit = at_least(text, b'0') & !at_least(text, b'9' + 1);
    let is_letter = at_least(text, b'a') & !at_least(text, b'f' + 1);
    if text & all(0x80) != 0 || (is_digit | is_letter) & all(0x80) != all(0x80) {
        return None;
    }
    // Letters have the bit 0x40, and their low half begins at one.
    let nibbles = (text & all(0x0f)) + ((text >> 6) & all(1)) * 9;
    let bytes = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff;
    let halves = (bytes | bytes >> 8) & 0x0000_ffff_0000_ffff;
    Some((halves | halves >> 16) as u32)
}

/// Returns the number that sixteen digits say, or `None` as [`number`] does.
#[inline]
pub(crate) fn word(digits: [u8; 16]) -> Option<u64> {
    let (high, low) = digits.split_at(8);
    let [high, low] = [high, low].map(|half| half.first_chunk().copied().and_then(number));
    Some(u64::from(high?) << 32 | u64::from(low?))
}

/// Sets the high bit of each byte below 0x80 that is at least `low`.
#[inline]
const fn at_least(text: u64, low: u8) -> u64 {
    text.wrapping_add(all(0x80 - low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn numbers_read_what_they_write() {
        for turn in 0..100_000_u32 {
            let drawn = turn.wrapping_mul(0x9e37_79b9);
            assert_eq!(digits(drawn), *format!("{drawn:08x}").as_bytes());
            assert_eq!(number(digits(drawn)), Some(drawn));
        }
    }

    #[test]
    fn only_lower_case_hex_digits_are_read_wherever_they_stand() {
        for place in 0..8 {
            for byte in 0..=u8::MAX {
                let mut text = *b"0a9f5c3e";
                text[place] = byte;
                let is_digit = matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                assert_eq!(number(text).is_some(), is_digit, "{byte:#x} at {place}");
            }
        }
    }
}
