//! Numbers seen before, in bounded memory: all of them as long as there is room, then a fair share.
//!
//! When there is no more room, half of all numbers are from then on neither asked for nor kept; which
//! half, a mixed number says, so that one that is kept was kept from the beginning. Whatever repeats
//! numbers in any quantity is seen; one number repeated once is seen by the chance of the share.
//!
//! Source: Gibbons, "Distinct sampling for highly-accurate answers to distinct values queries", 2001.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// One multiplication: what is hashed here is an id, which nobody chose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mixed(u64);

pub(crate) type MixedBuild = BuildHasherDefault<Mixed>;

#[derive(Debug)]
pub(crate) struct Sample {
    kept: HashSet<u64, MixedBuild>,
    room: usize,
    /// Of a mixed number, how many leading bits must be zero.
    halvings: u32,
}

impl Sample {
    /// Returns an empty one, with all the memory it will ever have.
    pub(crate) fn of(room: usize) -> Self {
        // Twice the room: what is taken out leaves marks, and a table more than half full of entries
        // makes place for others by growing.
        Self {
            kept: HashSet::with_capacity_and_hasher(room * 2, <_>::default()),
            room,
            halvings: 0,
        }
    }

    /// Tells whether a number was not seen before, as far as this is known, and keeps it.
    pub(crate) fn is_new(&mut self, number: u64) -> bool {
        if !is_of_share(number, self.halvings) {
            return true;
        }
        let is_new = self.kept.insert(number);
        while self.kept.len() > self.room && self.halvings < u64::BITS {
            self.halvings += 1;
            self.kept.retain(|number| is_of_share(*number, self.halvings));
        }
        is_new
    }

    /// Returns of how many numbers one is remembered.
    pub(crate) fn one_in(&self) -> u64 {
        1 << self.halvings.min(u64::BITS - 1)
    }
}

fn is_of_share(number: u64, halvings: u32) -> bool {
    mixed(number).leading_zeros() >= halvings
}

fn mixed(number: u64) -> u64 {
    let product = u128::from(number ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    product as u64 ^ (product >> 64) as u64
}

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, number: u64) {
        // Not `mixed`: of what is kept, that begins with zeros.
        self.0 = number.wrapping_mul(0xf135_7aea_2e62_a9c5).rotate_left(26);
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(self.0 ^ u64::from(*byte)));
    }
}
