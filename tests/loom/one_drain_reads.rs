//! A drain that was left to itself and the one that `init` starts next never read at the same time.
//!
//! Every record comes out once: of the first drain, of the second, or as one that was left behind.

use crate::explored::{in_full, with_three_preemptions};
use crate::reading::Right;
use crate::rings::{claimed, record, visit};
use crate::sync::Relaxed;
use loom::sync::Arc;
use loom::sync::atomic::AtomicBool;
use loom::thread;

/// A thread records while one pipeline stops and the next one starts.
///
/// Three preemptions: of the thread that records, once in each of its records, and of one of the drains.
#[test]
fn loom_a_record_at_a_restart_comes_out_once() {
    with_three_preemptions("a restart", || {
        let right: &'static Right = Box::leak(Box::new(Right::new()));
        let first = right.take().expect("nobody has it");
        let (lane, is_on) = (claimed(), Arc::new(AtomicBool::new(true)));
        let recording = {
            let (writer, is_on) = (lane.writer(|| {}), is_on.clone());
            thread::spawn(move || {
                // Relaxed, as call sites ask.
                (1..=2).filter(|&n| is_on.load(Relaxed) && record(&writer, n).is_ok()).collect()
            })
        };
        let stopping = {
            let is_on = is_on.clone();
            thread::spawn(move || {
                is_on.store(false, Relaxed);
                let mut numbers = Vec::new();
                visit(lane, &mut numbers);
                drop(first);
                numbers
            })
        };
        let second = right.take().expect("the first lets go of it");
        let left_behind = lane.reader().skip();
        is_on.store(true, Relaxed);
        let mut later = Vec::new();
        visit(lane, &mut later);
        let recorded: Vec<u64> = recording.join().expect("the writer does not panic");
        let numbers = stopping.join().expect("the first drain does not panic");
        visit(lane, &mut later);
        drop(second);
        assert_eq!(numbers.len() + left_behind + later.len(), recorded.len(), "each once");
        assert!(numbers.iter().chain(&later).is_sorted(), "in order: {numbers:?}, {later:?}");
        assert_eq!(lane.ring().taken(), recorded.len(), "no drain forgets what the other took");
    });
}

#[test]
fn loom_a_right_that_was_given_back_is_had_by_one_of_two() {
    in_full("two drains start", || {
        let right: &'static Right = Box::leak(Box::new(Right::new()));
        let first = right.take().expect("nobody has it");
        let lane = claimed();
        let writer = lane.writer(|| {});
        record(&writer, 1).expect("an empty ring has room");
        let rivals = [(); 2].map(|()| {
            thread::spawn(move || {
                let _reading = right.take().expect("whoever has it lets go");
                let mut numbers = Vec::new();
                visit(lane, &mut numbers);
                numbers
            })
        });
        drop(first);
        let [mut one, other] = rivals.map(|rival| rival.join().expect("no drain panics"));
        one.extend(other);
        assert_eq!(one, [1], "read by one of them");
    });
}
