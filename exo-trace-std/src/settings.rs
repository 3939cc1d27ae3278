//! What the other side of the ring decides for all call sites: on or off, sampling, limits.
//!
//! Plain atomics, each read with one relaxed load: a call site that sees a change a moment late
//! records or drops one span more, and nothing else is ordered by them.

#[cfg(feature = "enabled")]
mod asked;

use crate::Sampler;
use crate::sync::{Relaxed, StaticAtomicU32, StaticAtomicU64, StaticAtomicUsize};
#[cfg(feature = "enabled")]
pub(crate) use asked::{
    First, attribute_value_bytes_max, captures_contents, content_queue_bytes_max, count_off, first,
    is_on, ring_words, sampling_threshold, stamp_baggage, stamps_baggage, threads_max,
};

/// How many bytes of one text value are kept, unless configured.
pub const ATTRIBUTE_VALUE_BYTES_MAX: usize = 4_096;
/// How many words one thread's ring holds, unless configured: 32,768 words of 8 bytes, 256 KiB.
pub const RING_WORDS: usize = 32_768;
/// How many threads can have a ring at the same time, unless configured. 512 rings of 256 KiB are
/// 128 MiB at most, and only touched pages count.
pub const THREADS_MAX: usize = 512;
/// How many bytes of captured contents wait for the drain, unless configured.
pub const CONTENT_QUEUE_BYTES_MAX: usize = 16 << 20;

/// The state, and whether spans say values of the baggage: one word, so that a span that need not think
/// of either looks at one.
static STATE: StaticAtomicU32 = StaticAtomicU32::new(State::BeforeInit as u32);
/// Where the state stands in its word.
const STATE_MASK: u32 = 0xff;
#[cfg(feature = "enabled")]
const STAMPS: u32 = 1 << 8;
static SAMPLER: StaticAtomicU64 = StaticAtomicU64::new(0);
static VALUE_BYTES_MAX: StaticAtomicUsize = StaticAtomicUsize::new(ATTRIBUTE_VALUE_BYTES_MAX);
static RING_WORDS_SET: StaticAtomicUsize = StaticAtomicUsize::new(RING_WORDS);
static THREADS_MAX_SET: StaticAtomicUsize = StaticAtomicUsize::new(THREADS_MAX);
static CAPTURE: StaticAtomicU32 = StaticAtomicU32::new(0);
static CONTENT_QUEUE_BYTES_MAX_SET: StaticAtomicUsize =
    StaticAtomicUsize::new(CONTENT_QUEUE_BYTES_MAX);

/// Whether call sites record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum State {
    /// Nobody called `init` yet: spans are counted, not recorded.
    BeforeInit = 0,
    /// Spans are recorded.
    On = 1,
    /// `shutdown` was called: spans are counted, not recorded.
    AfterShutdown = 2,
    /// The configuration says no: call sites do nothing at all.
    Disabled = 3,
}

/// What the export side writes into the call sites' side; nothing else crosses in this direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How the root of a trace is decided.
    pub sampler: Sampler,
    /// How many bytes of one text value are kept.
    pub attribute_value_bytes_max: usize,
    /// How many words a new ring holds; a power of two.
    pub ring_words: usize,
    /// How many rings there may be.
    pub threads_max: usize,
    /// Whether contents are captured: messages, and what tools are given and give back.
    pub captures_contents: bool,
    /// How many bytes of contents may wait for the drain.
    pub content_queue_bytes_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sampler: Sampler::AlwaysOn,
            attribute_value_bytes_max: ATTRIBUTE_VALUE_BYTES_MAX,
            ring_words: RING_WORDS,
            threads_max: THREADS_MAX,
            captures_contents: false,
            content_queue_bytes_max: CONTENT_QUEUE_BYTES_MAX,
        }
    }
}

impl Settings {
    /// Puts the settings into force. Rings that exist keep their size.
    pub fn apply(&self) {
        SAMPLER.store(self.sampler.threshold(), Relaxed);
        VALUE_BYTES_MAX.store(self.attribute_value_bytes_max, Relaxed);
        RING_WORDS_SET.store(self.ring_words, Relaxed);
        THREADS_MAX_SET.store(self.threads_max, Relaxed);
        CONTENT_QUEUE_BYTES_MAX_SET.store(self.content_queue_bytes_max, Relaxed);
        CAPTURE.store(u32::from(self.captures_contents), Relaxed);
    }
}

impl State {
    /// Switches all call sites.
    pub fn set(self) {
        let set = |word: u32| Some(word & !STATE_MASK | self as u32);
        // It always returns something, so it never fails.
        let _ = STATE.fetch_update(Relaxed, Relaxed, set);
    }

    /// Returns what call sites do at present.
    pub fn current() -> Self {
        match STATE.load(Relaxed) & STATE_MASK {
            0 => Self::BeforeInit,
            1 => Self::On,
            2 => Self::AfterShutdown,
            _ => Self::Disabled,
        }
    }
}
