//! The fields of a protobuf message, read from bytes that may be anything.
//!
//! A collector's answers are read with it: three small messages, most often empty.
//!
//! Source: Protocol Buffers, "Encoding".

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    /// A varint, as an unsigned number.
    Number(u64),
    /// Text, bytes or a message.
    Bytes(&'a [u8]),
}

/// Returns the numbered fields of a message in their order, fixed-width ones left out; `None` when
/// the bytes are no message.
pub(super) fn fields(mut bytes: &[u8]) -> Option<Vec<(u64, Field<'_>)>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let number = Some(key >> 3).filter(|&number| number != 0)?;
        match key & 7 {
            0 => fields.push((number, Field::Number(varint(&mut bytes)?))),
            1 => drop(bytes.split_off(..8)?),
            2 => {
                let length = usize::try_from(varint(&mut bytes)?).ok()?;
                fields.push((number, Field::Bytes(bytes.split_off(..length)?)));
            }
            5 => drop(bytes.split_off(..4)?),
            _ => return None,
        }
    }
    Some(fields)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_bytes_are_read_and_fixed_widths_passed_over() {
        let message = [
            &[0x08, 0x96, 0x01][..],
            &[0x11, 1, 2, 3, 4, 5, 6, 7, 8],
            &[0x1d, 1, 2, 3, 4],
            &[0x22, 2, b'h', b'i'],
        ]
        .concat();
        let expected = vec![(1, Field::Number(150)), (4, Field::Bytes(b"hi"))];
        assert_eq!(fields(&message), Some(expected));
        assert_eq!(fields(b""), Some(vec![]));
    }

    #[test]
    fn what_is_cut_or_no_message_is_none() {
        let endless = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        for bad in [&[0x08][..], &[0x22, 9, 1], &[0x0b], b"<html>", &endless] {
            assert_eq!(fields(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = fields(&bytes);
        }
    }
}
