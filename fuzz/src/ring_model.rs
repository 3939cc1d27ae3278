//! What a ring should do: a queue of what it accepted, two positions, and where its reader was woken.
//!
//! It knows one rule of layout: a record never wraps, so what is left of a lap too short for it is
//! given up.

use crate::drawn::Drawn;
use exo_trace_core::{Full, Record};
use std::collections::VecDeque;

/// A ring of so many words, in numbers.
#[derive(Debug)]
pub struct RingModel {
    capacity: usize,
    written: usize,
    read: usize,
    queue: VecDeque<(usize, Drawn)>,
    /// Whether the reader had read everything when it last moved.
    was_emptied: bool,
    is_closed: bool,
    /// How many records found room.
    pub accepted: usize,
    /// How many found none.
    pub refused: usize,
    /// How many were read or skipped.
    pub taken: usize,
}

/// What became of a record, and of the reader's sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Accepted or refused.
    pub answer: Result<(), Full>,
    /// Whether the reader must have been woken where it is now.
    pub must_wake: bool,
}

impl RingModel {
    /// Returns an empty ring of `capacity` words.
    pub fn new(capacity: usize) -> Self {
        let (queue, was_emptied, is_closed) = (VecDeque::new(), true, false);
        let (accepted, refused, taken) = (0, 0, 0);
        let (written, read) = (0, 0);
        Self { capacity, written, read, queue, was_emptied, is_closed, accepted, refused, taken }
    }

    /// Returns where the reader is.
    pub fn read_position(&self) -> usize {
        self.read
    }

    /// Tells whether everything was read.
    pub fn is_empty(&self) -> bool {
        self.read == self.written
    }

    /// Returns how many records wait.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// The writer gives the ring up, or another one goes on.
    pub fn set_closed(&mut self, is_closed: bool) {
        self.is_closed = is_closed;
    }

    /// Takes a record as a ring that allows `words_max` words would.
    pub fn push(&mut self, drawn: &Drawn, words_max: usize) -> Verdict {
        let sleeps = |answer| Verdict { answer, must_wake: false };
        let Some(kept) = drawn.kept(words_max) else { return sleeps(self.refuse()) };
        if self.is_closed {
            return sleeps(Err(Full));
        }
        let words = kept.words();
        let lap = self.capacity - self.written % self.capacity;
        let given_up = if lap < words { lap } else { 0 };
        let start = self.written + given_up;
        let used = start + words - self.read;
        if used > self.capacity {
            // No reader could make room for it here: the next try is made at the start of a lap.
            if given_up + words > self.capacity && start - self.read <= self.capacity {
                self.written = start;
            }
            // A refusal is never the last word.
            return Verdict { answer: self.refuse(), must_wake: true };
        }
        self.written = start + words;
        self.queue.push_back((start, kept));
        self.accepted += 1;
        // A reader that stopped halfway comes again by itself.
        Verdict { answer: Ok(()), must_wake: self.was_emptied && used > self.capacity / 2 }
    }

    /// Refuses what is too long for the ring, and has nothing to say without its text.
    pub fn refuse_too_long(&mut self) -> Verdict {
        Verdict { answer: self.refuse(), must_wake: false }
    }

    fn refuse(&mut self) -> Result<(), Full> {
        self.refused += usize::from(!self.is_closed);
        Err(Full)
    }

    /// Reads into `room` words: checks that `words` is what comes out then.
    ///
    /// # Panics
    ///
    /// Where it is not.
    pub fn read(&mut self, room: usize, mut words: &[u64]) {
        let (mut filled, before) = (0, self.read);
        self.read = self.written;
        while let Some((start, drawn)) = self.queue.pop_front() {
            let length = drawn.words();
            if filled + length > room && filled > 0 {
                self.read = start;
                self.queue.push_front((start, drawn));
                break;
            }
            self.taken += 1;
            if length <= room {
                filled += length;
                let (first, rest) = words.split_at(Record::words(words[0]));
                assert_eq!(Record::decode(first), Ok(drawn.record()));
                words = rest;
            }
        }
        assert!(words.is_empty(), "nothing else came out");
        if self.read != before {
            self.was_emptied = self.read == self.written;
        }
    }
}
