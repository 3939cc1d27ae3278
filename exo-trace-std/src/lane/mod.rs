//! A ring that one thread writes to, and its way from thread to thread.
//!
//! Free → claimed by a thread → retired when the thread ends → emptied by the drain, and only then
//! free again. The drain empties a retired ring *after* it saw the mark, so the last record of a
//! dying thread is never left behind, and thread churn allocates nothing.

mod storage;

use crate::sync::{Acquire, AtomicU32, Release};
use exo_trace_core::{Reader, Ring, Slot, Writer};

/// One ring and who has it.
#[derive(Debug)]
pub struct Lane {
    ring: Ring<Box<[Slot]>>,
    state: AtomicU32,
}

const FREE: u32 = 0;
const RETIRED: u32 = 1;
/// Together with the number of the process whose thread has it.
const CLAIMED: u32 = 1 << 31;

impl Lane {
    /// Returns a lane that a thread of `process` has claimed already, or `None` when `words` makes no ring, or
    /// memory is short.
    pub fn claimed(words: usize, process: u32) -> Option<Self> {
        let ring = Ring::from_slots(storage::zeroed(words)?).ok()?;
        Some(Self { ring, state: AtomicU32::new(CLAIMED | process) })
    }

    /// Claims the lane for the calling thread, one of `process`, if it is free.
    pub fn claim(&self, process: u32) -> bool {
        // Acquire: pairs with the Release in `free`, so that the drain is done with the ring.
        self.state.compare_exchange(FREE, CLAIMED | process, Acquire, Acquire).is_ok()
    }

    /// Lends the lane out again where a thread of another process than `process` has it: one that was not
    /// forked. The calling thread may have been; whoever calls leaves its own out.
    pub fn take_back(&self, process: u32) {
        // Acquire: as in `is_retired`, though nobody of this process writes what is taken back.
        let state = self.state.load(Acquire);
        if state & CLAIMED != 0 && state != CLAIMED | process {
            self.free();
        }
    }

    /// Gives the lane up; the thread writes nothing afterwards.
    pub fn retire(&self) {
        // Release: publishes the thread's last record to the Acquire in `is_retired`.
        self.state.store(RETIRED, Release);
    }

    /// Tells the drain that no thread writes any more; what it reads from here on is all there is.
    pub fn is_retired(&self) -> bool {
        // Acquire: pairs with the Release in `retire`.
        self.state.load(Acquire) == RETIRED
    }

    /// Lends the lane out again; the drain has read everything since it saw the mark.
    pub fn free(&self) {
        // Release: pairs with the Acquire in `claim`.
        self.state.store(FREE, Release);
    }

    /// Has `read` take what is written now, until it takes nothing, and lends the lane out again
    /// where no thread writes any more.
    #[inline]
    pub fn empty(&self, mut read: impl FnMut(&mut Reader<'_, Box<[Slot]>>) -> bool) {
        // Before the ring is read: what a thread wrote before it retired is then all read.
        let is_retired = self.is_retired();
        let mut reader = self.reader();
        let end = reader.written();
        while !reader.has_reached(end) && read(&mut reader) {}
        if is_retired {
            self.free();
        }
    }

    /// Returns the ring.
    pub fn ring(&self) -> &Ring<Box<[Slot]>> {
        &self.ring
    }

    /// Returns the writer, for the thread that has claimed the lane.
    pub fn writer<W: Fn()>(&self, on_half: W) -> Writer<'_, Box<[Slot]>, W> {
        self.ring.writer(on_half)
    }

    /// Returns the reader, for the drain.
    pub fn reader(&self) -> Reader<'_, Box<[Slot]>> {
        self.ring.reader()
    }
}
