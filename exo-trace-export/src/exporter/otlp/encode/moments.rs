//! What stands inside a span besides attributes: its events and its links.

use super::any_value::{key_bytes, put_key_value};
use super::protobuf::{close, fixed64, open, put_count, put_fixed64, put_text, sized};
use super::span::flags_word;
use super::template::Keys;
use crate::span_data::attributes::keyless;
use exo_trace_core::{Event, Failure, Fields, Link, Record};
use exo_trace_std::Value;

/// Fields of `Event`.
const EVENT_TIME_UNIX_NANO: u8 = 1;
const EVENT_NAME: u8 = 2;
const EVENT_ATTRIBUTES: u8 = 3;
const EVENT_DROPPED_ATTRIBUTES_COUNT: u8 = 4;
/// Fields of `Link`.
const LINK_TRACE_ID: u8 = 1;
const LINK_SPAN_ID: u8 = 2;
const LINK_ATTRIBUTES: u8 = 4;
const LINK_DROPPED_ATTRIBUTES_COUNT: u8 = 5;
const LINK_FLAGS: u8 = 6;

/// Writes a fact that is an event into `field` of a span; a failure is one as well.
pub(super) fn put_event(bytes: &mut Vec<u8>, field: u8, fact: &Record<'_>, keys: &mut Keys) {
    match fact {
        Record::Event(Event { ticks, name, attributes, .. }) => {
            let start = open_event(bytes, field, *ticks, name);
            put_fields(bytes, EVENT_ATTRIBUTES, attributes, keys);
            put_count(bytes, EVENT_DROPPED_ATTRIBUTES_COUNT, keyless(*attributes));
            close(bytes, start);
        }
        Record::Failure(Failure { ticks, type_name, message, attributes, .. }) => {
            let start = open_event(bytes, field, *ticks, "exception");
            put_named(bytes, "exception.type", type_name);
            if !message.is_empty() {
                put_named(bytes, "exception.message", message);
            }
            put_fields(bytes, EVENT_ATTRIBUTES, attributes, keys);
            put_count(bytes, EVENT_DROPPED_ATTRIBUTES_COUNT, keyless(*attributes));
            close(bytes, start);
        }
        _ => {}
    }
}

/// Writes the event of a span that was dropped before its end.
pub(super) fn put_cancelled(bytes: &mut Vec<u8>, field: u8, end_unix_nano: u64) {
    let start = open_event(bytes, field, end_unix_nano, "cancelled");
    close(bytes, start);
}

fn open_event(bytes: &mut Vec<u8>, field: u8, unix_nano: u64, name: &str) -> usize {
    let start = open(bytes, field);
    put_fixed64(bytes, EVENT_TIME_UNIX_NANO, unix_nano);
    put_text(bytes, EVENT_NAME, name);
    start
}

/// Writes a fact that is a link into `field` of a span.
pub(super) fn put_link(bytes: &mut Vec<u8>, field: u8, fact: &Record<'_>, keys: &mut Keys) {
    let Record::Link(Link { context, attributes, .. }) = fact else { return };
    let start = open(bytes, field);
    bytes.extend_from_slice(&[sized(LINK_TRACE_ID), 16]);
    bytes.extend_from_slice(&context.trace_id.to_bytes());
    bytes.extend_from_slice(&[sized(LINK_SPAN_ID), 8]);
    bytes.extend_from_slice(&context.span_id.to_bytes());
    put_fields(bytes, LINK_ATTRIBUTES, attributes, keys);
    put_count(bytes, LINK_DROPPED_ATTRIBUTES_COUNT, keyless(*attributes));
    // Four bytes where `fixed64` has eight: wire type 5 is four above 1.
    bytes.push(fixed64(LINK_FLAGS) + 4);
    bytes.extend_from_slice(&flags_word(context.flags, context.is_remote).to_le_bytes());
    close(bytes, start);
}

fn put_named(bytes: &mut Vec<u8>, key: &str, text: &str) {
    put_key_value(bytes, EVENT_ATTRIBUTES, &key_bytes(key), Value::Text(text));
}

fn put_fields(bytes: &mut Vec<u8>, field: u8, attributes: &Fields<'_>, keys: &mut Keys) {
    for attribute in attributes.encoded() {
        if let Some(key) = keys.of(attribute.key())
            && let Some(value) = attribute.value()
        {
            put_key_value(bytes, field, &key.bytes, value);
        }
    }
}
