//! A span of another library: begun, entered, left and ended when that library says so, in any order
//! and on any threads.
//!
//! It sits wherever the library keeps what belongs to its own span, behind a lock or shared; so what
//! several threads may do to it at once takes `&self`, and what runs their code needs only its
//! [`Facts`], which are copied out first.

use super::begun::{passing_on, plain_parent, without_callsite};
use super::facts::{self, Facts};
use super::{pen, span, stamps};
use crate::clock::HostClock;
use crate::counters::Counter;
use crate::settings;
use crate::sync::{Relaxed, StaticAtomicU32};
use exo_trace_core::{Callsite, Clock, Current, Field, KeyId, OpenSpan, SpanContext, SpanId, Stay};

/// How many words of attributes it keeps until its end: four one-word attributes. What finds no room is
/// a record of its own.
const WORDS: usize = 8;

#[derive(Debug)]
pub(crate) struct Bridged {
    open: Option<OpenSpan<WORDS>>,
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

    fn of(open: OpenSpan<WORDS>, home: usize) -> Self {
        let (is_foreign, is_explained) = (StaticAtomicU32::new(0), StaticAtomicU32::new(0));
        Self { open: Some(open), home, is_foreign, is_explained }
    }

    /// Tells whether what is said of it is kept.
    pub(crate) fn is_recording(&self) -> bool {
        self.open.as_ref().is_some_and(OpenSpan::is_recording)
    }

    /// Says an attribute at its beginning.
    pub(crate) fn put(&mut self, key: KeyId, field: Field<'_>) {
        if let Some(open) = &mut self.open
            && open.is_recording()
        {
            facts::put_numbered(open, key, field);
        }
    }

    /// Moves it to another call site of the same place.
    pub(crate) fn relocate(&mut self, callsite: &'static Callsite) {
        if let (Some(open), Some(callsite)) = (&mut self.open, callsite.id()) {
            open.relocate(callsite);
        }
    }

    /// Returns what is current inside of it; nothing once it has ended.
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

    /// Makes it current on the calling thread; `None`, and nothing happens, where tracing is switched off
    /// or the span has ended.
    #[inline]
    pub(crate) fn enter(&self) -> Option<Stay> {
        let own = self.inside()?;
        pen::with(|pen| {
            if pen.current().is_suppressed() {
                return None;
            }
            if own.is_recording() {
                // Without a ring, what is recorded here is counted.
                pen.is_ready();
                if pen.lane() != self.home {
                    self.mark_foreign();
                }
            }
            Some(pen.recorder().enter_again(own))
        })
        .flatten()
    }

    /// Ends it, once.
    pub(crate) fn end(&mut self) {
        if let Some(open) = self.open.take() {
            // Relaxed: see `mark_foreign`.
            span::end(open, self.home, self.is_foreign.load(Relaxed) != 0);
        }
    }
}

impl Drop for Bridged {
    /// Ends a span that the other library forgot to end.
    fn drop(&mut self) {
        self.end();
    }
}

/// Leaves a span that [`Bridged::enter`] made current, and tells whether somebody took its context
/// along meanwhile, or may have.
#[inline]
pub(crate) fn leave(stay: Stay) -> bool {
    let left = pen::with(|pen| pen.recorder().leave_again(stay)).flatten();
    if left.is_none() {
        Counter::OutOfOrder.add(1);
    }
    left.is_none_or(|left| left.is_foreign())
}

/// Returns the id of a span that begins now, its lane, and the tick.
#[inline]
fn drawn(parent: Current) -> Option<(SpanId, usize, u64)> {
    pen::with(|pen| {
        // The parent may be another thread's, and this one without a ring yet.
        if parent.is_recording() {
            pen.is_ready();
        }
        let ticks = HostClock.ticks();
        (pen.recorder().span_id(ticks), pen.lane(), ticks)
    })
}
