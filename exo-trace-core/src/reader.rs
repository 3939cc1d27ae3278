//! The side of a ring that takes records, in batches, and gives their words back to the writer.

use crate::ring::Ring;
use crate::sync::{Acquire, Relaxed, Release, own};
use crate::word::{Atom, Slot};
use core::fmt;

/// The side that takes records.
///
/// Where it is stands in the ring, not in it: of two that are used in turn, each goes on where the other
/// one stopped.
pub struct Reader<'r, S: ?Sized, A = Slot> {
    ring: &'r Ring<S, A>,
}

impl<'r, A: Atom, S: AsRef<[A]> + ?Sized> Reader<'r, S, A> {
    /// Goes on where the reader before this one stopped.
    pub(crate) fn of(ring: &'r Ring<S, A>) -> Self {
        Self { ring }
    }

    /// Returns the position the writer has published, in words, for a later [`Reader::has_reached`].
    ///
    /// ```
    /// # use exo_trace_core::compact::{Clock32, Recorder, Ring, Site, site};
    /// # struct Timer;
    /// # impl Clock32 for Timer { fn ticks(&self) -> u32 { 40 } }
    /// static RING: Ring<64> = Ring::new();
    /// static READ: Site = site!("sensor.read");
    ///
    /// let mut reader = RING.by_ref().reader();
    /// drop(Recorder::new(&RING, Timer).start(&READ));
    /// let so_far = reader.written();
    /// assert!(!reader.has_reached(so_far));
    /// reader.skip();
    /// assert!(reader.has_reached(so_far));
    /// ```
    pub fn written(&self) -> usize {
        // Acquire: pairs with the Release store of `written` in `Writer::publish`.
        self.ring.writer.written.load(Acquire)
    }

    /// Tells whether everything before `position` was read; see [`Reader::written`].
    pub fn has_reached(&self, position: usize) -> bool {
        // Acquire: pairs with the Release store in `Reader::read` of the reader before this one.
        let read = self.ring.reader.read.load(Acquire);
        // Positions wrap; the two are less than half the number range apart.
        read.wrapping_sub(position) as isize >= 0
    }

    /// Copies as many whole records as fit into `into` and returns how many words that are.
    ///
    /// The space they had is the writer's again when this returns: `read` is published once a call,
    /// not once a record. A record longer than `into` is skipped; [`Ring::taken`] counts it.
    ///
    /// ```
    /// # use exo_trace_core::compact::{Clock32, Record, Recorder, Ring, Site, site};
    /// # struct Timer;
    /// # impl Clock32 for Timer { fn ticks(&self) -> u32 { 40 } }
    /// static RING: Ring<64> = Ring::new();
    /// static READ: Site = site!("sensor.read");
    ///
    /// drop(Recorder::new(&RING, Timer).start(&READ));
    /// let mut words = [0; 16];
    /// let filled = RING.by_ref().reader().read(&mut words);
    /// assert!(matches!(Record::decode(&words[..filled]), Ok(Record::Span { start: 40, .. })));
    /// assert_eq!(RING.by_ref().taken(), 1);
    /// ```
    pub fn read(&mut self, into: &mut [A::Word]) -> usize {
        let slots = self.ring.slots.as_ref();
        let mask = slots.len() - 1;
        let written = self.written();
        let (mut read, mut taken) = (own(&self.ring.reader.read), self.ring.taken());
        let mut filled = 0;
        // A writer that should not be there any more may have published less than was read.
        while written.wrapping_sub(read) as isize > 0 {
            let place = read & mask;
            let first = slots.get(place).map_or(A::padding(0), A::load);
            // Whatever a damaged header says, the reader stays behind the writer and in the lap.
            let left = written.wrapping_sub(read).min(slots.len() - place);
            let words = A::length(first).min(left);
            let is_record = first != A::padding(words);
            match (slots.get(place..place + words), into.get_mut(filled..filled + words)) {
                (Some(run), Some(room)) if is_record => {
                    room.iter_mut().zip(run).for_each(|(to, slot)| *to = slot.load());
                    filled += words;
                }
                _ if is_record && filled > 0 => break,
                _ => {}
            }
            read = read.wrapping_add(words);
            taken = taken.wrapping_add(usize::from(is_record));
        }
        // Relaxed: a count for whoever asks.
        self.ring.reader.taken.store(taken, Relaxed);
        // Release: gives the slots read above back to the Acquire load in `Writer::has_room`.
        self.ring.reader.read.store(read, Release);
        filled
    }

    /// Gives up everything the writer has published and returns how many records that were.
    ///
    /// ```
    /// # use exo_trace_core::compact::{Clock32, Recorder, Ring, Site, site};
    /// # struct Timer;
    /// # impl Clock32 for Timer { fn ticks(&self) -> u32 { 40 } }
    /// static RING: Ring<64> = Ring::new();
    /// static READ: Site = site!("sensor.read");
    ///
    /// drop(Recorder::new(&RING, Timer).start(&READ));
    /// assert_eq!(RING.by_ref().reader().skip(), 1);
    /// ```
    pub fn skip(&mut self) -> usize {
        let before = self.ring.taken();
        self.read(&mut []);
        self.ring.taken().wrapping_sub(before)
    }
}

impl<S: ?Sized, A> fmt::Debug for Reader<'_, S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Relaxed: shown to a person.
        let read = self.ring.reader.read.load(Relaxed);
        f.debug_struct("Reader").field("read", &read).finish_non_exhaustive()
    }
}
