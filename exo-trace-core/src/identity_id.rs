//! The number of an identity: for whom a span works, in the one word that says what is current.
//!
//! Whose number it is, a table on the side of `std` knows; a span inherits and writes the number and
//! never sees a text. 48 bits are not used up: at a million identities a second half of them last four years.

use core::num::NonZeroU64;

/// How many bits of the current span's word are left for it.
const BITS: u32 = 48;
/// How far up in that word it stands.
const SHIFT: u32 = u64::BITS - BITS;

/// The number of an identity, as spans carry it; numbers are never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IdentityId(NonZeroU64);

impl IdentityId {
    /// Where it stands in the word of a current span.
    pub(crate) const MASK: u64 = u64::MAX << SHIFT;

    /// Returns the identity with this number; `None` for zero, and for what has more than 48 bits.
    pub const fn new(number: u64) -> Option<Self> {
        if number >> BITS == 0
            && let Some(number) = NonZeroU64::new(number)
        {
            return Some(Self(number));
        }
        None
    }

    /// Returns the number.
    pub const fn to_number(self) -> u64 {
        self.0.get()
    }

    /// Returns the identity in a word of a current span.
    #[inline(always)]
    pub(crate) const fn of_bits(bits: u64) -> Option<Self> {
        match NonZeroU64::new(bits >> SHIFT) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// Returns a word with this identity in the place of the one it has.
    #[inline(always)]
    pub(crate) const fn put_into(identity: Option<Self>, bits: u64) -> u64 {
        let number = match identity {
            Some(identity) => identity.to_number(),
            None => 0,
        };
        bits & !Self::MASK | number << SHIFT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_goes_in_and_out_of_a_word_and_leaves_the_rest_alone() {
        let largest = IdentityId::new((1 << BITS) - 1);
        let word = IdentityId::put_into(largest, 0xffff);
        assert_eq!((word, IdentityId::of_bits(word)), (u64::MAX, largest));
        assert_eq!(IdentityId::put_into(None, word), 0xffff);
        assert_eq!(IdentityId::of_bits(0xffff), None);
        assert_eq!((IdentityId::new(0), IdentityId::new(1 << BITS)), (None, None));
    }
}
