//! The seeds of all boots that are bridged at the time: two that are equal make the same ids.

use exo_trace_std::PerProcess;
use std::collections::HashMap;
use std::sync::Mutex;

/// How many bridges have a boot with this seed: no more seeds than bridges.
static TAKEN: PerProcess<Mutex<HashMap<u64, usize>>> = PerProcess::new();

/// A seed while its boot is bridged.
#[derive(Debug)]
pub(super) struct Seed(u64);

impl Seed {
    /// Takes a seed, and tells whether another boot has it.
    pub(super) fn taken(seed: u64) -> (Self, bool) {
        let mut taken = TAKEN.lock();
        let count = taken.entry(seed).or_default();
        *count += 1;
        (Self(seed), *count > 1)
    }
}

impl Drop for Seed {
    fn drop(&mut self) {
        let mut taken = TAKEN.lock();
        match taken.get_mut(&self.0) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&self.0)),
        }
    }
}
