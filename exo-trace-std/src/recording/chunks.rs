//! The chunks of a streamed answer: how many came, when the first did, and how long each took.

use super::description::Description;
use crate::clock::HostClock;
use crate::keys;
use exo_trace_core::{Clock, Value};

/// What is known of the chunks so far.
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    count: u64,
    first_ticks: u64,
    last_ticks: u64,
}

impl Chunks {
    /// Returns the present tick.
    #[inline]
    pub(crate) fn now() -> u64 {
        HostClock.ticks()
    }

    /// Counts a chunk that came at this tick.
    #[inline]
    pub(crate) fn add(&mut self, came_ticks: u64) {
        self.last_ticks = came_ticks;
        if self.count == 0 {
            self.first_ticks = self.last_ticks;
        }
        self.count += 1;
    }

    /// Tells whether none came.
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Says it of the span that asked for them.
    pub(crate) fn say(&self, said: &mut Description<'_>) {
        said.value(&keys::STREAM_ITEMS, Value::from(self.count));
        if self.count == 0 {
            return;
        }
        let wait = HostClock::between(said.start_ticks(), self.first_ticks).as_secs_f64();
        said.value(&keys::RESPONSE_TIME_TO_FIRST_CHUNK, Value::F64(wait));
        if self.count > 1 {
            let rest = HostClock::between(self.first_ticks, self.last_ticks).as_secs_f64();
            let each = rest / (self.count - 1) as f64;
            said.value(&keys::STREAM_TIME_PER_ITEM, Value::F64(each));
        }
    }
}
