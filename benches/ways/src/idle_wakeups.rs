//! How often the threads of a process wake up while recording is on and nothing happens.
//!
//! Each wake-up ends in a switch to another thread, which the system counts: when a thread waits
//! again, and when it is made to. The thread that counts is left out.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// What happened while nothing happened.
#[derive(Clone, Copy, Debug)]
pub struct IdleWakeups {
    /// How many threads the process had besides the one that counted.
    pub threads: usize,
    /// How often one of them was switched away from.
    pub switches: u64,
    /// In how much time.
    pub over: Duration,
}

impl IdleWakeups {
    /// Returns how many wake-ups there were in a second.
    pub fn per_second(&self) -> f64 {
        self.switches as f64 / self.over.as_secs_f64()
    }
}

/// Lets everything come to rest for a time, and counts over another.
///
/// # Errors
///
/// Says why `/proc` could not be read.
pub fn count(settling: Duration, over: Duration) -> io::Result<IdleWakeups> {
    std::thread::sleep(settling);
    let ((_, before), start) = (switches()?, Instant::now());
    std::thread::sleep(over);
    let (over, (threads, after)) = (start.elapsed(), switches()?);
    // A thread that ended takes its count along.
    Ok(IdleWakeups { threads, switches: after.saturating_sub(before), over })
}

/// Returns how many other threads there are, and how often they were switched away from.
fn switches() -> io::Result<(usize, u64)> {
    let own = std::fs::read_link("/proc/thread-self")?;
    let (mut threads, mut switches) = (0, 0);
    for task in std::fs::read_dir("/proc/self/task")? {
        let task = task?;
        if own.file_name() != Some(&task.file_name()) {
            threads += 1;
            switches += switches_of(&task.path())?;
        }
    }
    Ok((threads, switches))
}

fn switches_of(task: &Path) -> io::Result<u64> {
    let status = std::fs::read_to_string(task.join("status"))?;
    let lines = status.lines().filter_map(|line| line.split_once("ctxt_switches:"));
    Ok(lines.filter_map(|(_, number)| number.trim().parse::<u64>().ok()).sum())
}
