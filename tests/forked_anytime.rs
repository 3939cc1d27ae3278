//! A child that is forked at any moment records, starts and ends its own tracing, and waits for nobody.
//!
//! Whoever held a lock at that moment is not there to give it back. Other threads of the parent begin
//! spans, claim rings, make names and keys, set baggage and identities, and start and end recording, all
//! the time, while the process is forked again and again.
//!
//! Not while a thread begins or ends: std holds a lock of its own then, at which any thread that a child
//! starts would wait for ever.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod deadlines;

use deadlines::Watch;
use exo_trace::propagation::set_baggage;
use exo_trace::{Identity, Losses, Span, TraceBackend, TraceConfig, TraceGuard, init, span_sync};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, abort};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock, mpsc};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(30);
/// So many that some are forked while a lock is held.
const CHILDREN: usize = 400;
/// The spans of [`work`].
const SPANS: usize = 5;

static IS_OVER: AtomicBool = AtomicBool::new(false);
/// Numbers what is made at run time, so that it is new.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Read by whoever starts and ends threads, written by whoever forks.
static THREADS: RwLock<()> = RwLock::new(());

/// Starts and ends threads while nobody is forked.
fn with_threads<T>(deed: impl FnOnce() -> T) -> T {
    let _nobody_forks = THREADS.read().unwrap_or_else(PoisonError::into_inner);
    deed()
}

fn start() -> TraceGuard {
    let config = TraceConfig::new("forked").backend(TraceBackend::Memory).memory_spans_max(100);
    init(config.baggage_attributes(["tenant"])).expect("nothing records yet")
}

/// Does everything that a call site may need a lock for.
fn work() {
    let number = NUMBER.fetch_add(1, Relaxed);
    set_baggage("tenant", "t");
    let _who = Identity::new().session(format!("s-{}", number % 50)).attach();
    drop(span_sync!("plain", number));
    drop(exo_trace::span_sync("a name that is a value", ()));
    drop(exo_trace::span_sync(format!("made {}", number % 50), ()));
    let keyed = Span::start("keyed", ());
    keyed.set_attribute(format!("key.{}", number % 50), true);
    keyed.end();
    // A thread's first span claims a ring.
    with_threads(|| {
        let thread = thread::spawn(|| drop(span_sync!("on a thread")));
        thread.join().expect("it does not panic");
    });
}

/// Ends the process where it hangs; says that when it did not by being dropped.
fn watched() -> mpsc::Sender<()> {
    let (done, is_done) = mpsc::channel::<()>();
    thread::spawn(move || {
        if is_done.recv_timeout(DEADLINE) == Err(mpsc::RecvTimeoutError::Timeout) {
            abort();
        }
    });
    done
}

/// Works under its parent's settings, then begins anew and has its own spans and no others.
fn in_child(parents: Option<TraceGuard>) -> ExitCode {
    let done = watched();
    work();
    // Dropped as a program would drop it: at once, because its threads are the parent's.
    drop(parents);
    let watch = Watch::start("a forked child");
    let trace = start();
    work();
    assert!(trace.flush(DEADLINE).is_complete());
    watch.has_first();
    let delivery = watch.shutdown(&trace, DEADLINE);
    let spans = trace.memory().expect("the memory backend").spans();
    assert!(delivery.is_complete(), "{delivery}");
    assert_eq!((spans.len(), delivery.delivered), (SPANS, SPANS as u64), "its own, and no others");
    let tenants = spans.iter().filter(|span| span.attribute("tenant") == Some("t".into()));
    assert!(tenants.count() >= SPANS - 1, "what was chosen is said");
    drop(done);
    // Ends without what a process does at its end: the destructors are the parent's.
    let error = Command::new("true").exec();
    panic!("not replaced: {error}");
}

/// Forks again and again; in a child, returns what it ends with.
fn fork_children(mut parents: Option<TraceGuard>) -> Result<Option<TraceGuard>, ExitCode> {
    for _ in 0..CHILDREN {
        let forked = {
            let _no_thread_begins_or_ends = THREADS.write().unwrap_or_else(PoisonError::into_inner);
            fork::fork().expect("a child")
        };
        match forked {
            fork::Fork::Child => return Err(in_child(parents.take())),
            fork::Fork::Parent(child) => {
                let status = fork::waitpid(child).expect("the child can be waited for");
                assert_eq!(status, 0, "it neither hangs nor sends what is not its own");
            }
        }
    }
    Ok(parents)
}

fn until_it_is_over(deed: fn()) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        // Relaxed: it says only that there is nothing more to do.
        while !IS_OVER.load(Relaxed) {
            deed();
        }
    })
}

/// Starts recording, works, and ends it.
fn start_and_end() {
    let trace = with_threads(|| {
        let trace = start();
        // When this is answered the drain and its destination are there.
        assert!(trace.flush(DEADLINE).is_complete());
        trace
    });
    work();
    let story = "a process that forks meanwhile";
    let delivery = with_threads(|| deadlines::shutdown(story, &trace, DEADLINE));
    assert!(delivery.is_complete(), "{delivery}");
}

/// Runs deeds on threads of their own while children are forked.
fn beside(deeds: &[fn()], parents: Option<TraceGuard>) -> Result<Option<TraceGuard>, ExitCode> {
    IS_OVER.store(false, Relaxed);
    let busy: Vec<_> = deeds.iter().map(|deed| until_it_is_over(*deed)).collect();
    let parents = fork_children(parents)?;
    IS_OVER.store(true, Relaxed);
    busy.into_iter().for_each(|thread| thread.join().expect("nothing panics there"));
    Ok(parents)
}

/// Leaves out what memory has no room for, and what rings have none for where the drain gets no turn.
fn besides_load(mut lost: Losses) -> Losses {
    (lost.export_failed, lost.queue_full) = (0, 0);
    (lost.spans_refused, lost.no_lane) = (0, 0);
    (lost.facts_refused, lost.facts_evicted) = (0, 0);
    lost
}

fn tell() -> Result<(), ExitCode> {
    let trace = beside(&[work, work], Some(start()))?;
    let mut delivery = trace.expect("it is the parent's").shutdown(DEADLINE);
    delivery.lost = besides_load(delivery.lost);
    assert!(delivery.is_complete(), "nothing was lost by forking: {delivery}");
    println!("test a_child_forked_in_the_middle_of_the_work_waits_for_nobody ... ok");
    beside(&[start_and_end], None)?;
    println!("test a_child_forked_while_recording_starts_and_ends_waits_for_nobody ... ok");
    Ok(())
}

/// Not under the test harness, which has threads of its own that a fork would cut off.
fn main() -> ExitCode {
    tell().err().unwrap_or(ExitCode::SUCCESS)
}
