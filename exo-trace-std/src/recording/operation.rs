//! A typed span under way: a few words that move from hand to hand, and end anywhere.
//!
//! Unlike [`Span`] it keeps no attributes: what is known when it begins is written then,
//! what comes at its end is gathered there. So a builder can return one without copying anything.

use super::begun::without_callsite;
use super::description::{Description, write_apart};
use super::facts::{Facts, LATE, fact_methods};
use super::parents::{is_suppressed, measured_parent};
use super::{panic_note, pen, stamps};
use crate::clock::HostClock;
use crate::content::{self, Captured, ContentQueue};
use crate::counters::Counter;
use crate::settings;
use crate::sync::{Relaxed, StaticAtomicU32};
use crate::{AttributeSource, Failed, Span, Status, keys};
use exo_trace_core::{
    Callsite, Current, Field, Gathered, InternedKey, Key, OpenSpan, Outcome, SpanContext, Value,
};
use std::borrow::Cow;
use std::fmt::Display;
use std::panic::Location;
use std::time::Duration;

/// A typed span under way: what [`ChatSpan`](crate::ChatSpan), [`ToolSpan`](crate::ToolSpan) and the
/// others are underneath.
///
/// Recorded even where its trace is not sampled.
#[derive(Debug)]
#[must_use = "the span ends when it is dropped"]
pub struct Operation {
    open: Option<OpenSpan<0>>,
    /// The lane it began on.
    home: usize,
    /// Whether facts of it may stand in other rings.
    is_foreign: StaticAtomicU32,
    /// Whether an error was recorded since somebody spoke of its end.
    has_failed: StaticAtomicU32,
    /// Whether an error was told of that has no type of its own.
    is_unnamed: bool,
    /// How it ends, unless in a panic; cancelled where nobody said.
    outcome: Option<Outcome>,
}

impl Operation {
    #[inline(always)]
    const fn of(open: Option<OpenSpan<0>>, home: usize) -> Self {
        let (is_foreign, has_failed) = (StaticAtomicU32::new(0), StaticAtomicU32::new(0));
        Self { open, home, is_foreign, has_failed, is_unnamed: false, outcome: None }
    }

    /// Begins as a child of the current span; it is cancelled unless somebody says otherwise.
    #[inline(always)]
    pub(crate) fn begin(callsite: &'static Callsite) -> Self {
        if !settings::is_on() {
            settings::count_off();
            return Self::of(None, 0);
        }
        let Some(parent) = measured_parent() else {
            return Self::of(is_suppressed().then(OpenSpan::suppressed), 0);
        };
        let id = callsite.id();
        let drawn = pen::with(pen::Pen::drawn);
        let Some((span_id, home, ticks)) = drawn else { return Self::of(None, 0) };
        if id.is_none() {
            without_callsite(span_id, callsite.facts().name);
        }
        let mut open = OpenSpan::begin_measured(id, parent, span_id, ticks);
        if std::thread::panicking() {
            open.mark_in_panic();
        }
        stamps::stamp(&mut open);
        Self::of(Some(open), home)
    }

