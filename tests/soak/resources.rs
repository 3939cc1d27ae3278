//! What this process holds of the machine, as the system counts it.
//!
//! Source: Linux, proc(5): `statm`, `stat`, `fd`, `task`.

use std::fs;
use std::time::Duration;

const PAGE_BYTES: u64 = 4_096;
/// What `stat` counts processor time in, on every Linux there is.
const TICKS_PER_SECOND: u64 = 100;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Resources {
    pub(crate) resident_bytes: u64,
    pub(crate) descriptors: usize,
    pub(crate) threads: usize,
    /// Of all threads since the process began.
    pub(crate) processor: Duration,
}

impl Resources {
    pub(crate) fn now() -> Self {
        let statm = fs::read_to_string("/proc/self/statm").expect("Linux says it");
        let stat = fs::read_to_string("/proc/self/stat").expect("Linux says it");
        // After the program's name, which may hold anything: the third field is the first.
        let (_, fields) = stat.rsplit_once(')').expect("the name is in parentheses");
        let ticks: u64 = fields.split_whitespace().skip(11).take(2).map(number).sum();
        Self {
            resident_bytes: statm.split_whitespace().nth(1).map_or(0, number) * PAGE_BYTES,
            // Looking takes one.
            descriptors: entries("/proc/self/fd") - 1,
            threads: entries("/proc/self/task"),
            processor: Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND),
        }
    }
}

/// Returns what each descriptor stands for, but for the one it takes to look.
pub(crate) fn descriptors() -> Vec<String> {
    let all = fs::read_dir("/proc/self/fd").expect("Linux has it");
    let what = all.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    what.map(|what| what.display().to_string()).filter(|what| !what.ends_with("/fd")).collect()
}

fn entries(folder: &str) -> usize {
    fs::read_dir(folder).expect("Linux has it").count()
}

fn number(word: &str) -> u64 {
    word.parse().expect("a whole number")
}
