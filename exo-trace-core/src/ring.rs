//! One thread's records on their way to the drain: a fixed ring, one writer, one reader.
//!
//! The writer never waits. A full ring refuses the record and counts it, because an agent must not
//! stop for its own diary. Positions count upward for ever and are masked on use, so full
//! (`written - read == N`) and empty (`written == read`) need no spare slot. The writer keeps its own
//! position in a cell and loads only the reader's; there is no read-modify-write on the record
//! path. A record never wraps: what is left of a lap too short for it is filled with padding, so
//! that writing is a run of plain stores and one compare covers room, half full and end of lap.

use crate::padded::Padded;
use crate::reader::Reader;
use crate::refusal::{CapacityError, Full};
use crate::sync::{Acquire, AtomicUsize, Relaxed, Release, const_fn};
use crate::word::{Atom, Slot};
use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;

/// The words, and the two positions between which they are on their way.
///
/// `S` is the storage: an array in a `static` on bare metal, a boxed slice on a host. `A` is one word of it.
///
/// ```
/// use exo_trace_core::{Record, Ring, Slot, SpanId};
///
/// static RING: Ring<[Slot; 64]> = Ring::new();
///
/// let span_id = SpanId::new(7).expect("not zero");
/// let writer = RING.writer(|| {});
/// writer.record(&Record::Name { span_id, name: "plan" }).expect("an empty ring has room");
///
/// let mut words = [0; 64];
/// let read = RING.reader().read(&mut words);
/// assert_eq!(Record::decode(&words[..read]), Ok(Record::Name { span_id, name: "plan" }));
/// ```
pub struct Ring<S: ?Sized, A = Slot> {
    pub(crate) writer: Padded<WriterSide>,
    pub(crate) reader: Padded<ReaderSide>,
    atom: PhantomData<fn() -> A>,
    pub(crate) slots: S,
}

/// What the writer publishes.
pub(crate) struct WriterSide {
    pub(crate) written: AtomicUsize,
    recorded: AtomicUsize,
    refused: AtomicUsize,
}

/// What the reader publishes.
pub(crate) struct ReaderSide {
    pub(crate) read: AtomicUsize,
    pub(crate) taken: AtomicUsize,
}

impl<S, A> Ring<S, A> {
    const_fn! {
        pub(crate) fn over(slots: S) -> Self {
            let writer = WriterSide {
                written: AtomicUsize::new(0),
                recorded: AtomicUsize::new(0),
                refused: AtomicUsize::new(0),
            };
            let reader = ReaderSide { read: AtomicUsize::new(0), taken: AtomicUsize::new(0) };
            Self { writer: Padded(writer), reader: Padded(reader), atom: PhantomData, slots }
        }
    }
}

#[cfg(not(exo_loom))]
impl<A: Atom, const N: usize> Ring<[A; N], A> {
    /// Returns an empty ring of `N` words, for a `static`; `N` is a power of two, 32 at least.
    #[allow(clippy::new_without_default, reason = "a ring is a static; nobody defaults one")]
    pub const fn new() -> Self {
        const { assert!(N.is_power_of_two() && N >= RING_WORDS_MIN, "words: a power of two") };
        Self::over([const { A::ZERO }; N])
    }
}

/// The smallest ring, in words: it holds one span with all the attributes a guard can keep.
#[cfg(not(exo_loom))]
pub const RING_WORDS_MIN: usize = 32;
/// The smallest ring, in words: two small records, so that Loom comes to an end.
#[cfg(exo_loom)]
pub const RING_WORDS_MIN: usize = 8;

/// A span with all the one-word attributes a guard can hold is never too long for its ring.
pub(crate) const RECORD_WORDS_FLOOR: usize = 24;

impl<A: Atom, S: AsRef<[A]> + ?Sized> Ring<S, A> {
    /// Returns an empty ring over storage of zeros.
    ///
    /// # Errors
    ///
    /// Returns [`CapacityError`] when the number of words is no power of two, or below 32.
    pub fn from_slots(slots: S) -> Result<Self, CapacityError>
    where
        S: Sized,
    {
        let words = slots.as_ref().len();
        if words.is_power_of_two() && words >= RING_WORDS_MIN {
            Ok(Self::over(slots))
        } else {
            Err(CapacityError { words })
        }
    }

