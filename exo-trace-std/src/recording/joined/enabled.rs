//! A context of OpenTelemetry's attached for each span of ours, and asked for what is current.
//!
//! Its stack of contexts cannot be looked at while somebody holds it, inside `Context::map_current`, nor
//! after the thread has torn it down. In the first case we go by our own notes until we left again, and
//! in the second for good; nobody's program stops over it.

use super::shared::{carrying_in, context_with, seen_in};
use crate::recording::carried::{self, Carrying};
use crate::sync::{Relaxed, StaticAtomicU32};
use exo_trace_core::Current;
use opentelemetry::{Context, ContextGuard};
use std::cell::Cell;
use std::mem::forget;
use std::panic::{AssertUnwindSafe, catch_unwind};

static IS_JOINED: StaticAtomicU32 = StaticAtomicU32::new(0);

thread_local! {
    static OURS: Ours = const { Ours { attached: Cell::new(0), apart: Cell::new(0) } };
    static REACH: Reach = Reach::new();
}

/// How many contexts of ours stand on the thread's stack, and how many could not be put there.
struct Ours {
    attached: Cell<u32>,
    apart: Cell<u32>,
}

/// Whether the thread's stack can be reached.
///
/// The standard library tears thread-locals down in the order opposite to that in which they came to be,
/// so that this one, which touches the other before it exists, is gone first.
struct Reach {
    is_there: bool,
}

impl Reach {
    fn new() -> Self {
        Self { is_there: catch_unwind(|| Context::map_current(|_| ())).is_ok() }
    }

    fn is_there() -> bool {
        REACH.try_with(|reach| reach.is_there).unwrap_or(false)
    }
}

impl Drop for Reach {
    /// There to be waited for: without a destructor a thread-local outlives all that have one.
    fn drop(&mut self) {
        self.is_there = false;
    }
}

/// Lets every thread go along with OpenTelemetry's context from now on.
pub(crate) fn join() {
    // Relaxed: a thread that sees it a moment late begins one span more by itself.
    IS_JOINED.store(1, Relaxed);
}

/// Lets every thread go by its own notes again; what is attached leaves with its span.
pub(crate) fn part() {
    // Relaxed: as above.
    IS_JOINED.store(0, Relaxed);
}

/// Tells whether there is another context to go along with: one load.
#[inline(always)]
pub(crate) fn is_joined() -> bool {
    IS_JOINED.load(Relaxed) != 0
}

/// Returns what is current, where `own` is what our own notes say.
pub(in crate::recording) fn seen(own: Current) -> Current {
    if !is_followed() {
        return own;
    }
    let attached = OURS.with(|ours| ours.attached.get());
    Context::map_current(|context| {
        // Nothing of ours on the stack: either we have nothing, or had it before we joined.
        seen_in(context, own).unwrap_or(if attached == 0 { own } else { Current::NONE })
    })
}

/// Returns what is carried, where `own` is what our own notes say.
pub(in crate::recording) fn carrying(own: Carrying) -> Carrying {
    if !is_joined() || !is_followed() {
        return own;
    }
    Context::map_current(|context| carrying_in(context, own))
}

/// Tells whether the thread's stack says what is current.
fn is_followed() -> bool {
    OURS.with(|ours| ours.apart.get()) == 0 && Reach::is_there()
}

/// Returns `current` marked as known outside its thread, if we are joined: a context can be taken anywhere.
#[inline(always)]
pub(in crate::recording) fn shown(current: Current) -> Current {
    if is_joined() && current.is_recorded() { current.foreign() } else { current }
}

/// What OpenTelemetry holds on behalf of a span of ours, until this is dropped.
///
/// One word, written and read as such: several narrow ones, moved together, cost more than a poll.
#[derive(Debug, Default)]
pub(crate) struct Beside(Option<Box<Held>>);

#[derive(Debug)]
struct Held {
    place: Place,
    /// What our own notes said was current, where that was of another trace.
    below: Option<Current>,
}

#[derive(Debug, Default)]
enum Place {
    /// It is there already, or never again.
    #[default]
    Nowhere,
    /// On the stack.
    OnTop(ContextGuard),
    /// The stack was held by somebody.
    Apart,
}

impl Beside {
    pub(in crate::recording) const NONE: Self = Self(None);

    /// Tells that nothing is held.
    #[inline(always)]
    pub(in crate::recording) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Attaches a context in which `current` is current to OpenTelemetry, if we are joined.
    #[inline(always)]
    pub(in crate::recording) fn of(current: Current) -> Self {
        if is_joined() { Self::attached(current, None) } else { Self::NONE }
    }

    /// As [`Beside::of`], above a span of another trace.
    pub(in crate::recording) fn above(below: Current, current: Current) -> Self {
        Self::attached(current, Some(below))
    }

    #[cold]
    #[inline(never)]
    fn attached(current: Current, below: Option<Current>) -> Self {
        Self(Some(Box::new(Held { place: Place::of(current), below })))
    }

    /// Returns what was current before by our own notes, where that was of another trace.
    #[inline(always)]
    pub(in crate::recording) fn below(&self) -> Option<Current> {
        self.0.as_ref()?.below
    }
}

impl Place {
    fn of(current: Current) -> Self {
        if !Reach::is_there() {
            return Self::Nowhere;
        }
        if OURS.with(|ours| ours.apart.get()) > 0 {
            return Self::apart();
        }
        let carrying = carried::own();
        let context = Context::map_current(|within| context_with(within, current, carrying));
        let Some(context) = context else { return Self::Nowhere };
        // There is no other way to learn whether the stack is held than to try.
        let Ok(guard) = catch_unwind(AssertUnwindSafe(|| context.attach())) else {
            return Self::apart();
        };
        OURS.with(|ours| ours.attached.update(|attached| attached + 1));
        Self::OnTop(guard)
    }

    fn apart() -> Self {
        OURS.with(|ours| ours.apart.update(|apart| apart + 1));
        Self::Apart
    }

    fn leave(self) {
        match self {
            Self::OnTop(guard) => detach(guard),
            Self::Apart => OURS.with(|ours| ours.apart.update(|apart| apart - 1)),
            Self::Nowhere => {}
        }
    }
}

impl Drop for Held {
    #[cold]
    #[inline(never)]
    fn drop(&mut self) {
        std::mem::take(&mut self.place).leave();
    }
}

fn detach(guard: ContextGuard) {
    OURS.with(|ours| ours.attached.update(|attached| attached - 1));
    if Reach::is_there() {
        // A value that the program put into the context is dropped with it, and may panic.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(guard))).map_err(forget);
    } else {
        forget(guard);
    }
}
