//! One span as the message `Span`, its fields in ascending order.
//!
//! The field `trace_state` is never written: records hold none.

use super::any_value::{put_attribute, put_key_value};
use super::moments::{put_cancelled, put_event, put_link};
use super::own::{Own, Way};
use super::protobuf::{close, open, put_count, put_fixed64, put_text, sized, varint};
use super::template::{Keys, KnownKey, Name, Template};
use crate::SpanData;
use crate::batch::{Batch, Whole};
use crate::span_data::{filled, status_of};
use exo_trace_core::{Outcome, Record, SpanRecord};
use exo_trace_std::{Status, TraceFlags, Value};

/// The field of `ScopeSpans`.
pub(super) const SPANS: u8 = 2;
/// Fields of `Span`.
pub(super) const TRACE_ID: u8 = 1;
pub(super) const SPAN_ID: u8 = 2;
pub(super) const PARENT_SPAN_ID: u8 = 4;
pub(super) const NAME: u8 = 5;
pub(super) const KIND: u8 = 6;
pub(super) const START_TIME_UNIX_NANO: u8 = 7;
pub(super) const END_TIME_UNIX_NANO: u8 = 8;
pub(super) const ATTRIBUTES: u8 = 9;
pub(super) const DROPPED_ATTRIBUTES_COUNT: u8 = 10;
pub(super) const EVENTS: u8 = 11;
pub(super) const DROPPED_EVENTS_COUNT: u8 = 12;
pub(super) const LINKS: u8 = 13;
pub(super) const DROPPED_LINKS_COUNT: u8 = 14;
const STATUS: u8 = 15;
/// The tag of `flags`, field 16: four bytes.
pub(super) const FLAGS: [u8; 2] = [0x85, 0x01];
/// Fields of `Status`; the number one was taken out of use.
const STATUS_MESSAGE: u8 = 2;
const STATUS_CODE: u8 = 3;
/// Bits of `flags` beside the byte of the trace: whether a parent is remote is known, and is so.
const HAS_IS_REMOTE: u32 = 0x100;
const IS_REMOTE: u32 = 0x200;

/// Returns the field `flags` of a span, or of a link.
pub(super) fn flags_word(flags: TraceFlags, is_remote: bool) -> u32 {
    let remote = if is_remote { IS_REMOTE } else { 0 };
    u32::from(flags.to_byte()) | HAS_IS_REMOTE | remote
}

/// One span, and what was gathered of it.
pub(super) struct Source<'a, 's> {
    pub(super) batch: &'a Batch,
    pub(super) place: usize,
    pub(super) span: SpanRecord<'a>,
    pub(super) own: &'s Own<'a>,
    pub(super) template: &'s Template,
}

impl Source<'_, '_> {
    /// Writes the whole span.
    #[inline]
    pub(super) fn put(&self, bytes: &mut Vec<u8>, keys: &mut Keys) {
        let start = open(bytes, SPANS);
        self.put_head(bytes, keys);
        self.put_attributes(bytes, keys);
        put_count(bytes, DROPPED_ATTRIBUTES_COUNT, self.dropped_attributes());
        self.put_events(bytes, keys);
        put_count(bytes, DROPPED_EVENTS_COUNT, self.dropped_events());
        self.put_links(bytes, keys);
        put_count(bytes, DROPPED_LINKS_COUNT, self.dropped_links());
        self.put_tail(bytes);
        close(bytes, start);
    }

    /// Writes what comes before the attributes.
    #[inline]
    pub(super) fn put_head(&self, bytes: &mut Vec<u8>, keys: &mut Keys) {
        let span = &self.span;
        bytes.extend_from_slice(&[sized(TRACE_ID), 16]);
        bytes.extend_from_slice(&span.trace_id.to_bytes());
        bytes.extend_from_slice(&[sized(SPAN_ID), 8]);
        bytes.extend_from_slice(&span.span_id.to_bytes());
        if let Some(parent_id) = span.parent_id {
            bytes.extend_from_slice(&[sized(PARENT_SPAN_ID), 8]);
            bytes.extend_from_slice(&parent_id.to_bytes());
        }
        let renamed = self.own.facts.iter().rev().find_map(|fact| match fact {
            Record::Name { name, .. } => Some(*name),
            _ => None,
        });
        match (renamed, &self.template.name) {
            (Some(name), _) => put_text(bytes, NAME, name),
            (None, Name::Whole(name)) => bytes.extend_from_slice(name),
            (None, Name::WithPlaceholders(name)) => {
                let data = self.data();
                let name = filled(name, |key| {
                    let value = self.value_of(&data, key, keys);
                    value.or_else(|| self.value_of(&data, &format!("arg.{key}"), keys))
                });
                put_text(bytes, NAME, &name);
            }
        }
        bytes.extend_from_slice(&self.template.kind);
        put_fixed64(bytes, START_TIME_UNIX_NANO, span.start_ticks);
        put_fixed64(bytes, END_TIME_UNIX_NANO, self.end_unix_nano());
    }

