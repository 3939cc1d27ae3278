//! The few shapes of a protobuf message: tags, varints, texts, and messages inside messages.

/// How many bytes [`open_long`] leaves for a length: enough for 4 GiB.
const LONG: usize = 5;
/// What two bytes can say as a length; nearly every span is shorter.
const SHORT_MAX: usize = (1 << 14) - 1;

/// Returns the tag of a field that is a varint; the field's number is below 16.
pub(super) const fn varint(field: u8) -> u8 {
    field << 3
}

/// Returns the tag of a field of eight bytes.
pub(super) const fn fixed64(field: u8) -> u8 {
    field << 3 | 1
}

/// Returns the tag of a field with its length before it: a text, bytes, a message.
pub(super) const fn sized(field: u8) -> u8 {
    field << 3 | 2
}

/// Returns how many bytes a varint takes.
pub(super) const fn varint_len(value: u64) -> usize {
    // Seven bits a byte, and one byte for zero.
    ((70 - (value | 1).leading_zeros()) / 7) as usize
}

/// Returns how many bytes a field takes whose content is so long, its tag included.
pub(super) const fn sized_len(len: usize) -> usize {
    1 + varint_len(len as u64) + len
}

#[inline(always)]
pub(super) fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Writes a field that is a varint, unless it is zero: zero is what a reader assumes.
pub(super) fn put_count(bytes: &mut Vec<u8>, field: u8, count: u32) {
    if count > 0 {
        bytes.push(varint(field));
        put_varint(bytes, count.into());
    }
}

/// Writes a field of eight bytes.
#[inline(always)]
pub(super) fn put_fixed64(bytes: &mut Vec<u8>, field: u8, value: u64) {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    bytes.extend_from_slice(&[fixed64(field), a, b, c, d, e, f, g, h]);
}

/// Writes the tag and length of a field.
#[inline(always)]
pub(super) fn put_sized(bytes: &mut Vec<u8>, field: u8, len: usize) {
    if len < 0x80 {
        bytes.extend_from_slice(&[sized(field), len as u8]);
    } else {
        bytes.push(sized(field));
        put_varint(bytes, len as u64);
    }
}

/// Writes a text, an empty one too.
#[inline(always)]
pub(super) fn put_text(bytes: &mut Vec<u8>, field: u8, text: &str) {
    put_sized(bytes, field, text.len());
    bytes.extend_from_slice(text.as_bytes());
}

/// Begins a message of unknown length and returns where, for [`close`].
#[inline(always)]
pub(super) fn open(bytes: &mut Vec<u8>, field: u8) -> usize {
    bytes.extend_from_slice(&[sized(field), 0x80, 0]);
    bytes.len()
}

/// Ends a message that began at `start`, as [`open`] said.
#[inline(always)]
pub(super) fn close(bytes: &mut Vec<u8>, start: usize) {
    let len = bytes.len() - start;
    if len > SHORT_MAX {
        return close_beyond(bytes, start);
    }
    if let Some(room) = bytes.get_mut(start - 2..start) {
        room.copy_from_slice(&[len as u8 | 0x80, (len >> 7) as u8]);
    }
}

/// Makes room for a longer length.
#[cold]
#[inline(never)]
fn close_beyond(bytes: &mut Vec<u8>, start: usize) {
    let mut length = Vec::with_capacity(LONG);
    put_varint(&mut length, (bytes.len() - start) as u64);
    bytes.splice(start - 2..start, length);
}

/// Begins a message that many spans go into; see [`open`].
pub(super) fn open_long(bytes: &mut Vec<u8>, field: u8) -> usize {
    bytes.extend_from_slice(&[sized(field), 0x80, 0x80, 0x80, 0x80, 0]);
    bytes.len()
}

/// Ends a message that began at `start`, as [`open_long`] said.
pub(super) fn close_long(bytes: &mut [u8], start: usize) {
    let mut left = bytes.len() - start;
    for byte in bytes.iter_mut().take(start).skip(start - LONG) {
        // All but the last have the bit that says "more follows" already.
        *byte |= left as u8 & 0x7f;
        left >>= 7;
    }
}

/// Returns how many bytes [`open_long`] takes.
pub(super) const fn open_long_len() -> usize {
    1 + LONG
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_varint_is_as_long_as_it_is_said_to_be() {
        for bits in 0..64 {
            for value in [1 << bits, (1_u64 << bits) - 1, u64::MAX >> bits] {
                let mut bytes = Vec::new();
                put_varint(&mut bytes, value);
                assert_eq!(bytes.len(), varint_len(value), "{value}");
                assert_eq!(
                    prost::decode_length_delimiter(&*bytes).ok(),
                    usize::try_from(value).ok()
                );
            }
        }
    }

    #[test]
    fn a_message_says_its_length_however_long_it_is() {
        for len in [0, 1, 127, 128, SHORT_MAX, SHORT_MAX + 1, 1 << 21, (1 << 21) + 1] {
            let mut bytes = vec![7];
            let start = open(&mut bytes, 2);
            bytes.resize(bytes.len() + len, 9);
            close(&mut bytes, start);
            let (head, rest) = bytes.split_at(2);
            assert_eq!(head, [7, sized(2)]);
            let mut rest = rest;
            assert_eq!(prost::decode_length_delimiter(&mut rest), Ok(len));
            assert_eq!(rest, vec![9; len]);

            let mut bytes = vec![7];
            let start = open_long(&mut bytes, 2);
            bytes.resize(bytes.len() + len, 9);
            close_long(&mut bytes, start);
            let mut rest = &bytes[2..];
            assert_eq!(prost::decode_length_delimiter(&mut rest), Ok(len));
            assert_eq!(rest, vec![9; len]);
        }
    }
}
