//! The 32-bit profile: the same spans on a chip of a few kilobytes, in records of single words.
//!
//! A span with two attributes is eight words in a static ring. Sites are numbers, ids are counted, time is
//! the timer's own; what that stands for in the rest of the world, the host works out from what the device
//! tells it once in a while. Nothing allocates, waits, fails, panics or formats, and no chip needs more for
//! it than to load and store a word.
//!
//! # Which call is allowed where
//!
//! Interrupts are masked by none of them, and there is no compare-and-swap. What makes that right is one
//! rule: **a ring for each priority**, with one [`Recorder`] for it at a time. A recorder is not `Sync`, so
//! the compiler sees to most of that; the numbers of the rings, which are part of every id, must differ.
//!
//! | call | where | cost |
//! |---|---|---|
//! | [`Sites::new`] | once at boot, before interrupts are on | a store a site, and a look at its letters |
//! | [`Recorder::new`] | main loop or interrupt, each for its own ring | ten loads and stores |
//! | [`Recorder::start`], [`OpenSpan::set`], the end of a span | where its recorder is | a hundred instructions together |
//! | [`Recorder::event`], [`attributes`](Recorder::attributes), [`link`](Recorder::link) | where its recorder is | as the end of a span |
//! | [`Recorder::text`], [`Recorder::continue_trace`] | where its recorder is | the same, and a few a word |
//! | [`Recorder::traced`] | tasks of one executor, in one priority | the same, and a few a poll |
//! | [`RingRef::reader`] | one place for each ring, the idle loop say; any writer may interrupt it | a few a word |
//! | [`HalfLaps::advance`] | one place, more than once in 2³¹ ticks | two loads, at times a store |
//! | [`RingRef::refused`], [`taken`](RingRef::taken), [`HalfLaps::count`] | anywhere | a load |
//! | [`RingRef::recorded`] | anywhere | a look at each record that waits |
//!
//! An interrupt that finds its ring full refuses its record and counts it; it never waits for the main loop.

mod aside;
mod clock;
mod current;
mod decode;
mod encode;
mod head;
mod local_id;
mod open_span;
mod record;
mod recorder;
mod ring;
mod site;
mod slot;
mod traced;
mod value;

#[doc(inline)]
pub use crate::__compact_site as site;
pub use clock::{Clock32, HalfLaps};
pub use decode::DecodeError;
pub use local_id::{LocalId, RECORDERS_MAX};
pub use open_span::OpenSpan;
pub use record::{Record, Target};
pub use recorder::Recorder;
pub use ring::{Ring, RingRef};
pub use site::{Site, SiteHead, Sites};
pub use slot::Slot;
pub use traced::Traced;
pub use value::{VALUES_MAX, Value32, Values};
