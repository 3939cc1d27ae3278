//! Time in 32 bits: a timer that wraps, and how often it has.
//!
//! A span stores the timer as it is. That is enough for a span shorter than one lap of the timer; for a
//! longer one, somebody must count laps. Half laps are counted, because then a count that is a little late
//! can be told from one that is right: the lowest bit of the count says in which half the timer must be.
//! One side stores, all others load, so no chip needs more for it than loads and stores.
//!
//! Source: the scheme of embassy's time drivers.

use crate::sync::{Acquire, Relaxed, Release, StaticAtomicU32};
use core::sync::atomic::compiler_fence;

/// A timer of 32 bits that counts up and wraps.
///
/// ```
/// use exo_trace_core::compact::{Clock32, HalfLaps};
///
/// static HALF_LAPS: HalfLaps = HalfLaps::new();
///
/// struct Timer;
///
/// impl Clock32 for Timer {
///     fn ticks(&self) -> u32 {
///         40 // a register of the chip
///     }
///
///     fn half_laps(&self) -> u32 {
///         HALF_LAPS.count()
///     }
/// }
///
/// assert_eq!((Timer.half_laps(), Timer.ticks()), (0, 40));
/// ```
pub trait Clock32 {
    /// Returns the present count.
    fn ticks(&self) -> u32;

    /// Returns how many halves of its range the timer has left behind, as far as somebody counts them.
    ///
    /// Zero where nobody does: then spans of up to 2³² ticks are right, and longer ones are too short by
    /// whole laps.
    #[inline(always)]
    fn half_laps(&self) -> u32 {
        0
    }
}

impl<C: Clock32 + ?Sized> Clock32 for &C {
    #[inline(always)]
    fn ticks(&self) -> u32 {
        (**self).ticks()
    }

    #[inline(always)]
    fn half_laps(&self) -> u32 {
        (**self).half_laps()
    }
}

/// The count of half laps: one side [advances](HalfLaps::advance) it, any other reads it.
///
/// It is for one core and its interrupts; a second core has one of its own.
///
/// ```
/// use exo_trace_core::compact::HalfLaps;
///
/// static HALF_LAPS: HalfLaps = HalfLaps::new();
///
/// HALF_LAPS.advance(0x8000_0000);
/// HALF_LAPS.advance(0x0000_0005);
/// assert_eq!(HALF_LAPS.extend(0x0000_0009), 0x1_0000_0009);
/// ```
#[derive(Debug, Default)]
pub struct HalfLaps(StaticAtomicU32);

impl HalfLaps {
    /// Returns a count of none.
    pub const fn new() -> Self {
        Self(StaticAtomicU32::new(0))
    }

    /// Takes note of where the timer is: to be called from one place, more often than once in 2³¹ ticks.
    pub fn advance(&self, ticks: u32) {
        // Relaxed: nobody else stores it.
        let count = self.0.load(Relaxed);
        if count & 1 != ticks >> 31 {
            // Release: the timer was read before; pairs with the fence in `count`.
            compiler_fence(Release);
            self.0.store(count.wrapping_add(1), Relaxed);
        }
    }

    /// Returns the count; to be read before the timer is.
    #[inline(always)]
    pub fn count(&self) -> u32 {
        let count = self.0.load(Relaxed);
        // Acquire: the timer is read after. Between an interrupt and what it interrupts, which share a
        // core, the order of the program is all that is needed, and costs no instruction.
        compiler_fence(Acquire);
        count
    }

    /// Returns a count of the timer as one that does not wrap.
    ///
    /// Right for what the timer said at most half a lap after the last [`HalfLaps::advance`].
    pub fn extend(&self, ticks: u32) -> u64 {
        u64::from(whole_laps(self.count(), ticks)) << 32 | u64::from(ticks)
    }
}

/// Returns how many whole laps are behind a timer that says `ticks`: the count may be one half late.
const fn whole_laps(half_laps: u32, ticks: u32) -> u32 {
    half_laps.wrapping_add((half_laps ^ ticks >> 31) & 1) >> 1
}

/// A moment as a span keeps it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) half_laps: u32,
    pub(super) ticks: u32,
}

impl Moment {
    /// Returns how many whole laps lie between it and a later one; 255 stands for more.
    pub(super) fn laps_until(self, end: Self) -> u8 {
        let laps = whole_laps(end.half_laps, end.ticks)
            .wrapping_sub(whole_laps(self.half_laps, self.ticks))
            .wrapping_sub(u32::from(end.ticks < self.ticks));
        // The count of half laps wraps, and with it half as many whole ones.
        u8::try_from(laps & (u32::MAX >> 1)).unwrap_or(u8::MAX)
    }
}
