//! A child that was forked while other threads captured and redacted waits for none of them.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace::{ToolSpan, TraceBackend, TraceConfig, TraceGuard, init, tool, traced};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, abort};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(20);
/// So many that some are forked while a lock is held.
const CHILDREN: usize = 300;

static IS_OVER: AtomicBool = AtomicBool::new(false);

fn start() -> TraceGuard {
    let config = TraceConfig::new("forked").backend(TraceBackend::Memory).capture_content(true);
    let config = config.redact(|_, text| text.replace("1953", "****").into());
    init(config.memory_spans_max(10)).expect("nothing records yet")
}

/// Takes the spans that the memory backend has now, as JSON.
fn told(trace: &TraceGuard) -> Vec<String> {
    let _ = trace.flush(DEADLINE);
    let memory = trace.memory().expect("the memory backend");
    let told = memory.spans().iter().map(|span| span.to_string()).collect();
    memory.clear();
    told
}

#[traced(extract_args)]
fn open(combination: &str) -> usize {
    combination.len()
}

fn look_up(said: &str) {
    let mut look_up = tool("look_up").start();
    look_up.arguments(said).result(said);
    open(said);
    look_up.end();
}

/// Captures and redacts all the time.
fn be_busy() {
    let mut busy = tool("busy").start();
    while !IS_OVER.load(Relaxed) {
        busy.arguments("1953");
        open("1953");
    }
    busy.end();
}

/// Ends here, without what a process does at its end: the destructors are the parent's.
fn in_child_of_busy_threads() -> ExitCode {
    let (done, is_done) = mpsc::channel::<()>();
    thread::spawn(move || {
        if is_done.recv_timeout(DEADLINE) == Err(mpsc::RecvTimeoutError::Timeout) {
            abort();
        }
    });
    look_up("1953");
    drop(done);
    let error = Command::new("true").exec();
    panic!("not replaced: {error}");
}

/// The child has its parent's rule until it sets its own, a queue of its own, and, after `init`, a drain.
fn in_child(parents: TraceGuard, left: ToolSpan) -> ExitCode {
    let trace = start();
    look_up("1953");
    let told = told(&trace);
    assert_eq!(told.len(), 2, "what its parent said is its parent's: {told:#?}");
    assert!(told.iter().all(|span| span.contains("****") && !span.contains("1953")), "{told:#?}");
    assert!(trace.losses().contents_evicted == 0, "{:?}", trace.losses());
    // Ends here: what was inherited belongs to the parent.
    std::mem::forget((parents, left));
    ExitCode::SUCCESS
}

fn succeeds(child: i32) {
    assert_eq!(fork::waitpid(child).expect("the child can be waited for"), 0);
}

/// Not under the test harness, which has threads of its own that a fork would cut off.
fn main() -> ExitCode {
    let trace = start();
    look_up("1953");
    let busy: Vec<_> = (0..2).map(|_| thread::spawn(be_busy)).collect();
    for _ in 0..CHILDREN {
        match fork::fork().expect("a child") {
            fork::Fork::Child => return in_child_of_busy_threads(),
            fork::Fork::Parent(child) => succeeds(child),
        }
    }
    IS_OVER.store(true, Relaxed);
    busy.into_iter().for_each(|thread| thread.join().expect("nothing panics there"));
    // Not all that the threads said, which is more than it keeps.
    told(&trace);

    let mut left = tool("left").start();
    left.arguments("1953");
    match fork::fork().expect("a child") {
        fork::Fork::Child => return in_child(trace, left),
        fork::Fork::Parent(child) => succeeds(child),
    }
    left.end();
    let told = told(&trace);
    let left = told.iter().find(|span| span.contains("execute_tool left")).expect("it was ended");
    assert!(left.contains("****"), "nothing was lost by forking: {left}");
    ExitCode::SUCCESS
}