    /// Returns what takes down all that is said of it at once, if it is recorded.
    #[inline(always)]
    pub(crate) fn description<'s>(
        &'s mut self,
        gathered: &'s mut Gathered,
    ) -> Option<Description<'s>> {
        let open = self.open.as_mut().filter(|open| open.is_recording())?;
        Some(Description { open, gathered })
    }

    /// Writes what was gathered, as one record.
    #[inline(always)]
    pub(crate) fn write(&mut self, gathered: &Gathered) {
        let Some(open) = self.open.as_mut().filter(|_| !gathered.is_empty()) else { return };
        let Some(span_id) = open.span_id() else { return };
        if pen::with(|pen| pen.record_gathered(span_id, gathered)) != Some(true) {
            (0..gathered.len()).for_each(|_| open.drop_attribute());
        }
    }

    /// Says one more thing, as a record of its own; said again, it takes the place of what was said.
    #[inline(always)]
    pub(crate) fn say(&mut self, key: &'static InternedKey, value: Value<'_>) {
        self.note_thread();
        if let Some(open) = self.open.as_mut().filter(|open| open.is_recording())
            && !matches!(value, Value::Empty)
            && !write_apart(open.span_id(), key, LATE, Field::Value(value))
        {
            open.drop_attribute();
        }
    }

    /// Writes a content of it down beside the ring, where contents are captured: else one load.
    #[inline(always)]
    pub(crate) fn capture(&self, key: Key, write: impl FnOnce(&mut String)) {
        if settings::captures_contents() {
            self.capture_wanted(key, write);
        }
    }

    /// Nobody would get what is said in a trace that is not sampled.
    #[inline(never)]
    fn capture_wanted(&self, key: Key, write: impl FnOnce(&mut String)) {
        let sampled = self.open.as_ref().filter(|open| open.as_current().is_recording());
        if let Some(span_id) = sampled.and_then(OpenSpan::span_id)
            && settings::is_on()
        {
            let queue = ContentQueue::own();
            if queue.has_room() {
                let json = content::written(write);
                queue.push(Captured { span_id, key: key.as_str(), json });
            }
        }
    }

    /// Says how it ends, unless in a panic; the last word counts.
    #[inline(always)]
    pub(crate) fn conclude(&mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
        // Relaxed: nobody else has the span meanwhile.
        self.has_failed.store(0, Relaxed);
    }

    /// Returns what was said of its end.
    #[inline(always)]
    pub(crate) fn conclusion(&self) -> Option<Outcome> {
        // Relaxed: whoever ends the span owns it, and was given it by means that order the store.
        if self.has_failed.load(Relaxed) != 0 { Some(Outcome::Error) } else { self.outcome }
    }

    /// Returns how it would end now.
    pub(crate) fn outcome(&self) -> Outcome {
        let began_in_panic = self.open.as_ref().is_some_and(OpenSpan::began_in_panic);
        if std::thread::panicking() && !began_in_panic {
            return Outcome::Panic;
        }
        self.conclusion().unwrap_or(Outcome::Cancelled)
    }

    /// Records an error under the name of its kind, and ends in it.
    #[cold]
    pub(crate) fn fail_as(&mut self, error_type: &str, message: &dyn Display) {
        self.conclude(Outcome::Error);
        self.facts().fail_with(error_type, Field::Display(&message), &[]);
        self.name_error(error_type);
    }

    /// Ends in an error that has no type of its own, and is of this class unless another error is.
    #[cold]
    pub(crate) fn fail_unnamed(&mut self, class: &'static str) {
        if self.conclusion() != Some(Outcome::Error) {
            self.say(&keys::ERROR_TYPE, Value::Text(class));
            self.is_unnamed = true;
        }
        self.conclude(Outcome::Error);
    }

    /// Puts the type of an error in the place of a class that was only said for want of one.
    fn name_error(&self, error_type: &str) {
        if self.is_unnamed {
            self.facts().put(&keys::ERROR_TYPE, Field::Value(Value::Text(error_type)));
        }
    }

    /// Moves its beginning back by so many milliseconds; what is no time is counted.
    pub(crate) fn begin_before(&mut self, elapsed_ms: f64) {
        if let Some(open) = self.open.as_mut().filter(|open| open.is_recording()) {
            let ticks = HostClock::ticks_of(time_of(elapsed_ms));
            open.restart(open.start_ticks().saturating_sub(ticks));
        }
    }

    /// Ends it now, with what was gathered for its end.
    #[inline(always)]
    pub(crate) fn end_with(&mut self, gathered: &Gathered) {
        if let Some(open) = self.open.take() {
            let outcome = self.conclusion().unwrap_or(Outcome::Cancelled);
            end(open, self.home, self.is_foreign.load(Relaxed) != 0, outcome, gathered);
        }
    }

    /// Begins a plain child of this span.
    #[track_caller]
    pub fn child(
        &self,
        name: impl Into<Cow<'static, str>>,
        attributes: impl AttributeSource,
    ) -> Span {
        Span::below(self.inside(), name.into(), attributes, Location::caller())
    }

    /// Runs `f` with the span current, without ending it.
    pub fn in_scope<R>(&self, f: impl FnOnce() -> R) -> R {
        let _within = super::within::Within::new(self.as_current());
        f()
    }

    /// Returns `future` with this span current whenever it is polled; the span is not ended by it.
    pub fn instrument<F: Future>(&self, future: F) -> super::in_context::InContext<F> {
        super::in_context::InContext::in_span(self.as_current(), future)
    }

    /// What is current inside the span; from here on others may add facts to it.
    #[inline(always)]
    fn as_current(&self) -> Option<Current> {
        self.mark_foreign();
        self.inside().map(Current::foreign)
    }

    /// Nothing of its own where tracing was off when it began.
    #[inline(always)]
    fn inside(&self) -> Option<Current> {
        self.open.as_ref().map(OpenSpan::as_current)
    }

    #[inline(always)]
    fn mark_foreign(&self) {
        // Relaxed: whoever ends the span owns it, and was given it by means that order this store.
        self.is_foreign.store(1, Relaxed);
    }

    /// Notes that another thread than its own says something of it.
    #[inline(always)]
    fn note_thread(&self) {
        if pen::with(|pen| pen.lane()) != Some(self.home) {
            self.mark_foreign();
        }
    }

    #[inline(always)]
    fn facts(&self) -> Facts {
        self.note_thread();
        Facts::of(self.open.as_ref())
    }

    /// Records an error: an `exception` event, and the status `Error` with its text. The span ends in
    /// it, whatever is said of its end later.
    ///
    /// An error that the operation got over, a first try say, is an [event](Self::add_event).
    #[doc(alias = "record_exception")]
    pub fn record_error<E: Display + ?Sized>(&self, error: &E) {
        // Relaxed: read by whoever ends the span, see `conclusion`.
        self.has_failed.store(1, Relaxed);
        let failed = Failed::of(&error);
        self.facts().fail(failed);
        self.name_error(failed.type_name);
    }

    fact_methods!(besides errors);
}

