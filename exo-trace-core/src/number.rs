//! The number of an interned `static`, beside it: one load from its second use on.
//!
//! Whoever reads a number may pass it on through a ring to a thread that looks the entry up. Between
//! the thread that interned it and that one stands only this word:
//!
//! ```text
//! who interns it               who reads it                 the drain
//! slot.set(entry)              number.load(Relaxed) == 1    written.load(Acquire)
//! number.store(1, Release)     written.store(Release)       slot.get() == nothing?
//! ```
//!
//! C11 orders the slot before the drain's look only if the number is loaded with acquire, which costs a
//! span 117 instructions on x86: the compiler takes all it holds for changed. No machine needs it. The
//! reader's release comes after its load, and a release hands on what was seen as well as what was
//! written, on x86, Arm (`stlr`, `dmb`), RISC-V and POWER (`lwsync`) alike. Whoever looks the entry up on
//! the same thread is ordered by the place it looks at, which it has from the number. Loom knows C11 alone: the
//! models load with acquire, and one of them fails without.

use crate::sync::StaticAtomicU32;

/// A number, or none yet.
#[derive(Debug)]
pub(crate) struct Number {
    #[cfg_attr(
        not(any(target_has_atomic = "ptr", feature = "critical-section")),
        expect(dead_code, reason = "without compare-and-swap nothing is given a number")
    )]
    given: StaticAtomicU32,
}

impl Number {
    /// Returns the place of a number that was not given yet.
    pub(crate) const fn new() -> Self {
        Self { given: StaticAtomicU32::new(0) }
    }
}

#[cfg(any(target_has_atomic = "ptr", feature = "critical-section"))]
mod given {
    use super::Number;
    use crate::sync::{HandedOn, Release};
    use core::num::NonZeroU16;

    impl Number {
        /// Returns the number if it was given already.
        #[inline(always)]
        pub(crate) fn known(&self) -> Option<NonZeroU16> {
            NonZeroU16::new(self.given.load(HandedOn) as u16)
        }

        /// Remembers a number whose entry stands in its table; several threads may, with the same.
        pub(crate) fn remember(&self, number: NonZeroU16) {
            // Release: publishes the entry, which this thread put or saw in the table.
            self.given.store(u32::from(number.get()), Release);
        }
    }
}
