//! The ring of one priority: its words, and the ids its recorder gives.
//!
//! The ring itself is the one of a host, over words of 32 bits. The number of the next id stands beside
//! it, not in the recorder, so that an interrupt may make its recorder anew each time and no id is given
//! twice.

use super::Slot;
use super::local_id::first_word;
use crate::Reader;
use crate::sync::StaticAtomicU32;
use core::fmt;

/// A ring of `N` words for the recorder of one priority; `N` is a power of two, 32 at least.
///
/// ```
/// use exo_trace_core::compact::Ring;
///
/// static MAIN: Ring<256> = Ring::new(0);
/// static TIMER: Ring<64> = Ring::new(1);
///
/// let rings = [MAIN.by_ref(), TIMER.by_ref()];
/// assert_eq!(rings.map(|ring| ring.number()), [0, 1]);
/// ```
#[derive(Debug)]
pub struct Ring<const N: usize>(Shared<[Slot; N]>);

/// A ring and what is beside it; `S` is its words, of whatever number.
struct Shared<S: ?Sized> {
    next_id: StaticAtomicU32,
    ring: crate::Ring<S, Slot>,
}

impl<const N: usize> Ring<N> {
    /// Returns an empty ring whose recorder has this number, 0 to 15, which no other ring of the device
    /// may have: it is part of every id.
    ///
    /// # Panics
    ///
    /// Panics where the number is above 15: in a `static`, when the program is built.
    pub const fn new(number: u8) -> Self {
        assert!((number as usize) < super::RECORDERS_MAX, "number of a recorder: 0 to 15");
        let next_id = StaticAtomicU32::new(first_word(number));
        Self(Shared { next_id, ring: crate::Ring::new() })
    }

    /// Returns the ring as one of any size, so that rings of different sizes share their code.
    #[inline(always)]
    pub const fn by_ref(&self) -> RingRef<'_> {
        RingRef(&self.0)
    }
}

/// A [`Ring`] of any size.
#[derive(Clone, Copy, Debug)]
pub struct RingRef<'r>(&'r Shared<[Slot]>);

impl<'r> RingRef<'r> {
    /// Returns the number of its recorder.
    pub fn number(&self) -> u8 {
        // Relaxed: its upper bits never change.
        (self.0.next_id.load(crate::sync::Relaxed) >> 28) as u8
    }

    /// Returns the reader, one at a time; it goes on where the last one stopped.
    pub fn reader(&self) -> Reader<'r, [Slot], Slot> {
        self.0.ring.reader()
    }

    /// Returns how many records found room. Relaxed: a count, read from anywhere.
    pub fn recorded(&self) -> usize {
        self.0.ring.recorded()
    }

    /// Returns how many records were refused. Relaxed: a count, read from anywhere.
    pub fn refused(&self) -> usize {
        self.0.ring.refused()
    }

    /// Returns how many records the reader took. Relaxed: a count, read from anywhere.
    pub fn taken(&self) -> usize {
        self.0.ring.taken()
    }

    pub(super) fn words(&self) -> &'r crate::Ring<[Slot], Slot> {
        &self.0.ring
    }

    pub(super) fn next_id(&self) -> &'r StaticAtomicU32 {
        &self.0.next_id
    }
}

impl<S: ?Sized> fmt::Debug for Shared<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ring.fmt(f)
    }
}
