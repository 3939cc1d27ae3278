//! The calling thread's recorder, and its ring from the first span to the thread's end.
//!
//! The recorder sits in a constant thread-local without a destructor: reaching it is one address
//! computation, and it can be reached while other thread-locals are torn down. A second thread-local
//! has the destructor that gives back the ring and what is carried; a ring is claimed only while that one still answers.

mod writes;

use super::carried::Hold;
use super::joined::{self, Beside};
use super::refused::Refused;
use super::thread_clock::ThreadClock;
use crate::clock::HostClock;
use crate::counters::Counter;
use crate::lane::Lane;
use crate::registry;
use crate::settings::{self, First};
use exo_trace_core::{
    Before, CallsiteId, Current, IdentityId, IdentityTurn, OpenSpan, Recorder, Room, Slot, SpanId,
};
use std::cell::Cell;

/// What writes on behalf of one thread.
pub(super) struct Pen {
    recorder: Recorder<'static, Box<[Slot]>, ThreadClock, fn()>,
    hold: Hold,
    refused: Refused,
}

/// What was current before something else is: to be put back.
#[derive(Debug)]
pub(super) struct Earlier {
    pub(super) before: Current,
    pub(super) beside: Beside,
}

thread_local! {
    static PEN: Pen = const { Pen { recorder: Recorder::new(ThreadClock::new()), hold: Hold::new(), refused: Refused::new() } };
    static RETIRE: Retire = const { Retire { lane: Cell::new(None) } };
}

/// Gives the ring back when the thread ends.
struct Retire {
    lane: Cell<Option<&'static Lane>>,
}

impl Drop for Retire {
    fn drop(&mut self) {
        with(|pen| pen.hold.clear());
        if let Some(lane) = self.lane.get() {
            with(|pen| pen.recorder.writer().map(|writer| writer.close()));
            registry::retire(lane);
        }
    }
}

/// Runs `f` with the calling thread's pen.
#[inline(always)]
pub(super) fn with<R>(f: impl FnOnce(&Pen) -> R) -> Option<R> {
    // Without a destructor the thread-local is always there; `try_with` keeps that a promise of the
    // type, not of this line.
    PEN.try_with(f).ok()
}

impl Pen {
    /// Returns the current span.
    #[inline(always)]
    pub(super) fn current(&self) -> Current {
        let own = self.recorder.current();
        if joined::is_joined() { self.current_of_both(own) } else { own }
    }

    #[cold]
    #[inline(never)]
    fn current_of_both(&self, own: Current) -> Current {
        let current = joined::seen(own);
        // The thread may have no ring yet, or get none: then what is recorded here is counted.
        if current.is_recorded() {
            self.is_ready();
        }
        current
    }

    /// Returns the current span, which is known outside its thread from here on.
    pub(super) fn told(&self) -> Current {
        let own = self.recorder.current();
        if own.is_recorded() {
            self.recorder.replace_current(own.foreign());
        }
        self.current()
    }

    /// Makes another span current and returns what was.
    #[inline(always)]
    pub(super) fn replace_current(&self, current: Current) -> Earlier {
        let current = joined::shown(current);
        let before = self.recorder.replace_current(current);
        Earlier { before, beside: Beside::of(current) }
    }

    /// Makes the span that is current by our own notes so for OpenTelemetry as well.
    #[cfg(feature = "tracing")]
    pub(super) fn beside_current(&self) -> Beside {
        let current = joined::shown(self.recorder.current());
        self.recorder.replace_current(current);
        Beside::of(current)
    }

    /// Makes current what was current before, or what is left of it, and returns what was.
    #[inline(always)]
    pub(super) fn put_back(&self, earlier: Earlier) -> Current {
        self.recorder.put_back(earlier.before)
    }

    /// Lets spans that begin from here on work for `identity`.
    pub(super) fn enter_identity(&self, identity: IdentityId) -> (IdentityTurn, Beside) {
        let current = self.current().identified(Some(identity));
        (self.recorder.enter_identity(identity), Beside::of(current))
    }

    /// Lets spans work for whom they did before; out of order is counted.
    pub(super) fn leave_identity(&self, (turn, _beside): (IdentityTurn, Beside)) {
        if !self.recorder.leave_identity(turn) {
            Counter::OutOfOrder.add(1);
        }
    }

    /// Returns what goes along with the current span.
    #[inline(always)]
    pub(super) fn hold(&self) -> &Hold {
        &self.hold
    }

    /// Makes sure that nothing carried outlives the thread.
    pub(super) fn clears_at_its_end(&self) {
        // Whoever carries something while its thread is torn down leaves it behind.
        let _ = RETIRE.try_with(|_| ());
    }

    /// Returns the present tick.
    #[inline(always)]
    pub(super) fn ticks(&self) -> u64 {
        self.recorder.ticks()
    }

    /// Returns what tells this thread's ring from others; zero without a ring.
    #[inline(always)]
    pub(super) fn lane(&self) -> usize {
        self.recorder.writer().map_or(0, |writer| std::ptr::from_ref(writer.ring()).addr())
    }

    /// Returns the id of a span that begins now, its lane, and the tick: of the thread's own clock, before
    /// which nothing coarse lies from here on.
    #[inline(always)]
    pub(super) fn drawn(&self) -> (SpanId, usize, u64) {
        let ticks = self.ticks();
        (self.recorder.span_id(ticks), self.lane(), ticks)
    }