impl Drop for Operation {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            let outcome = self.conclusion().unwrap_or(Outcome::Cancelled);
            end_alone(open, self.home, self.is_foreign.load(Relaxed) != 0, outcome);
        }
    }
}

/// Ends a span. Everything by value: see [`super::begun`].
#[inline(always)]
pub(super) fn end<const WORDS: usize>(
    mut open: OpenSpan<0>,
    home: usize,
    is_foreign: bool,
    mut outcome: Outcome,
    gathered: &Gathered<WORDS>,
) {
    if !open.is_recording() {
        return;
    }
    pen::with(|pen| {
        // Without a ring, the end is counted.
        pen.is_ready();
        if is_foreign || pen.lane() != home {
            open.mark_foreign();
        }
        if std::thread::panicking() && !open.began_in_panic() {
            outcome = Outcome::Panic;
            panic_note::write(open.span_id(), open.start_ticks());
        }
        pen.end_gathered(&open, outcome, gathered);
    });
}

/// Ends a span that has nothing to say at its end.
#[inline(never)]
fn end_alone(open: OpenSpan<0>, home: usize, is_foreign: bool, outcome: Outcome) {
    end(open, home, is_foreign, outcome, &<Gathered>::new());
}

/// Returns how long it took; zero for what is no time.
fn time_of(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1_000.0).unwrap_or_else(|_| {
        Counter::TimesRefused.add(1);
        Duration::ZERO
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_time_is_zero() {
        assert_eq!(time_of(120.5), Duration::from_micros(120_500));
        assert_eq!(time_of(-0.0), Duration::ZERO);
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(time_of(wrong), Duration::ZERO, "{wrong}");
        }
    }
}
