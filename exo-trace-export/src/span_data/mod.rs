//! A finished span, read from its batch: names resolved, times in Unix nanoseconds.
//!
//! A view, not a copy: getters decode the records' own words. [`SpanData::to_owned`] keeps one span
//! beyond its batch.

pub(crate) mod attributes;
mod json;
mod name;

pub(crate) use json::Object;
#[cfg(feature = "otlp")]
pub(crate) use name::filled;
pub(crate) use name::write_value;

use crate::batch::{Batch, END_WORD, START_WORD, Whole};
use crate::dialect::{Attributes, CameOut, Said, Vocabulary};
use crate::operation::Operation;
use crate::resource::Resource;
use exo_trace_core::{Callsite, CallsiteFacts, CallsiteId, Outcome, Record, SpanRecord};
use exo_trace_std::{
    SpanContext, SpanId, SpanKind, Status, StatusCode, TraceFlags, TraceId, Value,
    is_of_recorded_runs,
};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// One finished span.
///
/// Printed (`{span}`), it is one JSON object on one line; its keys are `name`, `trace_id`,
/// `span_id`, `parent_span_id`, `kind`, `start_time_unix_nano`, `end_time_unix_nano`, `duration_ms`,
/// `status`, `attributes`, `events`, `links`, `resource` and `scope`, and they do not change.
#[derive(Clone)]
pub struct SpanData<'a> {
    batch: Held<'a>,
    place: usize,
}

/// A batch that somebody else holds, or that this span holds with others.
#[derive(Clone)]
enum Held<'a> {
    Borrowed(&'a Batch),
    Shared(Arc<Batch>),
}

/// Something that happened inside a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<'a> {
    /// What.
    pub name: &'a str,
    /// When, in nanoseconds since the Unix epoch.
    pub time_unix_nano: u64,
    /// The circumstances.
    pub attributes: Vec<(&'a str, Value<'a>)>,
    /// How many attributes it lost.
    pub dropped_attributes_count: u32,
}

/// A span that another span points to.
#[derive(Clone, Debug, PartialEq)]
pub struct Link<'a> {
    /// The span it points to.
    pub context: SpanContext,
    /// Why.
    pub attributes: Vec<(&'a str, Value<'a>)>,
    /// How many attributes it lost.
    pub dropped_attributes_count: u32,
}

/// The crate that a span's call site belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The crate's name.
    pub name: &'static str,
    /// The crate's version.
    pub version: &'static str,
}

impl<'a> SpanData<'a> {
    #[inline]
    pub(crate) fn borrowed(batch: &'a Batch, place: usize) -> Self {
        Self { batch: Held::Borrowed(batch), place }
    }

