//! One boot of a board: its records, written on as a thread of this process would write them.

use super::callsites;
use super::record::{DeviceAnchor, DeviceRecord, DeviceSite, DeviceSpan};
use super::statistics::BridgeStatistics;
use crate::feeds::Line;
use crate::timeline::BoardTime;
use exo_trace_core::compact::{VALUES_MAX, Values};
use exo_trace_core::{
    CallsiteId, Dropped, Event, Facts, Fields, InternedKey, KeyId, Link, Outcome, Record,
    SpanRecord, Value, Written,
};
use exo_trace_std::{Counter, State, registry, semconv};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use web_time::Instant;

/// How many words the ring of a board has: half a mebibyte.
pub(super) const RING_WORDS: usize = 1 << 16;
/// No record that fits a frame is longer here.
const RECORD_WORDS_MAX: usize = 64;
/// How many records stand in the ring before whoever may wait does.
const RECORDS_MAX: usize = RING_WORDS / RECORD_WORDS_MAX;
/// How long that is at most; who has waited in vain does not wait again before there is room.
pub(super) const WAIT_MAX: Duration = Duration::from_secs(5);

/// Whether whoever writes may wait for the drain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// On a thread of its own.
    Waits,
    /// In the program's: what finds no room is refused and counted.
    Refuses,
}

/// A boot whose records are written on.
pub(super) struct Board {
    line: Arc<Line>,
    time: BoardTime,
    /// What stands here for its call sites, by their number.
    sites: HashMap<u16, Known>,
    has_waited_in_vain: bool,
}

/// A call site of a board, in this process's tables.
#[derive(Clone, Copy)]
struct Known {
    callsite: Option<CallsiteId>,
    keys: [KeyId; VALUES_MAX],
}

impl Board {
    pub(super) fn new(line: Arc<Line>, ticks_per_second: u32) -> Self {
        let (time, sites) = (BoardTime::new(ticks_per_second), HashMap::new());
        Self { line, time, sites, has_waited_in_vain: false }
    }

    /// Learns what the clock says, heard at a moment of the host's.
    pub(super) fn anchor(&mut self, anchor: DeviceAnchor, heard: u64) {
        match anchor.unix {
            Some((ticks, unix_nanos)) => self.time.knows(ticks, unix_nanos, anchor.ticks),
            None => self.time.heard(anchor.ticks, heard),
        }
    }

    /// Writes a record on, or counts it as refused.
    pub(super) fn write(
        &mut self,
        record: &DeviceRecord,
        pace: Pace,
        statistics: &mut BridgeStatistics,
    ) {
        if pace == Pace::Waits {
            self.wait_for_room();
        }
        // As call sites do: what comes after a shutdown has begun does not hold up its end.
        let state = State::current();
        let is_written = state == State::On
            && match record {
                DeviceRecord::Span(span) => self.span(span),
                fact => self.fact(fact),
            };
        let is_span = matches!(record, DeviceRecord::Span(_));
        if is_written {
            *if is_span { &mut statistics.spans } else { &mut statistics.facts } += 1;
            return;
        }
        refuse(state, is_span, statistics);
    }

    fn span(&mut self, span: &DeviceSpan) -> bool {
        let Known { callsite, keys } = self.known(&span.site);
        let (start_ticks, end_ticks) = self.time.stretch(span.start_ticks, span.end_ticks);
        let mut attributes = written(&span.site, keys, &span.values);
        attributes.extend(unnamed_error(span));
        // Its name first: what joins a span may come early.
        let name = Record::Name { span_id: span.span_id, name: &span.site.name };
        if callsite.is_none() && !self.put(&name) {
            Counter::FactsRefused.add(1);
        }
        self.put(&Record::Span(SpanRecord {
            callsite,
            trace_id: span.trace_id,
            span_id: span.span_id,
            parent_id: span.parent_id,
            is_parent_remote: span.is_parent_remote,
            flags: span.flags,
            start_ticks,
            end_ticks,
            outcome: span.outcome,
            // Facts of it may come from other rings of the board.
            is_foreign: true,
            identity: None,
            dropped: Dropped { attributes: span.dropped.into(), ..Dropped::default() },
            attributes: Fields::Borrowed(&attributes),
        }))
    }

