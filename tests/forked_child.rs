//! A forked child starts without its parent's threads: it may call `init` and record on its own.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use exo_trace::{SpanGuard, TraceBackend, TraceConfig, TraceGuard, init, span_sync};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(20);
/// How many spans each thread of the child ends.
const SPANS: usize = 10;

fn start() -> TraceGuard {
    init(TraceConfig::new("forked").backend(TraceBackend::Memory)).expect("nothing records yet")
}

/// Returns how many spans of this name the memory backend has, and the id of the first.
fn recorded(trace: &TraceGuard, name: &str) -> (usize, String) {
    assert!(trace.flush(DEADLINE).is_complete(), "the drain answers");
    let spans = trace.memory().expect("the memory backend").named(name);
    (spans.len(), spans.first().map_or(String::new(), |span| span.span_id().to_string()))
}

fn in_child(parents: TraceGuard, open: SpanGuard) -> ExitCode {
    // Its drain was not forked, so it can only say at once that nothing was done.
    assert!(!parents.flush(DEADLINE).is_complete());
    // It has a ring under its parent's settings, and keeps it when its process starts anew.
    let (is_ready, ready) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let early = thread::spawn(move || {
        drop(span_sync!("before its init"));
        is_ready.send(()).expect("somebody waits");
        may_go.recv().expect("somebody says so");
        (0..SPANS).for_each(|_| drop(span_sync!("on an early thread")));
    });
    ready.recv().expect("it is ready");
    let trace = start();
    drop(span_sync!("in the child"));
    let (spans, id) = recorded(&trace, "in the child");
    println!("child {spans} {id}");
    let late = thread::spawn(move || {
        (0..SPANS).for_each(|_| drop(span_sync!("on a late thread")));
        go.send(()).expect("somebody waits");
        early.join().expect("it does not panic");
    });
    late.join().expect("it does not panic");
    let both = ["on a late thread", "on an early thread"].map(|name| recorded(&trace, name).0);
    assert_eq!(both, [SPANS; 2], "each thread has a ring of its own");
    assert_eq!(recorded(&trace, "before its init").0, 0, "what was before is left behind");
    drop(open);
    assert_eq!(recorded(&trace, "open at the fork").0, 0, "its parent delivers it");
    // Ends here: the destructors of what was inherited belong to the parent.
    std::mem::forget(parents);
    if spans == 1 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Not under the test harness, which has threads of its own that a fork would cut off.
fn main() -> ExitCode {
    let trace = start();
    drop(span_sync!("before the fork"));
    assert_eq!(recorded(&trace, "before the fork").0, 1);
    // In a ring, and not drained, when the process is forked.
    drop(span_sync!("left in the ring"));
    let open = span_sync!("open at the fork");
    match fork::fork() {
        Ok(fork::Fork::Child) => in_child(trace, open),
        Ok(fork::Fork::Parent(child)) => {
            let status = fork::waitpid(child).expect("the child can be waited for");
            drop(span_sync!("after the fork"));
            drop(open);
            assert_eq!(recorded(&trace, "open at the fork").0, 1, "the parent ends it");
            assert_eq!(recorded(&trace, "after the fork").0, 1, "the parent goes on");
            assert_eq!(recorded(&trace, "left in the ring").0, 1, "nothing was lost by forking");
            assert_eq!(status, 0, "the child recorded its own span and nothing else");
            ExitCode::SUCCESS
        }
        Err(error) => panic!("no child: {error:?}"),
    }
}
