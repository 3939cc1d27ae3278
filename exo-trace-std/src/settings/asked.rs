//! What call sites ask of the settings, in builds that record: one relaxed load each.

use super::{
    CAPTURE, CONTENT_QUEUE_BYTES_MAX_SET, RING_WORDS_SET, SAMPLER, STAMPS, STATE, STATE_MASK,
    State, THREADS_MAX_SET, VALUE_BYTES_MAX,
};
use crate::counters::Counter;
use crate::sync::Relaxed;

/// Whether call sites record: one load.
#[inline(always)]
pub(crate) fn is_on() -> bool {
    STATE.load(Relaxed) & STATE_MASK == State::On as u32
}

/// What a span asks first, all of it in one load.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    /// It is recorded, and has nothing to say but what its call site does.
    Straight,
    /// The configuration says no.
    Never,
    /// Ask on.
    Else,
}

/// Returns what most spans need to know.
#[inline(always)]
pub(crate) fn first() -> First {
    const ON: u32 = State::On as u32;
    const DISABLED: u32 = State::Disabled as u32;
    let word = STATE.load(Relaxed);
    // In this order: a `match` would ask for the greater number first.
    if word == ON {
        First::Straight
    } else if word == DISABLED {
        First::Never
    } else {
        First::Else
    }
}

/// Counts a span that could not begin, or end, because nothing records.
#[cold]
#[inline(never)]
pub(crate) fn count_off() {
    match State::current() {
        State::BeforeInit => Counter::BeforeInit.add(1),
        State::AfterShutdown => Counter::AfterShutdown.add(1),
        State::On | State::Disabled => {}
    }
}

/// Below this, a trace id's random bits say no.
pub(crate) fn sampling_threshold() -> u64 {
    SAMPLER.load(Relaxed)
}

pub(crate) fn attribute_value_bytes_max() -> usize {
    VALUE_BYTES_MAX.load(Relaxed)
}

pub(crate) fn ring_words() -> usize {
    RING_WORDS_SET.load(Relaxed)
}

pub(crate) fn threads_max() -> usize {
    THREADS_MAX_SET.load(Relaxed)
}

/// Whether spans say chosen values of the baggage: one load.
#[inline(always)]
pub(crate) fn stamps_baggage() -> bool {
    STATE.load(Relaxed) & STAMPS != 0
}

/// Lets spans say chosen values of the baggage, or not.
pub(crate) fn stamp_baggage(is_wanted: bool) {
    if is_wanted {
        STATE.fetch_or(STAMPS, Relaxed);
    } else {
        STATE.fetch_and(!STAMPS, Relaxed);
    }
}

/// Whether contents are captured: one load, before any is touched.
#[inline(always)]
pub(crate) fn captures_contents() -> bool {
    CAPTURE.load(Relaxed) != 0
}

pub(crate) fn content_queue_bytes_max() -> usize {
    CONTENT_QUEUE_BYTES_MAX_SET.load(Relaxed)
}