    fn fact(&mut self, fact: &DeviceRecord) -> bool {
        match fact {
            DeviceRecord::Event { site, span_id, ticks, values } => {
                let (keys, ticks) = (self.known(site).keys, self.time.moment(*ticks));
                let attributes = written(site, keys, values);
                let attributes = Fields::Borrowed(&attributes);
                self.put(&Record::Event(Event {
                    span_id: *span_id,
                    ticks,
                    name: &site.name,
                    attributes,
                }))
            }
            DeviceRecord::Attributes { site, span_id, values } => {
                let attributes = written(site, self.known(site).keys, values);
                let attributes = Fields::Borrowed(&attributes);
                self.put(&Record::Facts(Facts { span_id: *span_id, attributes }))
            }
            DeviceRecord::Text { site, span_id, is_cut, text } => {
                let [key, ..] = self.known(site).keys;
                let value = Value::Text(text);
                let attributes = [Written { key, order: u8::MAX, is_cut: *is_cut, value }];
                let attributes = Fields::Borrowed(&attributes);
                self.put(&Record::Facts(Facts { span_id: *span_id, attributes }))
            }
            DeviceRecord::Link { span_id, context } => {
                let (context, attributes) = (*context, Fields::NONE);
                self.put(&Record::Link(Link { span_id: *span_id, context, attributes }))
            }
            DeviceRecord::Span(span) => self.span(span),
        }
    }

    fn put(&self, record: &Record<'_>) -> bool {
        self.line.lane.writer(registry::wake_drain).record(record).is_ok()
    }

    /// Waits while the drain has many records to take.
    fn wait_for_room(&mut self) {
        let begun = Instant::now();
        let ring = self.line.lane.ring();
        let is_on = || State::current() == State::On;
        while is_on() && ring.recorded().wrapping_sub(ring.taken()) >= RECORDS_MAX {
            if self.has_waited_in_vain || begun.elapsed() >= WAIT_MAX {
                self.has_waited_in_vain = true;
                return;
            }
            registry::wake_drain();
            std::thread::park_timeout(Duration::from_millis(1));
        }
        self.has_waited_in_vain = false;
    }

    fn known(&mut self, site: &DeviceSite) -> Known {
        *self.sites.entry(site.number).or_insert_with(|| {
            let key = |place| callsites::key_of(site.key(place));
            Known { callsite: callsites::number_of(site), keys: std::array::from_fn(key) }
        })
    }
}

/// Counts a record that nobody took, here and in the sums of the process.
pub(super) fn refuse(state: State, is_span: bool, statistics: &mut BridgeStatistics) {
    statistics.refused += 1;
    match (state, is_span) {
        (State::On, true) => Counter::SpansRefused.add(1),
        (State::BeforeInit, true) => Counter::BeforeInit.add(1),
        (State::AfterShutdown, true) => Counter::AfterShutdown.add(1),
        (State::Disabled, true) => {}
        (_, false) => Counter::FactsRefused.add(1),
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.line.lane.retire();
        registry::wake_drain();
    }
}

/// Returns the class of an error of which the board says no more than that it was one.
///
/// What it says under this key is told as a text after it, or is a value of the span, and wins.
fn unnamed_error(span: &DeviceSpan) -> Option<Written<'static>> {
    static KEY: InternedKey = InternedKey::new(semconv::ERROR_TYPE);
    let class = match span.outcome {
        Outcome::Error => semconv::error_type::OTHER,
        Outcome::Panic => "panic",
        Outcome::Ended | Outcome::Cancelled => return None,
    };
    let (key, value) = (KEY.value_id(), Value::Text(class));
    let is_named = span.site.named(&span.values).any(|(known, _)| known == KEY.key().as_str());
    (!key.is_none() && !is_named).then_some(Written { key, order: u8::MAX, is_cut: false, value })
}

/// Returns values with their keys; one whose key finds no room in the table, which counts it, is left out.
fn written<'a>(site: &DeviceSite, keys: [KeyId; VALUES_MAX], values: &Values) -> Vec<Written<'a>> {
    let places = values.iter().map(|(place, _)| place);
    let said = places.zip(site.named(values).map(|(_, value)| value));
    let attribute = |(place, value): (usize, Value<'a>)| {
        let key = keys.get(place).copied().filter(|key| !key.is_none())?;
        Some(Written { key, order: place as u8, is_cut: false, value })
    };
    said.filter_map(attribute).collect()
}
