//! What was recorded before a flush, on whatever thread, is delivered when the flush returns.
//!
//! The drain takes a command after a pass, and passes twice for it: once to the positions that are
//! there after the command was left, and once more to release what the first one held.

use crate::bell::Bell;
use crate::commands::Commands;
use crate::explored::with_three_preemptions;
use crate::held::Held;
use crate::lane::Lane;
use crate::rings::{claimed, record, visit};
use crate::sync::{Acquire, Release};
use loom::sync::Arc;
use loom::sync::atomic::AtomicBool;
use loom::thread;

struct Flush;

/// What the drain shares with those who record and flush.
struct Shared {
    lane: &'static Lane,
    bell: Bell,
    commands: Commands<Flush>,
    is_recorded: AtomicBool,
}

/// As `Drain::pass` goes, where every record is a span that has the foreign bit.
fn pass(lane: &Lane, held: &mut Held<u64>, delivered: &mut Vec<u64>) {
    let mut numbers = Vec::new();
    visit(lane, &mut numbers);
    numbers.into_iter().for_each(|number| held.hold(number));
    delivered.extend(held.due(usize::MAX));
    held.end_pass();
}

/// The drain until its first flush, for which it passes `passes` times; returns what it delivered.
fn drain(shared: &Shared, passes: usize) -> Vec<u64> {
    let (mut held, mut delivered) = (Held::default(), Vec::new());
    loop {
        pass(shared.lane, &mut held, &mut delivered);
        if !shared.commands.take().is_empty() {
            (0..passes).for_each(|_| pass(shared.lane, &mut held, &mut delivered));
            shared.commands.close();
            return delivered;
        }
        thread::park();
    }
}

/// One thread records, another one flushes when it may know of the first record.
///
/// Three preemptions: one in each of the recording, the flushing and the drain's pass. A flush of one pass
/// is caught within them.
fn flush(name: &str, passes: usize) {
    with_three_preemptions(name, move || {
        let commands = Commands::default();
        commands.open();
        let (lane, bell) = (claimed(), Bell::new());
        let is_recorded = AtomicBool::new(false);
        let shared = Arc::new(Shared { lane, bell, commands, is_recorded });
        let recording = {
            let (shared, bell) = (shared.clone(), shared.clone());
            let writer = lane.writer(move || bell.bell.ring());
            thread::spawn(move || {
                record(&writer, 1).expect("an empty ring has room");
                shared.is_recorded.store(true, Release);
                record(&writer, 2).is_ok()
            })
        };
        let draining = {
            let shared = shared.clone();
            thread::spawn(move || drain(&shared, passes))
        };
        shared.bell.lead_to(Some(draining.thread().clone()));
        let is_first_before = shared.is_recorded.load(Acquire);
        shared.commands.leave(Flush);
        shared.bell.ring();
        let delivered = draining.join().expect("the drain does not panic");
        recording.join().expect("the writer does not panic");
        assert!(!is_first_before || delivered.first() == Some(&1), "flushed: {delivered:?}");
    });
}

#[test]
fn loom_a_flush_delivers_what_was_recorded_before_it() {
    flush("a flush", 2);
}

#[test]
#[should_panic(expected = "flushed: []")]
fn loom_a_flush_of_one_pass_leaves_a_held_span_behind() {
    flush("a flush of one pass", 1);
}
