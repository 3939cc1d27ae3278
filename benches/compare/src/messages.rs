//! Counts the messages in protocol buffers that a path of fields leads to, reading no more of them.

use bytes::Buf;
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

/// Returns how many messages the path of field numbers leads to.
///
/// # Errors
///
/// Fails where the bytes are no message.
pub(crate) fn messages_at(mut buffer: &mut dyn Buf, path: &[u32]) -> Result<u64, DecodeError> {
    let Some((&wanted, path)) = path.split_first() else { return Ok(1) };
    let mut found = 0;
    while buffer.has_remaining() {
        let (field, form) = decode_key(&mut buffer)?;
        if field != wanted || form != WireType::LengthDelimited {
            skip_field(form, field, &mut buffer, DecodeContext::default())?;
            continue;
        }
        let len = decode_varint(&mut buffer)? as usize;
        let mut message = (&mut *buffer).take(len);
        found += messages_at(&mut message, path)?;
        let rest = message.remaining();
        buffer.advance(rest);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_path_leads_to_is_counted() {
        // Field 1 twice: with one field 2 inside, then with a field 3 and two fields 2.
        let mut bytes: &[u8] = &[0x0a, 2, 0x12, 0, 0x0a, 6, 0x18, 7, 0x12, 0, 0x12, 0, 0x20, 1];
        assert_eq!(messages_at(&mut bytes, &[1, 2]), Ok(3));
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        assert!(messages_at(&mut [0x07_u8].as_slice(), &[1]).is_err());
    }
}
