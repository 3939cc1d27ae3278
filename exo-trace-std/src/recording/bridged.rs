//! A span of another library: begun, entered, left and ended when that library says so, in any order
//! and on any threads.
//!
//! It sits wherever the library keeps what belongs to its own span, behind a lock or shared; so what
//! several threads may do to it at once takes `&self`, and what runs their code needs only its
//! [`Facts`], which are copied out first.

use super::begun::without_callsite;
use super::facts::{self, EVENT_WORDS, Facts, write_event};
use super::joined::Beside;
use super::parents::{passing_on, plain_parent};
use super::values::{with_fitted, words_of};
use super::{operation, pen, stamps};
use crate::counters::Counter;
use crate::settings;
use crate::sync::{Relaxed, StaticAtomicU32};
use exo_trace_core::{
    Callsite, Current, Field, Gathered, KeyId, OpenSpan, Outcome, SpanContext, SpanId, Stay, Value,
    Written,
};

/// How many words of attributes it keeps until its end: some three short ones. What finds no room is a
/// record of its own; more room would be copied with the span to where it is kept.
const WORDS: usize = 8;

#[derive(Debug)]
pub(crate) struct Bridged {
    open: Option<OpenSpan<0>>,
    gathered: Gathered<WORDS>,
    /// The lane it began on.
    home: usize,
    /// Whether facts of it may stand in other rings.
    is_foreign: StaticAtomicU32,
    /// Whether it was said why its status is an error.
    is_explained: StaticAtomicU32,
}

impl Bridged {
    /// Begins below `parent`, or below the current span; `None` where that is not recorded and there is
    /// nothing to pass on either.
    ///
    /// `name` is for a span without a call site, because there was no room for another.
    #[inline(always)]
    pub(crate) fn begin(
        parent: Option<Current>,
        callsite: Option<&'static Callsite>,
        name: &str,
    ) -> Option<Self> {
        if !settings::is_on() {
            settings::count_off();
            return None;
        }
        let current = pen::with(pen::Pen::current)?;
        let parent = parent.filter(|_| !current.is_suppressed()).unwrap_or(current);
        let Some((parent, hidden)) = plain_parent(parent) else {
            return Some(Self::of(passing_on(parent)?, 0));
        };
        let callsite = callsite.and_then(Callsite::id);
        let (span_id, home, ticks) = drawn(parent)?;
        let mut open = OpenSpan::begin(callsite, parent, hidden.unwrap_or(span_id), ticks);
        if callsite.is_none() && open.is_recording() {
            without_callsite(span_id, name);
        }
        if std::thread::panicking() {
            open.mark_in_panic();
        }
        stamps::stamp(&mut open);
        Some(Self::of(open, home))
    }

    #[inline(always)]
    fn of(open: OpenSpan<0>, home: usize) -> Self {
        let (is_foreign, is_explained) = (StaticAtomicU32::new(0), StaticAtomicU32::new(0));
        Self { open: Some(open), gathered: Gathered::new(), home, is_foreign, is_explained }
    }

    /// Tells whether what is said of it is kept.
    pub(crate) fn is_recording(&self) -> bool {
        self.open.as_ref().is_some_and(OpenSpan::is_recording)
    }

    /// Says an attribute at its beginning.
    #[inline(always)]
    pub(crate) fn put(&mut self, key: KeyId, field: Field<'_>) {
        let Some(open) = self.open.as_mut().filter(|open| open.is_recording()) else { return };
        let order = open.next_order();
        let is_gathered = match field {
            Field::Value(Value::Text(text)) => {
                let is_whole = text.len() <= settings::attribute_value_bytes_max();
                is_whole && !key.is_none() && self.gathered.push_text(key, order, text)
            }
            Field::Value(value) => self.gathered.push(key, order, value),
            _ => false,
        };
        if !is_gathered {
            put_apart(open, key, order, field);
        }
    }

    /// Moves it to another call site of the same place.
    pub(crate) fn relocate(&mut self, callsite: &'static Callsite) {
        if let (Some(open), Some(callsite)) = (&mut self.open, callsite.id()) {
            open.relocate(callsite);
        }
    }

    /// Returns what is current inside of it; nothing once it has ended.
    #[inline(always)]
    pub(crate) fn inside(&self) -> Option<Current> {
        self.open.as_ref().map(OpenSpan::as_current)
    }

    /// Returns its identity.
    pub(crate) fn span_context(&self) -> Option<SpanContext> {
        self.open.as_ref().and_then(OpenSpan::span_context)
    }