    #[inline(always)]
    pub(super) fn recorder(&self) -> &Recorder<'static, Box<[Slot]>, ThreadClock, fn()> {
        &self.recorder
    }

    /// Makes sure that the thread has a ring to write to.
    #[inline(always)]
    pub(super) fn is_ready(&self) -> bool {
        match self.recorder.writer() {
            Some(writer) => !writer.is_closed(),
            None => self.claim(),
        }
    }

    #[cold]
    #[inline(never)]
    fn claim(&self) -> bool {
        let claimed = RETIRE.try_with(|retire| {
            let lane = registry::claim()?;
            retire.lane.set(Some(lane));
            Some(lane)
        });
        // Whatever is lost without a lane is counted where it is lost.
        claimed.ok().flatten().is_some_and(|lane| {
            self.recorder.clock().start();
            let writer = lane.writer(registry::wake_drain as fn());
            self.recorder.lend(writer, seed()).is_ok()
        })
    }

    /// Returns the parent of a trace that begins here, sampled or not; `None` where none can begin.
    #[cold]
    #[inline(never)]
    pub(super) fn root(&self) -> Option<Current> {
        self.root_at(self.ticks())
    }

    /// As [`Pen::root`], for a trace that begins at `ticks`.
    pub(super) fn root_at(&self, ticks: u64) -> Option<Current> {
        if !self.is_ready() {
            self.count_refused(Counter::SpansRefused);
            return None;
        }
        let trace_id = self.recorder.trace_id_at(ticks);
        let is_sampled = trace_id.randomness() >= settings::sampling_threshold();
        let identity = self.current().identity();
        Some(self.recorder.root_of(trace_id, is_sampled).identified(identity))
    }

    /// Begins a trace with its root; the clock is read once for both.
    pub(super) fn begin_root(&self, callsite: CallsiteId) -> Option<(OpenSpan<0>, usize)> {
        let ticks = self.ticks();
        let parent = self.root_at(ticks)?;
        let span_id = self.recorder.span_id(ticks);
        Some((OpenSpan::begin(Some(callsite), parent, span_id, ticks), self.lane()))
    }

    /// Makes a span current that began below the current one; `None` where another trace has become
    /// current since. By value: see [`super::begun`].
    #[inline(always)]
    pub(super) fn enter(&self, own: Current) -> Option<(Before, Beside)> {
        if joined::is_joined() {
            return Some(self.enter_both(own));
        }
        Some((self.recorder.enter(own)?, Beside::NONE))
    }

    /// Makes a span current for OpenTelemetry too. It may have begun below a span of theirs, in a trace
    /// that we know nothing of.
    #[cold]
    #[inline(never)]
    fn enter_both(&self, own: Current) -> (Before, Beside) {
        let own = joined::shown(own);
        match self.recorder.enter(own) {
            Some(before) => (before, Beside::of(own)),
            None => {
                let below = self.recorder.replace_current(own);
                (Before::NONE, Beside::above(below, own))
            }
        }
    }

    /// Begins a child of `parent`, whose children are recorded, and tells on which lane.
    #[inline(always)]
    pub(super) fn begin(&self, callsite: CallsiteId, parent: Current) -> (OpenSpan<0>, usize) {
        (self.recorder.begin(callsite, parent), self.lane())
    }

    /// As [`Pen::begin`], for a span whose times are coarse.
    #[inline(always)]
    pub(super) fn begin_coarse(
        &self,
        callsite: CallsiteId,
        parent: Current,
    ) -> (OpenSpan<0>, usize) {
        (self.recorder.begin_coarse(callsite, parent), self.lane())
    }

    /// Makes a span current that began below the one that is so still; `None` where that takes a thought.
    #[inline(always)]
    pub(super) fn enter_below(&self, own: Current, parent: u64) -> Option<Before> {
        if joined::is_joined() { None } else { self.recorder.enter_below(own, parent) }
    }

    /// Leaves and ends a plain span; `false`, and nothing is done, where that takes a thought.
    #[inline(always)]
    pub(super) fn finish(&self, span: &OpenSpan, before: Before) -> bool {
        settings::first() == First::Straight
            && !std::thread::panicking()
            && self.recorder.finish(span, before)
    }

    /// Returns room for a span whose times are coarse, and its end; `None` where that takes a thought.
    #[inline(always)]
    pub(super) fn coarse_room(&self, span: &OpenSpan) -> Option<(Room<'static>, u64)> {
        if settings::first() != First::Straight || std::thread::panicking() {
            return None;
        }
        self.recorder.coarse_room(span)
    }

    /// Leaves a span; out of order is counted.
    #[inline(always)]
    pub(super) fn leave(&self, span: &mut OpenSpan, before: Before, beside: Beside) {
        let is_in_turn = match beside.below() {
            None => self.recorder.leave(span, before),
            Some(below) => self.recorder.leave_to(span, below),
        };
        if !is_in_turn {
            Counter::OutOfOrder.add(1);
        }
    }

    /// Returns how many words one record of this thread may have.
    pub(super) fn record_words_max(&self) -> usize {
        self.recorder.writer().map_or(usize::from(u16::MAX), |writer| writer.record_words_max())
    }
}

/// Draws a seed from the operating system; the tick alone where it gives none.
fn seed() -> u64 {
    let ticks = exo_trace_core::Clock::ticks(&HostClock);
    getrandom::u64().map_or(ticks, |random| random ^ ticks)
}

/// Starts afresh in a forked child, on the thread that was forked: other ids than the parent's, no tick of a
/// drain that was left behind, and the lanes of threads that were not forked are free again.
pub fn forget_inherited() {
    HostClock::publish(None);
    with(|pen| pen.recorder.reseed(seed()));
    let own = RETIRE.try_with(|retire| retire.lane.get()).ok().flatten();
    registry::free_others(own);
}
