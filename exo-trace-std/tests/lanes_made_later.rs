//! Whoever looked at the lanes once learns of those that threads made since, in their order, and of each once.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod drain;

use drain::Drain;
use exo_trace_std::{Settings, registry, span_sync};
use std::ptr;
use std::sync::Barrier;
use std::thread;

#[test]
fn a_look_that_is_refreshed_is_a_look_at_all_of_them() {
    let mut drain = Drain::start(Settings::default());
    let mut known = registry::snapshot();
    let before = known.len();
    let both_have_a_lane = Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                drop(span_sync!("first of its thread"));
                both_have_a_lane.wait();
            });
        }
    });
    for _ in 0..2 {
        registry::refresh(&mut known);
        let all = registry::snapshot();
        assert_eq!((known.len(), all.len()), (before + 2, before + 2));
        assert!(known.iter().zip(&all).all(|(one, other)| ptr::eq(*one, *other)));
    }
    assert_eq!((drain.spans(), drain.counted()), (2, Vec::new()));
}
