//! A span that is longer than a whole request may be: what is taken from it, and counted.
//!
//! Events go first, from the last; then links, from the last; then attributes, the longest first.
//! Its ids, name, times and status stay; where they alone are too long the span cannot be sent.

use super::any_value::put_attribute;
use super::moments::{put_cancelled, put_event, put_link};
use super::protobuf::{close, open, put_count};
use super::span::{
    ATTRIBUTES, DROPPED_ATTRIBUTES_COUNT, DROPPED_EVENTS_COUNT, DROPPED_LINKS_COUNT, EVENTS, LINKS,
    SPANS, Source,
};
use super::template::Keys;
use exo_trace_core::Outcome;

/// How many bytes the tags and lengths around a span and its three counts take at most.
const AROUND_BYTES_MAX: usize = 6 + 3 * 6;

/// The parts of a span, each written by itself.
#[derive(Debug)]
pub(super) struct Parts {
    head: Vec<u8>,
    attributes: Vec<Vec<u8>>,
    events: Vec<Vec<u8>>,
    links: Vec<Vec<u8>>,
    tail: Vec<u8>,
    dropped: [u32; 3],
}

impl Parts {
    pub(super) fn of(source: &Source<'_, '_>, keys: &mut Keys) -> Self {
        let mut head = Vec::new();
        source.put_head(&mut head, keys);
        let data = source.data();
        let attributes = data.attributes();
        let attributes = attributes
            .map(|(key, value)| part(|bytes| put_attribute(bytes, ATTRIBUTES, key, value)));
        let facts = &source.own.facts;
        let events = facts.iter().map(|fact| part(|bytes| put_event(bytes, EVENTS, fact, keys)));
        let mut events: Vec<_> = events.filter(|event| !event.is_empty()).collect();
        if source.span.outcome == Outcome::Cancelled {
            let end = source.end_unix_nano();
            events.push(part(|bytes| put_cancelled(bytes, EVENTS, end)));
        }
        let links = facts.iter().map(|fact| part(|bytes| put_link(bytes, LINKS, fact, keys)));
        Self {
            head,
            attributes: attributes.filter(|attribute| !attribute.is_empty()).collect(),
            links: links.filter(|link| !link.is_empty()).collect(),
            events,
            tail: part(|bytes| source.put_tail(bytes)),
            dropped: [source.dropped_attributes(), source.dropped_events(), source.dropped_links()],
        }
    }

    /// Takes parts away until the span has at most `bytes_max`; `false` when that cannot be.
    pub(super) fn cut_to(&mut self, bytes_max: usize) -> bool {
        let [attributes, events, links] = &mut self.dropped;
        let lists = [&self.attributes, &self.events, &self.links];
        let mut len = AROUND_BYTES_MAX + self.head.len() + self.tail.len();
        len += lists.into_iter().flatten().map(Vec::len).sum::<usize>();
        for (list, dropped) in [(&mut self.events, events), (&mut self.links, links)] {
            while len > bytes_max
                && let Some(part) = list.pop()
            {
                len -= part.len();
                *dropped = dropped.saturating_add(1);
            }
        }
        let mut by_length: Vec<_> = self.attributes.iter_mut().collect();
        by_length.sort_by_key(|attribute| std::cmp::Reverse(attribute.len()));
        for attribute in by_length {
            if len > bytes_max {
                len -= attribute.len();
                attribute.clear();
                *attributes = attributes.saturating_add(1);
            }
        }
        len <= bytes_max
    }

    /// Writes what is left.
    pub(super) fn put(&self, bytes: &mut Vec<u8>) {
        let [attributes, events, links] = self.dropped;
        let start = open(bytes, SPANS);
        bytes.extend_from_slice(&self.head);
        bytes.extend(self.attributes.iter().flatten());
        put_count(bytes, DROPPED_ATTRIBUTES_COUNT, attributes);
        bytes.extend(self.events.iter().flatten());
        put_count(bytes, DROPPED_EVENTS_COUNT, events);
        bytes.extend(self.links.iter().flatten());
        put_count(bytes, DROPPED_LINKS_COUNT, links);
        bytes.extend_from_slice(&self.tail);
        close(bytes, start);
    }
}

fn part(put: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes);
    bytes
}
