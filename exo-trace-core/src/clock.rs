//! Where ticks come from.
//!
//! The record path calls [`Clock::ticks`] and nothing else. What a tick is worth, and which moment
//! of the world it was, the other side of the ring works out from anchors.

/// A source of ticks: monotone, cheap, and without a system call.
///
/// On a host it is the processor's own counter, on a board a timer the application owns.
///
/// ```
/// use core::cell::Cell;
/// use exo_trace_core::Clock;
///
/// struct EachCallOneTick(Cell<u64>);
///
/// impl Clock for EachCallOneTick {
///     fn ticks(&self) -> u64 {
///         self.0.replace(self.0.get() + 1)
///     }
/// }
///
/// let clock = EachCallOneTick(Cell::new(40));
/// assert_eq!((clock.ticks(), clock.ticks()), (40, 41));
/// ```
pub trait Clock {
    /// Returns the present tick count.
    fn ticks(&self) -> u64;

    /// Returns a tick count that may be a little old, where that costs less; never one from before the
    /// last one that this clock gave.
    #[inline(always)]
    fn coarse_ticks(&self) -> u64 {
        self.ticks()
    }
}

impl<C: Clock + ?Sized> Clock for &C {
    #[inline(always)]
    fn ticks(&self) -> u64 {
        (**self).ticks()
    }

    #[inline(always)]
    fn coarse_ticks(&self) -> u64 {
        (**self).coarse_ticks()
    }
}