    pub(crate) fn shared(batch: &Arc<Batch>, place: usize) -> SpanData<'static> {
        SpanData { batch: Held::Shared(Arc::clone(batch)), place }
    }

    /// Returns the span as its own, beyond the life of its batch.
    #[allow(clippy::should_implement_trait, reason = "`ToOwned` would give back the same borrow")]
    pub fn to_owned(&self) -> SpanData<'static> {
        SpanData { batch: Held::Shared(Arc::new(self.batch().only(self.place))), place: 0 }
    }

    #[inline]
    fn batch(&self) -> &Batch {
        match &self.batch {
            Held::Borrowed(batch) => batch,
            Held::Shared(batch) => batch,
        }
    }

    fn vocabulary(&self) -> &Vocabulary {
        &self.batch().vocabulary
    }

    #[inline]
    fn whole(&self) -> &Whole {
        // A view is made of a batch and a place in it.
        &self.batch().spans[self.place]
    }

    #[inline]
    pub(crate) fn operation(&self) -> Operation {
        self.whole().operation
    }

    #[inline]
    pub(crate) fn record(&self) -> SpanRecord<'_> {
        self.batch().record(self.place)
    }

    /// Tells whether anything was said of it besides its own record.
    #[inline]
    pub(crate) fn has_facts(&self) -> bool {
        !self.whole().facts.is_empty()
    }

    /// Returns the span's facts in the order they were written.
    fn facts(&self) -> impl Iterator<Item = Record<'_>> {
        self.batch().facts_of(self.place)
    }

    /// Returns the attributes that the drain made of others.
    fn derived(&self) -> impl Iterator<Item = (&'static str, Value<'_>)> {
        self.batch().derived.of(self.place)
    }

    fn callsite(&self) -> Option<&'static CallsiteFacts> {
        self.record().callsite.and_then(CallsiteId::callsite).map(Callsite::facts)
    }

    /// Tells whether it is a run that was recorded when it was over, beside its calls.
    pub(crate) fn is_recorded_run(&self) -> bool {
        self.callsite().is_some_and(is_of_recorded_runs)
    }

    /// Returns the span's name, its placeholders filled in.
    pub fn name(&self) -> Cow<'_, str> {
        name::of(self)
    }

    /// Returns the id of the trace.
    pub fn trace_id(&self) -> TraceId {
        self.record().trace_id
    }

    /// Returns the id of the span.
    pub fn span_id(&self) -> SpanId {
        self.record().span_id
    }

    /// Returns the id of the parent; `None` for the root of a trace.
    pub fn parent_span_id(&self) -> Option<SpanId> {
        self.record().parent_id
    }

    /// Tells whether the parent lives in another process.
    pub fn is_parent_remote(&self) -> bool {
        self.record().is_parent_remote
    }

    /// Returns the flags of the trace.
    pub fn trace_flags(&self) -> TraceFlags {
        self.record().flags
    }

    /// Returns the span's identity.
    pub fn span_context(&self) -> SpanContext {
        let SpanRecord { trace_id, span_id, flags, .. } = self.record();
        SpanContext { trace_id, span_id, flags, is_remote: false }
    }

    /// Returns the kind.
    pub fn kind(&self) -> SpanKind {
        self.whole().kind
    }

    /// Returns when it began, in nanoseconds since the Unix epoch.
    pub fn start_unix_nano(&self) -> u64 {
        self.record().start_ticks
    }

    /// Returns when it ended, in nanoseconds since the Unix epoch; never before it began.
    pub fn end_unix_nano(&self) -> u64 {
        let span = self.record();
        span.end_ticks.max(span.start_ticks)
    }

    /// Returns when it began and when it ended, without reading the whole record.
    #[inline]
    pub(crate) fn stretch(&self) -> (u64, u64) {
        let record = self.whole().record.start();
        let word = |at: usize| self.batch().words.get(record + at).copied().unwrap_or_default();
        (word(START_WORD), word(END_WORD).max(word(START_WORD)))
    }

    /// Returns how long it lasted.
    pub fn duration(&self) -> Duration {
        Duration::from_nanos(self.end_unix_nano() - self.start_unix_nano())
    }

    /// Returns how it ended.
    pub fn outcome(&self) -> Outcome {
        self.record().outcome
    }

    /// Returns the status: the last one set by hand, else an error if it failed.
    ///
    /// `Ok` is final: what was judged good by hand stays good.
    pub fn status(&self) -> Status<'_> {
        self.status_after(self.outcome())
    }

    /// Returns the status of a span whose outcome is known.
    pub(crate) fn status_after(&self, outcome: Outcome) -> Status<'_> {
        status_of(outcome, self.facts())
    }

    /// Returns the attributes: those of the call site, of its spans, and those added later, each key
    /// once, with its last value, under the names of the chosen dialects.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.vocabulary().written(&self.said_with(&attributes::of(self))).into_iter()
    }

    /// Returns the attribute with this key: the name that any dialect has for it, whichever are
    /// written. `llm.invocation_parameters` alone is there only where OpenInference is chosen.
    pub fn attribute(&self, key: impl AsRef<str>) -> Option<Value<'_>> {
        let said = attributes::of(self);
        self.vocabulary().answer(&self.said_with(&said), self.callsite(), key.as_ref())
    }

    /// Returns what was said of it, as dialects read it.
    fn said_with<'s, 'd>(&'d self, said: &'s Attributes<'d>) -> Said<'s, 'd>
    where
        'd: 's,
    {
        let outcome = self.outcome();
        let came_out = match self.status_after(outcome) {
            Status::Error(Cow::Borrowed(why)) => CameOut::Error(why),
            // Not of a record: its texts are borrowed.
            Status::Error(Cow::Owned(_)) => CameOut::Error(""),
            _ if outcome == Outcome::Cancelled => CameOut::Cancelled,
            Status::Unset | Status::Ok => CameOut::Success,
        };
        self.vocabulary().said(said, came_out)
    }

    /// Returns what the call site, or whoever spoke after it, said of this key; without a list of all
    /// attributes, and without those that are made on this side of the ring.
    pub(crate) fn said<'s>(
        &'s self,
        record: &SpanRecord<'s>,
        key: &'static exo_trace_core::InternedKey,
    ) -> Option<Value<'s>> {
        attributes::said(record, self.batch().fact_words_of(self.place), key)
    }

    /// Returns the type of the error that it failed with last.
    #[cfg(feature = "otlp")]
    pub(crate) fn failure_type(&self) -> Option<&str> {
        let failures = self.facts().filter_map(|fact| match fact {
            Record::Failure(failure) => Some(failure.type_name),
            _ => None,
        });
        failures.last().filter(|name| !name.is_empty())
    }

    /// Returns what happened inside it, in order; errors are `exception` events.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        let cancelled = (self.outcome() == Outcome::Cancelled).then(|| Event {
            name: "cancelled",
            time_unix_nano: self.end_unix_nano(),
            attributes: Vec::new(),
            dropped_attributes_count: 0,
        });
        self.facts()
            .filter_map(|fact| match fact {
                Record::Event(event) => Some(Event {
                    name: event.name,
                    time_unix_nano: event.ticks,
                    attributes: attributes::resolved(event.attributes, self.vocabulary()),
                    dropped_attributes_count: attributes::keyless(event.attributes),
                }),
                Record::Failure(failure) => Some(Event {
                    name: "exception",
                    time_unix_nano: failure.ticks,
                    attributes: attributes::of_failure(&failure, self.vocabulary()),
                    dropped_attributes_count: attributes::keyless(failure.attributes),
                }),
                _ => None,
            })
            .chain(cancelled)
    }

    /// Returns the spans it points to.
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        self.facts().filter_map(|fact| match fact {
            Record::Link(link) => Some(Link {
                context: link.context,
                attributes: attributes::resolved(link.attributes, self.vocabulary()),
                dropped_attributes_count: attributes::keyless(link.attributes),
            }),
            _ => None,
        })
    }

    /// Returns how many attributes it lost.
    ///
    /// What a full ring refused on another thread than the one it ended on is not among them: nobody who
    /// ended it knew of that. [`Losses`](crate::Losses) count it.
    pub fn dropped_attributes_count(&self) -> u32 {
        let unknown = attributes::without_key(self);
        u32::from(self.record().dropped.attributes) + self.whole().over.attributes + unknown
    }

    /// Returns how many events it lost; see [`SpanData::dropped_attributes_count`].
    pub fn dropped_events_count(&self) -> u32 {
        u32::from(self.record().dropped.events) + self.whole().over.events
    }

    /// Returns how many links it lost; see [`SpanData::dropped_attributes_count`].
    pub fn dropped_links_count(&self) -> u32 {
        u32::from(self.record().dropped.links) + self.whole().over.links
    }

    /// Returns what the process says about itself.
    pub fn resource(&self) -> &Resource {
        &self.batch().resource
    }

    /// Returns the crate that its call site belongs to.
    pub fn scope(&self) -> Scope {
        self.callsite().map_or(Scope::default(), |callsite| Scope {
            name: callsite.scope_name,
            version: callsite.scope_version,
        })
    }
}

/// Returns the status of a span that ended so and has these facts.
pub(crate) fn status_of<'a>(
    outcome: Outcome,
    facts: impl Iterator<Item = Record<'a>>,
) -> Status<'a> {
    let mut status = match outcome {
        Outcome::Error | Outcome::Panic => Status::error(""),
        Outcome::Ended | Outcome::Cancelled => Status::Unset,
    };
    let mut is_by_hand = false;
    for fact in facts {
        match fact {
            Record::Status(_) if status == Status::Ok => {}
            // Source: OpenTelemetry specification, "Set Status": setting Unset is ignored.
            Record::Status(set) if set.code == StatusCode::Unset => {}
            Record::Status(set) => {
                is_by_hand = true;
                status = match set.code {
                    StatusCode::Unset => Status::Unset,
                    StatusCode::Ok => Status::Ok,
                    StatusCode::Error => Status::error(set.description),
                };
            }
            Record::Failure(failure) if !is_by_hand => status = Status::error(failure.message),
            _ => {}
        }
    }
    status
}

impl fmt::Debug for SpanData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpanData({self})")
    }
}
