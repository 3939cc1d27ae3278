//! What threads and the drain hand each other, in every order that Loom can find.
//!
//! The files between them are those that the crates are built from: here they find Loom's locks and
//! atomics where `crate::sync` says the machine's. Around them stands the least that they ask for.
//!
//! Run with `RUSTFLAGS="--cfg exo_loom" cargo test -p exo-trace-loom --release`. That these models can
//! fail is proved by `tests/loom/mutants.sh`, which weakens the same files.
//!
//! Loom runs each thread's loads and stores in program order, so no load returns a store that comes
//! later (no load buffering); whoever is woken knows at once what the waker knew, parked or not; and no
//! time passes, so that what only a time-out would end never ends.
#![cfg(exo_loom)]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]
#![allow(dead_code, unused_imports, reason = "of each file its model needs a part")]
#![allow(unreachable_pub, reason = "what is public stands in its crate")]
#![allow(unfulfilled_lint_expectations, reason = "what a lint says of the public it says there")]

#[path = "../../exo-trace-std/src/registry/bell.rs"]
mod bell;
#[path = "../../exo-trace-export/src/commands.rs"]
mod commands;
#[path = "../../exo-trace-std/src/content/queue/mod.rs"]
mod content_queue;
#[path = "../../exo-trace-export/src/held.rs"]
mod held;
#[path = "../../exo-trace-core/src/intern.rs"]
mod intern;
#[path = "../../exo-trace-std/src/lane/mod.rs"]
mod lane;
#[path = "../../exo-trace-core/src/number.rs"]
mod number;
#[path = "../../exo-trace-std/src/per_process.rs"]
mod per_process;
#[path = "../../exo-trace-std/src/process.rs"]
mod process;
#[path = "../../exo-trace-export/src/reading.rs"]
mod reading;

/// What the files ask another crate for; it is this one.
extern crate self as exo_trace_std;
pub(crate) use process::process_id;

mod contents_come_before_their_span;
mod explored;
mod facts_of_other_lanes_join;
mod flush_delivers_what_was_before;
mod interned_once;
mod lane_changes_hands;
mod one_drain_reads;
mod rings;
mod sync;
mod wake_of_a_sleeping_drain;

/// What the list of contents counts; no content of these models is refused.
mod counters {
    pub(crate) enum Counter {
        ContentsRefused,
        FormatPanicked,
    }

    impl Counter {
        pub(crate) fn add(self, _: u64) {
            unreachable!("no content is refused");
        }
    }
}

/// What the list of contents may hold.
mod settings {
    pub(crate) fn content_queue_bytes_max() -> usize {
        1 << 20
    }
}

/// Whom the list of contents wakes past half, which these models do not reach.
mod registry {
    pub(crate) fn wake_drain() {
        unreachable!("the list is not half full");
    }
}
