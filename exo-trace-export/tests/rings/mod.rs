//! What real spans leave in the rings: records, one after the other, before anybody joins them.

use exo_trace_std::{HostClock, RING_WORDS, Settings, State, registry};
use std::sync::{Mutex, PoisonError};

/// Settings and rings are the process's.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs `f` with recording on and returns the words it left.
pub(crate) fn recorded(f: impl FnOnce()) -> Vec<u64> {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    HostClock::start();
    Settings::default().apply();
    State::On.set();
    let mut words = Vec::new();
    read(&mut words);
    words.clear();
    f();
    read(&mut words);
    words
}

fn read(words: &mut Vec<u64>) {
    let mut some = vec![0; RING_WORDS];
    for lane in registry::snapshot() {
        let mut reader = lane.reader();
        loop {
            let filled = reader.read(&mut some);
            words.extend_from_slice(some.get(..filled).unwrap_or_default());
            if filled == 0 {
                break;
            }
        }
    }
}
