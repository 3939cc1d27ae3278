//! What no recorder can go below: the work itself, the clock read twice, and a line of memory stored.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static LINE: [AtomicU64; 8] = [const { AtomicU64::new(0) }; 8];

/// What every way does besides being traced.
#[inline(never)]
pub fn work(step: usize) {
    black_box(step);
}

/// One read of the processor's counter.
#[inline(always)]
pub fn clock_read(clock: &quanta::Clock) -> u64 {
    clock.raw()
}

/// The work between two reads of the processor's counter.
#[inline(always)]
pub fn clock_pair(clock: &quanta::Clock, step: usize) -> u64 {
    let start = clock.raw();
    work(step);
    clock.raw().wrapping_sub(start)
}

/// The floor: the work, two raw clock reads, and 64 bytes stored.
#[inline(always)]
pub fn floor(clock: &quanta::Clock, step: usize) {
    let start = clock.raw();
    work(step);
    let end = clock.raw();
    for (place, word) in LINE.iter().enumerate() {
        word.store(start ^ end ^ place as u64, Relaxed);
    }
}
