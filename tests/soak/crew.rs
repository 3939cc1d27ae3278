//! Who works: two threads, a runtime of two, and threads that are born, record and die.

use crate::pace::Pace;
use crate::tasks;
use crate::work::{self, Desk, MEANT_TO_PANIC, plain};
use exo_trace::span_sync;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::sync_channel;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

const RUNTIME_THREADS: usize = 2;
const TASKS: u64 = 4;
/// How many spans may wait for another thread.
const DESK_LEN: usize = 1_024;
/// How often a thread is born.
const BIRTH_EVERY: Duration = Duration::from_millis(50);
/// One in so many dies of a panic, in the middle of a span.
const PANIC_EVERY: u64 = 4;

pub(crate) struct Crew {
    threads: Vec<JoinHandle<Desk>>,
    births: JoinHandle<()>,
    runtime: Runtime,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    begun: AtomicU64,
    /// Nobody looks at the clock.
    is_hurried: AtomicBool,
    is_over: AtomicBool,
}

impl Shared {
    fn add(&self, spans: u64) {
        // Relaxed: a count, read in full after its threads were joined.
        self.begun.fetch_add(spans, Relaxed);
    }

    fn is_hurried(&self) -> bool {
        // Relaxed: it says only how fast.
        self.is_hurried.load(Relaxed)
    }

    fn is_over(&self) -> bool {
        // Relaxed: it says only that there is nothing more to do.
        self.is_over.load(Relaxed)
    }
}

impl Crew {
    /// Lets all of them work, as fast as they can until they are told to keep together to this rate.
    pub(crate) fn hurry(spans_per_second: u64) -> Self {
        let shared = Arc::new(Shared { is_hurried: AtomicBool::new(true), ..Shared::default() });
        let runtime =
            Builder::new_multi_thread().worker_threads(RUNTIME_THREADS).enable_time().build();
        let runtime = runtime.expect("the machine has room for a runtime");
        let threads = desks().map(|desk| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || work_at(desk, &shared, spans_per_second / 4))
        });
        let births = Arc::clone(&shared);
        let births = thread::spawn(move || give_birth(&births));
        let tasks = (0..TASKS).map(|_| {
            let shared = Arc::clone(&shared);
            runtime.spawn(work_in_turns(shared, spans_per_second / 2 / TASKS))
        });
        let (threads, tasks) = (threads.into(), tasks.collect());
        Self { threads, births, runtime, tasks, shared }
    }

    /// Lets them keep to their rate from here on.
    pub(crate) fn keep_to_the_clock(&self) {
        // Relaxed: as in `Shared::is_hurried`.
        self.shared.is_hurried.store(false, Relaxed);
    }

    /// Returns how many spans were begun, but for what a round holds that is under way.
    pub(crate) fn begun(&self) -> u64 {
        // Relaxed: as in `Shared::add`.
        self.shared.begun.load(Relaxed)
    }

    /// Ends all work and returns how many spans were begun.
    pub(crate) fn end(self) -> u64 {
        // Relaxed: as in `Shared::is_over`.
        self.shared.is_over.store(true, Relaxed);
        for task in self.tasks {
            self.runtime.block_on(task).expect("no task panics");
        }
        drop(self.runtime);
        self.births.join().expect("no thread panics that shall not");
        let desks =
            self.threads.into_iter().map(|thread| thread.join().expect("it does not panic"));
        let desks: Vec<Desk> = desks.collect();
        // What one sent when the other had already left.
        desks.iter().for_each(Desk::clear);
        self.shared.begun.load(Relaxed)
    }
}

/// Two desks that send to each other.
fn desks() -> [Desk; 2] {
    let (outbox, other_inbox) = sync_channel(DESK_LEN);
    let (other_outbox, inbox) = sync_channel(DESK_LEN);
    [Desk { outbox, inbox }, Desk { outbox: other_outbox, inbox: other_inbox }]
}

fn work_at(desk: Desk, shared: &Shared, spans_per_second: u64) -> Desk {
    let mut pace = Pace::new(spans_per_second);
    for number in 0.. {
        if shared.is_over() {
            break;
        }
        let spans = work::round(number, &desk);
        shared.add(spans);
        if shared.is_hurried() {
            pace = Pace::new(spans_per_second);
        } else if let Some(wait) = pace.wait_after(spans) {
            thread::sleep(wait);
        }
    }
    desk
}

async fn work_in_turns(shared: Arc<Shared>, spans_per_second: u64) {
    let mut pace = Pace::new(spans_per_second);
    for number in 0.. {
        if shared.is_over() {
            break;
        }
        let spans = tasks::round(number).await;
        shared.add(spans);
        if shared.is_hurried() {
            pace = Pace::new(spans_per_second);
        } else if let Some(wait) = pace.wait_after(spans) {
            tokio::time::sleep(wait).await;
        }
    }
}

fn give_birth(shared: &Shared) {
    for number in 0.. {
        if shared.is_over() {
            break;
        }
        let (life, spans) = match number % PANIC_EVERY {
            0 => (thread::spawn(move || die(number)), work::PLAIN + 1),
            _ => (thread::spawn(move || _ = plain(number)), work::PLAIN),
        };
        // How it died, its spans say.
        let _ = life.join();
        shared.add(spans);
        thread::sleep(BIRTH_EVERY);
    }
}

fn die(number: u64) {
    plain(number);
    let _dies = span_sync!("dies", number);
    panic!("{MEANT_TO_PANIC}");
}
