//! A payload, read from its front: each read takes what it asks for or says that it is not there.

/// What of a payload is still to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'p>(pub(super) &'p [u8]);

impl<'p> Bytes<'p> {
    /// Returns the next byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    /// Returns the next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*array)
    }

    /// Returns a number of seven bits a byte, the lowest first; one that is longer than its value
    /// needs, or than 32 bits, is none.
    pub(super) fn varint(&mut self) -> Option<u32> {
        let mut number = 0;
        for place in 0..5 {
            let byte = self.byte()?;
            let bits = u32::from(byte & 0x7f);
            let shifted = bits << (7 * place);
            if shifted >> (7 * place) != bits {
                return None;
            }
            number |= shifted;
            if byte & 0x80 == 0 {
                return (place == 0 || byte != 0).then_some(number);
            }
        }
        None
    }

    /// Returns a signed number, whose sign is its lowest bit.
    pub(super) fn zigzag(&mut self) -> Option<i32> {
        let number = self.varint()?;
        Some((number >> 1) as i32 ^ -((number & 1) as i32))
    }

    /// Returns a text that its length stands before.
    pub(super) fn text(&mut self) -> Option<&'p str> {
        let length = self.varint()? as usize;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        str::from_utf8(text).ok()
    }

    /// Returns all the rest as a text.
    pub(super) fn rest(&mut self) -> Option<&'p str> {
        let rest = std::mem::take(&mut self.0);
        str::from_utf8(rest).ok()
    }

    /// Tells whether everything was read.
    pub(super) fn is_read(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(Bytes(&[0]).varint(), Some(0));
        assert_eq!(Bytes(&[0x80, 0x01]).varint(), Some(128));
        assert_eq!(Bytes(&[0xff, 0xff, 0xff, 0xff, 0x0f]).varint(), Some(u32::MAX));
        assert_eq!(Bytes(&[0x80, 0x00]).varint(), None, "longer than it needs");
        assert_eq!(Bytes(&[0xff, 0xff, 0xff, 0xff, 0x1f]).varint(), None, "longer than 32 bits");
        assert_eq!(Bytes(&[0x80]).varint(), None, "not all there");
    }

    #[test]
    fn small_numbers_of_both_signs_are_short() {
        let numbers = [0, 1, 2, 3, 4].map(|byte| Bytes(&[byte]).zigzag());
        assert_eq!(numbers, [Some(0), Some(-1), Some(1), Some(-2), Some(2)]);
        assert_eq!(Bytes(&[0xff, 0xff, 0xff, 0xff, 0x0f]).zigzag(), Some(i32::MIN));
    }
}