    /// Returns what stands in a name for `{key}`; most often the span itself says it.
    fn value_of<'v>(
        &'v self,
        data: &'v SpanData<'_>,
        key: &str,
        keys: &mut Keys,
    ) -> Option<Value<'v>> {
        match key {
            // The span's outcome has a word in these.
            "exo.outcome" | "exo.truncated" | "error.type" => data.attribute(key),
            _ => {
                let value = self.own.value_of(key, keys);
                let value = value.or_else(|| self.template.value_of(key));
                // Another dialect's name has a dot; arguments, which are many, have none.
                value.or_else(|| if key.contains('.') { data.attribute(key) } else { None })
            }
        }
    }

    #[inline]
    fn put_attributes(&self, bytes: &mut Vec<u8>, keys: &mut Keys) {
        let whole = self.whole();
        let makes_more = keys.by_list.has_all_of(whole.operation);
        let way = match makes_more || self.batch.derived.has(self.place) {
            true => Way::List,
            false => {
                let truncated = self.batch.truncated.of(self.place);
                self.own.way(self.span.outcome, truncated, self.template, keys)
            }
        };
        match way {
            Way::OneName => self.put_constants_and(bytes, keys, |bytes, key, value| {
                put_key_value(bytes, ATTRIBUTES, &key.bytes, value);
            }),
            Way::AllNames => self.put_constants_and(bytes, keys, put_under_all_names),
            Way::List => self.put_list(bytes),
        }
    }

    /// Writes the call site's attributes, and each of the span's own with `put`.
    #[inline(always)]
    fn put_constants_and(
        &self,
        bytes: &mut Vec<u8>,
        keys: &Keys,
        put: impl Fn(&mut Vec<u8>, &KnownKey, Value<'_>),
    ) {
        bytes.extend_from_slice(&self.template.attributes);
        for attribute in self.own.attributes() {
            if let Some(key) = keys.get(attribute.key())
                && let Some(value) = attribute.value()
            {
                put(bytes, key, value);
            }
        }
    }

    #[inline(never)]
    fn put_list(&self, bytes: &mut Vec<u8>) {
        for (key, value) in self.data().attributes() {
            put_attribute(bytes, ATTRIBUTES, key, value);
        }
    }

    #[inline]
    fn put_events(&self, bytes: &mut Vec<u8>, keys: &mut Keys) {
        self.own.facts.iter().for_each(|fact| put_event(bytes, EVENTS, fact, keys));
        if self.span.outcome == Outcome::Cancelled {
            put_cancelled(bytes, EVENTS, self.end_unix_nano());
        }
    }

    #[inline]
    fn put_links(&self, bytes: &mut Vec<u8>, keys: &mut Keys) {
        self.own.facts.iter().for_each(|fact| put_link(bytes, LINKS, fact, keys));
    }

    /// Writes what comes after the links.
    #[inline]
    pub(super) fn put_tail(&self, bytes: &mut Vec<u8>) {
        if !self.own.facts.is_empty() || self.span.outcome != Outcome::Ended {
            let facts = self.own.facts.iter().copied();
            put_status(bytes, &status_of(self.span.outcome, facts));
        }
        bytes.extend_from_slice(&FLAGS);
        let flags = flags_word(self.span.flags, self.span.is_parent_remote);
        bytes.extend_from_slice(&flags.to_le_bytes());
    }

    pub(super) fn data(&self) -> SpanData<'_> {
        SpanData::borrowed(self.batch, self.place)
    }

    fn whole(&self) -> &Whole {
        // A source is made of a batch and a place in it.
        &self.batch.spans[self.place]
    }

    pub(super) fn end_unix_nano(&self) -> u64 {
        self.span.end_ticks.max(self.span.start_ticks)
    }

    pub(super) fn dropped_attributes(&self) -> u32 {
        let over = self.whole().over.attributes;
        u32::from(self.span.dropped.attributes) + over + self.own.keyless
    }

    pub(super) fn dropped_events(&self) -> u32 {
        u32::from(self.span.dropped.events) + self.whole().over.events
    }

    pub(super) fn dropped_links(&self) -> u32 {
        u32::from(self.span.dropped.links) + self.whole().over.links
    }
}

/// Writes an attribute once for each of its names; apart from attributes with one, which are most.
#[inline(never)]
fn put_under_all_names(bytes: &mut Vec<u8>, key: &KnownKey, value: Value<'_>) {
    if key.names.is_empty() {
        put_key_value(bytes, ATTRIBUTES, &key.bytes, value);
    }
    for name in &key.names {
        put_key_value(bytes, ATTRIBUTES, name, value);
    }
}

/// Writes a status that somebody set; unset is what a reader assumes.
fn put_status(bytes: &mut Vec<u8>, status: &Status<'_>) {
    let code = match status {
        Status::Unset => return,
        Status::Ok => 1,
        Status::Error(_) => 2,
    };
    let start = open(bytes, STATUS);
    if !status.description().is_empty() {
        put_text(bytes, STATUS_MESSAGE, status.description());
    }
    bytes.extend_from_slice(&[varint(STATUS_CODE), code]);
    close(bytes, start);
}
