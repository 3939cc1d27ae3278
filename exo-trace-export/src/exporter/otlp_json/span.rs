//! One span in OTLP JSON, whole or without what found no room.
//!
//! Fields stand in the order of their numbers, under their names in lowerCamelCase; ids are
//! lower-case hex, kinds and status codes are numbers. What is empty or zero is left out.

use super::value::{Digits, KeyValue, is_said};
use crate::exporter::otlp_schema;
use crate::{Event, Link, SpanData};
use exo_trace_std::{Status, Value};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// What of a span is left out; it is counted beside what was dropped before.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// Places in the list of attributes, in order.
    pub(super) attributes: Vec<usize>,
    /// How many events, from the last.
    pub(super) events: usize,
    /// How many links, from the last.
    pub(super) links: usize,
}

/// A span without what is left out.
pub(super) struct Span<'a, 'b> {
    data: &'a SpanData<'b>,
    left_out: Option<&'a LeftOut>,
}

impl<'a, 'b> Span<'a, 'b> {
    pub(super) fn whole(data: &'a SpanData<'b>) -> Self {
        Self { data, left_out: None }
    }

    pub(super) fn without(data: &'a SpanData<'b>, left_out: &'a LeftOut) -> Self {
        Self { data, left_out: Some(left_out) }
    }

    fn is_kept(&self, attribute: usize) -> bool {
        self.left_out.is_none_or(|left_out| left_out.attributes.binary_search(&attribute).is_err())
    }

    fn attributes(&self) -> Vec<(&'a str, Value<'a>)> {
        let all = self.data.attributes().enumerate();
        all.filter(|(place, _)| self.is_kept(*place)).map(|(_, attribute)| attribute).collect()
    }

    fn events(&self) -> Vec<Event<'a>> {
        let mut events: Vec<_> = self.data.events().collect();
        events.truncate(events.len() - self.left_out.map_or(0, |left_out| left_out.events));
        events
    }

    fn links(&self) -> Vec<Link<'a>> {
        let mut links: Vec<_> = self.data.links().collect();
        links.truncate(links.len() - self.left_out.map_or(0, |left_out| left_out.links));
        links
    }

    /// Returns how many attributes, events and links the reader does not see.
    fn dropped(&self) -> [u32; 3] {
        let left_out = self.left_out.map_or([0; 3], |left_out| {
            [left_out.attributes.len(), left_out.events, left_out.links]
        });
        let before = [
            self.data.dropped_attributes_count(),
            self.data.dropped_events_count(),
            self.data.dropped_links_count(),
        ];
        std::array::from_fn(|at| before[at].saturating_add(left_out[at] as u32))
    }
}

impl Serialize for Span<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = self.data;
        let [attributes_dropped, events_dropped, links_dropped] = self.dropped();
        let mut span = serializer.serialize_map(None)?;
        span.serialize_entry("traceId", &Digits(data.trace_id()))?;
        span.serialize_entry("spanId", &Digits(data.span_id()))?;
        if let Some(parent) = data.parent_span_id() {
            span.serialize_entry("parentSpanId", &Digits(parent))?;
        }
        let flags = otlp_schema::flags(data.trace_flags(), data.is_parent_remote());
        span.serialize_entry("flags", &flags)?;
        span.serialize_entry("name", &data.name())?;
        span.serialize_entry("kind", &otlp_schema::kind(data.kind()))?;
        span.serialize_entry("startTimeUnixNano", &Digits(data.start_unix_nano()))?;
        span.serialize_entry("endTimeUnixNano", &Digits(data.end_unix_nano()))?;
        key_values(&mut span, &self.attributes())?;
        count(&mut span, "droppedAttributesCount", attributes_dropped)?;
        list(&mut span, "events", self.events().iter().map(OtlpEvent))?;
        count(&mut span, "droppedEventsCount", events_dropped)?;
        list(&mut span, "links", self.links().iter().map(OtlpLink))?;
        count(&mut span, "droppedLinksCount", links_dropped)?;
        let status = data.status();
        if status != Status::Unset {
            span.serialize_entry("status", &OtlpStatus(&status))?;
        }
        span.end()
    }
}

/// Writes the attributes that say something, unless none does.
fn key_values<M: SerializeMap>(
    map: &mut M,
    attributes: &[(&str, Value<'_>)],
) -> Result<(), M::Error> {
    let said: Vec<_> = attributes.iter().filter(|attribute| is_said(attribute)).collect();
    list(map, "attributes", said.iter().map(|&&(key, value)| KeyValue(key, value)))
}

/// Writes a field that is a list, unless it is empty.
fn list<M: SerializeMap>(
    map: &mut M,
    name: &str,
    items: impl ExactSizeIterator<Item: Serialize> + Clone,
) -> Result<(), M::Error> {
    if items.len() == 0 { Ok(()) } else { map.serialize_entry(name, &List(items)) }
}

/// Writes a field that is a count, unless it is zero.
fn count<M: SerializeMap>(map: &mut M, name: &str, count: u32) -> Result<(), M::Error> {
    if count == 0 { Ok(()) } else { map.serialize_entry(name, &count) }
}

pub(super) struct List<I>(pub(super) I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for List<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

pub(super) struct OtlpEvent<'a>(pub(super) &'a Event<'a>);

impl Serialize for OtlpEvent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = serializer.serialize_map(None)?;
        event.serialize_entry("timeUnixNano", &Digits(self.0.time_unix_nano))?;
        event.serialize_entry("name", self.0.name)?;
        key_values(&mut event, &self.0.attributes)?;
        count(&mut event, "droppedAttributesCount", self.0.dropped_attributes_count)?;
        event.end()
    }
}

pub(super) struct OtlpLink<'a>(pub(super) &'a Link<'a>);

impl Serialize for OtlpLink<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let context = &self.0.context;
        let mut link = serializer.serialize_map(None)?;
        link.serialize_entry("traceId", &Digits(context.trace_id))?;
        link.serialize_entry("spanId", &Digits(context.span_id))?;
        key_values(&mut link, &self.0.attributes)?;
        count(&mut link, "droppedAttributesCount", self.0.dropped_attributes_count)?;
        let flags = otlp_schema::flags(context.flags, context.is_remote);
        link.serialize_entry("flags", &flags)?;
        link.end()
    }
}

struct OtlpStatus<'a>(&'a Status<'a>);

impl Serialize for OtlpStatus<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut status = serializer.serialize_map(None)?;
        if !self.0.description().is_empty() {
            status.serialize_entry("message", self.0.description())?;
        }
        status.serialize_entry("code", &otlp_schema::status_code(self.0.code()))?;
        status.end()
    }
}
