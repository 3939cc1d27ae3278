//! Runs a story in every order there is, and says how many there were.

use loom::model::Builder;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// How often a thread may look again while it waits for another.
const BRANCHES_MAX: usize = 100_000;

/// Runs `story` in every order.
pub(crate) fn in_full(name: &str, story: impl Fn() + Send + Sync + 'static) {
    explore(name, None, story);
}

/// Runs `story` in every order in which at most three threads are interrupted where they need not be:
/// for stories of three threads, of which there are too many orders.
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
