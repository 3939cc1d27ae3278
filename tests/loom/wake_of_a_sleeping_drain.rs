//! A drain that sleeps is woken by a ring past half and by a command, and nothing else wakes it.
//!
//! In a model no time passes: a drain whose wake-up is lost sleeps for ever, and Loom says so.

use crate::bell::Bell;
use crate::commands::Commands;
use crate::explored::{in_full, with_three_preemptions};
use crate::lane::Lane;
use crate::rings::{claimed, record, visit};
use loom::sync::Arc;
use loom::thread;

struct Stop;

/// What the drain shares with those who wake it.
struct Shared {
    lane: &'static Lane,
    bell: Bell,
    commands: Commands<Stop>,
}

impl Shared {
    fn new() -> Arc<Self> {
        let commands = Commands::default();
        commands.open();
        Arc::new(Self { lane: claimed(), bell: Bell::new(), commands })
    }

    /// The drain, as `Drain::run` goes: a pass, the commands, sleep.
    fn drain(&self) -> Vec<u64> {
        let mut numbers = Vec::new();
        loop {
            visit(self.lane, &mut numbers);
            if !self.commands.take().is_empty() {
                visit(self.lane, &mut numbers);
                self.commands.close();
                return numbers;
            }
            thread::park();
        }
    }

    /// Appends records, each as often as it takes.
    fn fill(&self, records: u64) {
        let writer = self.lane.writer(|| self.bell.ring());
        for number in 1..=records {
            while record(&writer, number).is_err() {
                thread::yield_now();
            }
        }
    }

    fn stop(&self) {
        self.commands.leave(Stop);
        self.bell.ring();
    }
}

/// Starts the drain as the pipeline does.
fn start(shared: &Arc<Shared>) -> thread::JoinHandle<Vec<u64>> {
    let drain = shared.clone();
    let drain = thread::spawn(move || drain.drain());
    shared.bell.lead_to(Some(drain.thread().clone()));
    drain
}

#[test]
fn loom_a_drain_that_sleeps_is_woken_by_a_command() {
    in_full("a command wakes", || {
        let shared = Shared::new();
        let drain = start(&shared);
        shared.stop();
        assert!(drain.join().expect("the drain does not panic").is_empty());
    });
}

#[test]
fn loom_whoever_waits_for_room_gets_it() {
    in_full("a full ring wakes", || {
        let shared = Shared::new();
        let drain = start(&shared);
        shared.fill(3);
        shared.stop();
        assert_eq!(drain.join().expect("the drain does not panic"), [1, 2, 3]);
    });
}

/// A thread that records already fills its ring while the drain is being started.
///
/// Three preemptions: one of each thread. Who forgets what was rung too early is caught within them.
#[test]
fn loom_a_ring_that_fills_before_the_drain_is_known_wakes_it_too() {
    with_three_preemptions("a full ring wakes a drain that starts", || {
        let shared = Shared::new();
        let filling = shared.clone();
        let filling = thread::spawn(move || filling.fill(3));
        let drain = start(&shared);
        filling.join().expect("the writer does not panic");
        shared.stop();
        assert_eq!(drain.join().expect("the drain does not panic"), [1, 2, 3]);
    });
}
