//! What a thread that records adds to the memory of its process.
//!
//! Threads that record nothing are there first. Then each records one span, and then each fills its
//! ring, one after the other and emptied in between: of a ring only pages count that were written.

use crate::bursts::{BURST, empty, refused};
use exo_trace::TraceGuard;
use std::io;
use std::sync::mpsc::channel;

/// A span takes so many words at least.
const SPAN_WORDS_MIN: usize = 7;

/// KiB for each thread, and what was lost meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct MemoryPerThread {
    /// How many threads there were.
    pub threads: usize,
    /// How long their rings are.
    pub ring_bytes: usize,
    /// A thread that records nothing.
    pub idle_kib: f64,
    /// What its first span adds.
    pub one_span_kib: f64,
    /// What a ring that was written from end to end adds, the first span included.
    pub full_ring_kib: f64,
    /// How many records were refused; with one, the figure is void.
    pub refused: u64,
}

/// Lets so many threads record, with rings of `ring_bytes` as `trace` was told.
///
/// # Errors
///
/// Says why `/proc/self/smaps_rollup` could not be read.
pub fn of(
    trace: &TraceGuard,
    threads: usize,
    ring_bytes: usize,
    way: impl Fn(usize) + Sync,
) -> io::Result<MemoryPerThread> {
    let before = refused(trace);
    let bursts = ring_bytes / size_of::<u64>() / SPAN_WORDS_MIN / BURST + 1;
    // The drain has what it needs for such bursts, and this thread its ring.
    for _ in 0..bursts {
        (0..BURST).for_each(&way);
        empty(trace);
    }
    let nobody = resident_kib()?;
    let (idle, one_span, full_ring) = std::thread::scope(|scope| {
        let (done, is_done) = channel();
        let tell = |_| {
            let ((tell, told), done, way) = (channel::<usize>(), done.clone(), &way);
            scope.spawn(move || {
                for times in told {
                    (0..times).for_each(way);
                    // Who told it waits.
                    let _ = done.send(());
                }
            });
            tell
        };
        let workers: Vec<_> = (0..threads).map(tell).collect();
        let each = |times: usize| {
            for worker in &workers {
                // They end when nobody tells them any more.
                let _ = worker.send(times);
                let _ = is_done.recv();
                empty(trace);
            }
            resident_kib()
        };
        let (idle, one_span) = (each(0)?, each(1)?);
        (1..bursts).try_for_each(|_| each(BURST).map(drop))?;
        io::Result::Ok((idle, one_span, each(BURST)?))
    })?;
    let per_thread = |more: u64, less: u64| (more as f64 - less as f64) / threads as f64;
    Ok(MemoryPerThread {
        threads,
        ring_bytes,
        idle_kib: per_thread(idle, nobody),
        one_span_kib: per_thread(one_span, idle),
        full_ring_kib: per_thread(full_ring, idle),
        refused: refused(trace) - before,
    })
}

/// Counted page by page, while `VmRSS` in `/proc/self/status` lags behind by some pages a thread.
fn resident_kib() -> io::Result<u64> {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup")?;
    let number = rollup.lines().find_map(|line| line.strip_prefix("Rss:"));
    let number = number.and_then(|rest| rest.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).ok_or_else(|| io::Error::other("no line Rss:"))
}