    /// Returns how many words the ring holds.
    pub fn capacity(&self) -> usize {
        self.slots.as_ref().len()
    }

    /// Returns the writer, which goes on where the last one stopped.
    ///
    /// One writer at a time: whoever lends the ring sees to it, and hands it over with an
    /// acquire-release pair of its own. Two at once overwrite each other's records and counts: records are
    /// lost uncounted or come out torn, none comes out twice, and debug builds stop where they see it. To
    /// keep two apart would cost every record a load and a compare.
    /// `on_half` is called when a record would take the ring past half full, accepted or refused:
    /// once, and again only after the reader has moved: a refusal is never the last word.
    pub fn writer<W: Fn()>(&self, on_half: W) -> Writer<'_, S, W, A> {
        let written = self.writer.written.load(Acquire);
        Writer {
            ring: self,
            written: Cell::new(written),
            limit: Cell::new(written),
            // Relaxed: whoever reads it for the slots loads it again.
            woken_at: Cell::new(self.reader.read.load(Relaxed).wrapping_sub(1)),
            recorded: Cell::new(self.writer.recorded.load(Relaxed)),
            refused: Cell::new(self.writer.refused.load(Relaxed)),
            is_closed: Cell::new(false),
            on_half,
        }
    }

    /// Returns the reader, which goes on where the last one stopped; one at a time, as the writer.
    ///
    /// Two may take turns; two that read at the same time may both take a record.
    pub fn reader(&self) -> Reader<'_, S, A> {
        Reader::of(self)
    }

    /// Returns how many records found room. Relaxed: a count, read from anywhere.
    pub fn recorded(&self) -> usize {
        self.writer.recorded.load(Relaxed)
    }

    /// Returns how many records found no room. Relaxed: a count, read from anywhere.
    pub fn refused(&self) -> usize {
        self.writer.refused.load(Relaxed)
    }

    /// Returns how many records the reader took. Relaxed: a count, read from anywhere.
    pub fn taken(&self) -> usize {
        self.reader.taken.load(Relaxed)
    }

    /// Counts the records that wait for the reader; exact where nobody writes or reads meanwhile.
    pub(crate) fn waiting(&self) -> usize {
        let slots = self.slots.as_ref();
        // Acquire: pairs with the Release stores of both sides.
        let (mut place, written) =
            (self.reader.read.load(Acquire), self.writer.written.load(Acquire));
        let mut waiting = 0;
        while written.wrapping_sub(place) as isize > 0 {
            let first = slots.get(place & (slots.len() - 1)).map_or(A::padding(0), A::load);
            let words = A::length(first);
            waiting += usize::from(first != A::padding(words));
            place = place.wrapping_add(words);
        }
        waiting
    }
}

impl<S: ?Sized, A> fmt::Debug for Ring<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ring").finish_non_exhaustive()
    }
}

/// The side that appends records; stays on its thread.
pub struct Writer<'r, S: ?Sized, W, A = Slot> {
    ring: &'r Ring<S, A>,
    written: Cell<usize>,
    /// Up to here nothing needs thought: the end of the lap, the half-full mark or full, whichever
    /// comes first.
    limit: Cell<usize>,
    /// Where the reader was when it was woken last, behind it at first; it is woken once for each place it
    /// stops at.
    woken_at: Cell<usize>,
    recorded: Cell<usize>,
    refused: Cell<usize>,
    is_closed: Cell<bool>,
    on_half: W,
}

