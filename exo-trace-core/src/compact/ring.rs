//! The ring of one priority: its words, and the ids its recorder gives.
//!
//! The ring itself is the one of a host, over words of 32 bits. The last of its ids stands beside it, not
//! in the recorder, so that an interrupt may make its recorder anew each time and no id is given twice.
//! Empty it is memory of zeros, which takes no room in flash.

#[cfg(not(exo_loom))]
use super::RECORDERS_MAX;
use super::Slot;
use super::local_id::Turned;
use crate::Reader;
#[cfg(exo_loom)]
use crate::sync::AtomicU32;
use crate::sync::{Relaxed, StaticAtomicU32};
use core::fmt;

/// A ring of `N` words for the recorder of one priority; `N` is a power of two, 32 at least.
///
/// The recorder's number, 0 to 15, is part of every id: no two rings of a device may have the same.
///
/// ```
/// use exo_trace_core::compact::Ring;
///
/// static MAIN: Ring<256> = Ring::new();
/// static TIMER: Ring<64, 1> = Ring::new();
///
/// let rings = [MAIN.by_ref(), TIMER.by_ref()];
/// assert_eq!(rings.map(|ring| ring.number()), [0, 1]);
/// ```
#[derive(Debug)]
pub struct Ring<const N: usize, const NUMBER: u8 = 0>(Shared<[Slot; N]>);

/// A ring and what is beside it; `S` is its words, of whatever number.
struct Shared<S: ?Sized> {
    /// The last id, turned; zero before a recorder was made for the first time.
    last_id: StaticAtomicU32,
    ring: crate::Ring<S, Slot>,
}

#[cfg(not(exo_loom))]
impl<const N: usize, const NUMBER: u8> Ring<N, NUMBER> {
    /// Returns an empty ring, for a `static`.
    #[allow(clippy::new_without_default, reason = "a ring is a static; nobody defaults one")]
    pub const fn new() -> Self {
        const { assert!((NUMBER as usize) < RECORDERS_MAX, "number of a recorder: 0 to 15") };
        Self(Shared { last_id: StaticAtomicU32::new(0), ring: crate::Ring::new() })
    }
}

#[cfg(exo_loom)]
impl<const N: usize, const NUMBER: u8> Ring<N, NUMBER> {
    /// Returns an empty ring, of atomics that Loom sees.
    #[allow(clippy::new_without_default, reason = "as the machine's")]
    pub fn new() -> Self {
        let slots = core::array::from_fn(|_| Slot(AtomicU32::new(0)));
        Self(Shared { last_id: StaticAtomicU32::new(0), ring: crate::Ring::over(slots) })
    }
}

impl<const N: usize, const NUMBER: u8> Ring<N, NUMBER> {
    /// Returns the ring as one of any size, so that rings of different sizes share their code.
    #[inline(always)]
    pub const fn by_ref(&self) -> RingRef<'_> {
        RingRef { shared: &self.0, number: NUMBER }
    }
}

/// A [`Ring`] of any size.
#[derive(Clone, Copy, Debug)]
pub struct RingRef<'r> {
    shared: &'r Shared<[Slot]>,
    number: u8,
}

impl<'r> RingRef<'r> {
    /// Returns the number of its recorder.
    pub fn number(&self) -> u8 {
        self.number
    }

    /// Returns the reader, which goes on where the last one stopped. Two may take turns; two that read at
    /// the same time, one of them in an interrupt say, may both take a record.
    pub fn reader(&self) -> Reader<'r, [Slot], Slot> {
        self.shared.ring.reader()
    }

    /// Returns how many records found room: those the reader took, and those that wait for it.
    ///
    /// They are counted here, one by one, because to count them where they are recorded would cost each of
    /// them more than all else that is optional. Called from where it interrupts whoever writes or reads, it
    /// may be off by what that one is about.
    pub fn recorded(&self) -> usize {
        let ring = &self.shared.ring;
        ring.taken().wrapping_add(ring.waiting())
    }

    /// Returns how many records were refused, and how many values that no record could hold. Relaxed: a
    /// count, read from anywhere.
    pub fn refused(&self) -> usize {
        self.shared.ring.refused()
    }

    /// Returns how many records the reader took. Relaxed: a count, read from anywhere.
    pub fn taken(&self) -> usize {
        self.shared.ring.taken()
    }

    pub(super) fn words(&self) -> &'r crate::Ring<[Slot], Slot> {
        &self.shared.ring
    }

    /// Returns the last id its recorder gave, turned; with a count of zero before the first.
    pub(super) fn last_id(&self) -> &'r StaticAtomicU32 {
        let last_id = &self.shared.last_id;
        // Relaxed: only the recorder of this ring uses it.
        if last_id.load(Relaxed) == 0 {
            last_id.store(Turned::before_first(self.number).0, Relaxed);
        }
        last_id
    }
}

impl<S: ?Sized> fmt::Debug for Shared<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ring.fmt(f)
    }
}
