//! The number of an interned `static`, beside it: one load from its second use on.
//!
//! Whoever reads a number may pass it on through a ring to a thread that looks the entry up. Between
//! the thread that interned it and that one stands only this word, so it is published and acquired.

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
    use crate::sync::{Acquire, Release};
    use core::num::NonZeroU16;

    impl Number {
        /// Returns the number if it was given already.
        #[inline(always)]
        pub(crate) fn known(&self) -> Option<NonZeroU16> {
            // Acquire: pairs with the Release in `remember`. Whatever this thread publishes with the
            // number in it, the entry happens before.
            NonZeroU16::new(self.given.load(Acquire) as u16)
        }

        /// Remembers a number whose entry stands in its table; several threads may, with the same.
        pub(crate) fn remember(&self, number: NonZeroU16) {
            // Release: publishes the entry, which this thread put or saw in the table, to the Acquire
            // in `known`.
            self.given.store(u32::from(number.get()), Release);
        }
    }
}