impl<'r, A: Atom, S: AsRef<[A]> + ?Sized, W: Fn()> Writer<'r, S, W, A> {
    /// Returns the ring it writes to.
    pub fn ring(&self) -> &'r Ring<S, A> {
        self.ring
    }

    /// Returns how many words one record may have: an eighth of the ring.
    pub fn record_words_max(&self) -> usize {
        let words = self.ring.capacity();
        (words / 8).max(RECORD_WORDS_FLOOR).min(words).min(0xffff)
    }

    /// Gives the ring up: from here on every record is refused and the ring is not touched.
    ///
    /// The check costs nothing: a closed writer has no limit left, so it always asks.
    pub fn close(&self) {
        self.is_closed.set(true);
        self.limit.set(self.written.get());
    }

    /// Tells whether [`Writer::close`] was called.
    pub fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    /// Tells whether there is room for `words` words without a thought of where the reader is.
    #[inline(always)]
    pub(crate) fn is_within(&self, words: usize) -> bool {
        self.limit.get().wrapping_sub(self.written.get()) >= words
    }

    /// Returns the room that was found for `words` words.
    #[inline(always)]
    pub(crate) fn run(&self, words: usize) -> Option<&'r [A]> {
        let slots = self.ring.slots.as_ref();
        let place = self.written.get() & (slots.len() - 1);
        // The limit ends with the lap at the latest, so the range is there.
        slots.get(place..place + words)
    }

    /// Returns all the room up to where a thought is needed.
    pub(crate) fn room(&self) -> &'r [A] {
        self.run(self.limit.get().wrapping_sub(self.written.get())).unwrap_or_default()
    }

    /// Publishes `words` words that were filled.
    #[inline(always)]
    pub(crate) fn publish(&self, words: usize) {
        let recorded = self.recorded.get().wrapping_add(1);
        self.recorded.set(recorded);
        // Relaxed: a count for whoever asks; what it counts is ordered by `written`.
        self.ring.writer.recorded.store(recorded, Relaxed);
        self.publish_uncounted(words);
    }

    /// As [`Writer::publish`], for whoever counts what waits instead.
    #[inline(always)]
    pub(crate) fn publish_uncounted(&self, words: usize) {
        let written = self.written.get().wrapping_add(words);
        self.written.set(written);
        // Release: publishes the slots stored above to the Acquire load in `Reader::read`.
        self.ring.writer.written.store(written, Release);
    }

    /// Counts a record that was never tried.
    #[cold]
    pub(crate) fn refuse(&self) -> Result<(), Full> {
        if self.is_closed.get() {
            return Err(Full);
        }
        let refused = self.refused.get().wrapping_add(1);
        self.refused.set(refused);
        // Relaxed: a count for whoever asks.
        self.ring.writer.refused.store(refused, Relaxed);
        Err(Full)
    }

    /// Looks where the reader is; moves the limit, wakes the reader once past half, or refuses.
    #[cold]
    #[inline(never)]
    pub(crate) fn has_room(&self, words: usize) -> bool {
        if self.is_closed.get() {
            return false;
        }
        let slots = self.ring.slots.as_ref();
        let capacity = slots.len();
        // Acquire: pairs with the Release store of `read` in `Reader::read`, so that the reader
        // is done with the slots before they are written again.
        let read = self.ring.reader.read.load(Acquire);
        let written = self.written.get();
        let place = written & (capacity - 1);
        let lap = capacity - place;
        let padded = if lap < words { lap } else { 0 };
        let used = written.wrapping_sub(read) + padded;
        debug_assert!(used - padded <= capacity, "the reader is never ahead of the writer");
        let is_past_half = used + words > capacity / 2;
        // Before a refusal too: the reader may have nothing else to wake it.
        if is_past_half && self.woken_at.replace(read) != read {
            (self.on_half)();
        }
        if used + words > capacity {
            // Where even an empty ring would be too short from here, the next try starts a lap.
            if padded + words > capacity && used <= capacity {
                self.pad(place, padded);
                // Release: as in `Writer::publish`.
                self.ring.writer.written.store(self.written.get(), Release);
            }
            return self.refuse().is_ok();
        }
        if padded > 0 {
            // Published together with the record that comes after it.
            self.pad(place, padded);
        }
        let free = if is_past_half { capacity - used } else { capacity / 2 - used };
        let lap = if padded > 0 { capacity } else { lap };
        self.limit.set(self.written.get().wrapping_add(free.min(lap)));
        true
    }

    /// Fills the rest of the lap with padding.
    fn pad(&self, place: usize, words: usize) {
        if let Some(slot) = self.ring.slots.as_ref().get(place) {
            slot.store(A::padding(words));
        }
        let written = self.written.get().wrapping_add(words);
        self.written.set(written);
        self.limit.set(written);
    }
}

impl<S: ?Sized, W, A> fmt::Debug for Writer<'_, S, W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("written", &self.written.get()).finish_non_exhaustive()
    }
}