    /// Returns what lets the calling thread say more of it.
    pub(crate) fn facts(&self) -> Facts {
        if pen::with(|pen| pen.lane()) != Some(self.home) {
            self.mark_foreign();
        }
        Facts::of(self.open.as_ref())
    }

    /// Tells whether it is the span that `facts` are said of.
    pub(crate) fn is_of(&self, facts: Facts) -> bool {
        Facts::of(self.open.as_ref()).span_id == facts.span_id
    }

    /// Notes that others may say something of it, on whatever thread.
    pub(crate) fn mark_foreign(&self) {
        // Relaxed: whoever ends the span was given it by means that order this store.
        self.is_foreign.store(1, Relaxed);
    }

    /// Notes that it was said why its status is an error.
    pub(crate) fn explain(&self) {
        // Relaxed: whoever sets the status at the same time may be heard first or last.
        self.is_explained.store(1, Relaxed);
    }

    /// Tells whether it was said why its status is an error.
    pub(crate) fn is_explained(&self) -> bool {
        self.is_explained.load(Relaxed) != 0
    }

    /// Makes it current on the calling thread, as [`enter`].
    pub(crate) fn enter(&self, keep: impl FnOnce(Option<Stay>, Option<Current>)) {
        let Some(own) = self.inside() else { return };
        if own.is_recording() {
            pen::with(|pen| {
                // Without a ring, what is recorded here is counted.
                pen.is_ready();
                if pen.lane() != self.home {
                    self.mark_foreign();
                }
            });
        }
        enter(own, keep);
    }

    /// Ends it, once.
    #[inline]
    pub(crate) fn end(&mut self) {
        if let Some(open) = self.open.take() {
            // Relaxed: see `mark_foreign`.
            let is_foreign = self.is_foreign.load(Relaxed) != 0;
            operation::end(open, self.home, is_foreign, Outcome::Ended, &self.gathered);
        }
    }
}

impl Facts {
    /// Returns the current span of this thread, if it is recorded.
    pub(crate) fn here() -> Self {
        Self::of_current(pen::with(pen::Pen::current))
    }

    /// Tells whether nothing that is said here is kept.
    pub(crate) fn is_none(self) -> bool {
        self.span_id.is_none()
    }

    /// Adds an event whose values are cut already; `lost` is how many others it had.
    pub(crate) fn add_event_with<'a>(
        self,
        name: &str,
        values: impl Iterator<Item = Written<'a>>,
        lost: usize,
    ) {
        if let Some(span_id) = self.span_id {
            with_fitted(values, lost, EVENT_WORDS + words_of(name), |attributes| {
                write_event(span_id, name, attributes);
            });
        }
    }
}

impl Drop for Bridged {
    /// Ends a span that the other library forgot to end.
    fn drop(&mut self) {
        self.end();
    }
}

/// Makes a span current that began on the calling thread, and gives `keep` what [`leave`] takes: no stay
/// where tracing is switched off.
#[inline(always)]
pub(crate) fn enter(own: Current, keep: impl FnOnce(Option<Stay>, Option<Current>)) {
    pen::with(|pen| {
        if pen.current().is_suppressed() {
            return keep(None, None);
        }
        let (stay, was_gone) = pen.recorder().enter_again(own);
        keep(Some(stay), was_gone);
    });
}

/// Makes what [`enter`] made current so for OpenTelemetry as well, until what is returned is dropped.
pub(crate) fn beside_current() -> Beside {
    pen::with(pen::Pen::beside_current).unwrap_or_default()
}

/// Leaves a span that was made current here, and tells whether somebody took its context along
/// meanwhile, or may have.
#[inline(always)]
pub(crate) fn leave(stay: &Stay, was_gone: Option<Current>) -> bool {
    let left = pen::with(|pen| pen.recorder().leave_again(stay, was_gone)).flatten();
    if left.is_none() {
        Counter::OutOfOrder.add(1);
    }
    left.is_none_or(|left| left.is_foreign())
}

/// Writes an attribute as a record of its own.
#[cold]
#[inline(never)]
fn put_apart(open: &mut OpenSpan<0>, key: KeyId, order: u8, field: Field<'_>) {
    let is_lost = |span_id| !facts::put_apart(span_id, order, key, field);
    if open.span_id().is_some_and(is_lost) {
        open.drop_attribute();
    }
}

/// Returns the id of a span that begins now, its lane, and the tick.
#[inline(always)]
fn drawn(parent: Current) -> Option<(SpanId, usize, u64)> {
    pen::with(|pen| {
        // The parent may be another thread's, and this one without a ring yet.
        if parent.is_recording() {
            pen.is_ready();
        }
        pen.drawn()
    })
}
