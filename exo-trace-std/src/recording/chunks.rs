//! The chunks of a streamed answer, or the items of a stream: how many came, when the first did, and how long each took.

use super::description::Description;
use super::polled::Polled;
use crate::clock::HostClock;
use crate::keys;
use exo_trace_core::{Clock, InternedKey, Value};

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

    /// Says it of the call that asked for them.
    pub(crate) fn say(&self, said: &mut Description<'_>) {
        let figures = self.figures(&keys::RESPONSE_TIME_TO_FIRST_CHUNK, said.start_ticks());
        figures.into_iter().for_each(|(key, value)| said.value(key, value));
    }

    /// Says it of the function that returned what they are the items of.
    pub(super) fn keep(&self, polled: &mut Polled) {
        let Some(start_ticks) = polled.open_mut().map(|open| open.start_ticks()) else { return };
        let figures = self.figures(&keys::STREAM_TIME_TO_FIRST_ITEM, start_ticks);
        figures.into_iter().for_each(|(key, value)| polled.keep(key, value));
    }

    /// Returns what can be said of them, the wait for the first under a key of its own; what is not
    /// known is empty.
    fn figures(
        &self,
        first: &'static InternedKey,
        start_ticks: u64,
    ) -> [(&'static InternedKey, Value<'static>); 3] {
        let wait = HostClock::between(start_ticks, self.first_ticks).as_secs_f64();
        let rest = HostClock::between(self.first_ticks, self.last_ticks).as_secs_f64();
        let each = rest / self.count.saturating_sub(1).max(1) as f64;
        let after =
            |count, seconds| if self.count > count { Value::F64(seconds) } else { Value::Empty };
        [
            (&keys::STREAM_ITEMS, Value::from(self.count)),
            (first, after(0, wait)),
            (&keys::STREAM_TIME_PER_ITEM, after(1, each)),
        ]
    }
}
