//! Runs a story in every order there is, and says how many there were.
//!
//! Loom's search has a hole. Before an access it looks for a race with the last access of that place, and
//! where that is the thread's own, or known to it, it looks no further back. Of these two it therefore
//! never tries the store first, if it began with the load on the left:
//!
//! ```text
//! reader                 writer
//! x.load(Acquire)        x.load(Relaxed)
//!                        x.store(1, Release)
//! ```
//!
//! So in these models whoever loads a place to store to it later does so before the threads start (a
//! ring's writer), or is the first to run, from where the search goes back load by load.

use crate::sync::{Acquire, Relaxed, Release};
use loom::model::Builder;
use loom::sync::atomic::AtomicU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

/// How often a thread may look again while it waits for another.
const BRANCHES_MAX: usize = 100_000;

/// Runs `story` in every order.
pub(crate) fn in_full(name: &str, story: impl Fn() + Send + Sync + 'static) {
    explore(name, None, story);
}

/// Runs `story` in every order in which threads are interrupted at most three times where they could go on:
/// for stories of three threads that have too many orders to be run at every change. Each says why three.
pub(crate) fn with_three_preemptions(name: &str, story: impl Fn() + Send + Sync + 'static) {
    explore(name, Some(3), story);
}

fn explore(name: &str, preemptions: Option<usize>, story: impl Fn() + Send + Sync + 'static) {
    let executions = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&executions);
    let mut builder = Builder::new();
    builder.preemption_bound = preemptions;
    builder.max_branches = BRANCHES_MAX;
    builder.check(move || {
        counted.fetch_add(1, Relaxed);
        story();
    });
    let bound = preemptions.map_or("no bound".to_owned(), |most| format!("{most} preemptions"));
    println!("{name}: {} executions, {bound}", executions.load(Relaxed));
}

/// If this fails, Loom looks further back, and the sides of a ring need not be made before their threads.
#[test]
fn loom_does_not_try_a_store_before_a_load_that_came_before_both() {
    let is_stored_seen = Arc::new(AtomicBool::new(false));
    let is_seen = Arc::clone(&is_stored_seen);
    in_full("a store behind a load", move || {
        let place = loom::sync::Arc::new(AtomicU32::new(0));
        let written = place.clone();
        let writer = loom::thread::spawn(move || written.store(written.load(Relaxed) + 1, Release));
        is_seen.fetch_or(place.load(Acquire) > 0, Relaxed);
        writer.join().expect("the writer does not panic");
    });
    assert!(!is_stored_seen.load(Relaxed), "the order is tried");
}
