//! Threads that end badly: in a panic, in the middle of a span, in a destructor of their own storage.

mod laws;

use exo_trace::{Context, TraceBackend, TraceConfig, init, span_sync};
use std::cell::RefCell;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

/// Traces while its thread's storage is torn down.
struct LastWords(mpsc::Sender<()>);

impl Drop for LastWords {
    fn drop(&mut self) {
        let span = span_sync!("last words", text = "said in a destructor");
        span.add_event("goodbye", ());
        drop(span);
        let _ = Context::current();
        let _ = self.0.send(());
    }
}

thread_local! {
    static LAST_WORDS: RefCell<Option<LastWords>> = const { RefCell::new(None) };
}

#[test]
fn whatever_a_dying_thread_does_is_delivered_or_counted() {
    let trace = init(TraceConfig::new("dying").backend(TraceBackend::Memory)).expect("it starts");

    let panicked = thread::spawn(|| {
        let _outer = span_sync!("outer");
        let _inner = span_sync!("inner");
        panic!("in the middle of a span");
    });
    assert!(panicked.join().is_err());

    let abandoned = thread::spawn(|| {
        let guard = span_sync!("abandoned");
        std::mem::forget(guard);
    });
    abandoned.join().expect("it does not panic");

    // The storage is torn down in an order of the system's own: before our ring is given back, or
    // after. Both ways round, the words are said and the program goes on.
    let (said, heard) = mpsc::channel();
    for is_traced_first in [true, false] {
        let said = said.clone();
        let dies = thread::spawn(move || {
            if is_traced_first {
                drop(span_sync!("first"));
            }
            LAST_WORDS.set(Some(LastWords(said)));
            drop(span_sync!("second"));
        });
        dies.join().expect("it does not panic");
        heard.recv_timeout(DEADLINE).expect("the destructor ran to its end");
    }

    let delivery = trace.shutdown(DEADLINE);
    let memory = trace.memory().expect("the memory backend");
    laws::tree_of(memory);
    for name in ["outer", "inner"] {
        assert_eq!(memory.named(name)[0].attribute("exo.outcome"), Some("panic".into()));
    }
    assert_eq!(memory.named("abandoned").len(), 0);
    assert_eq!((memory.named("first").len(), memory.named("second").len()), (1, 2));
    let last_words = memory.named("last words").len() as u64;
    assert!(last_words == 2 || delivery.lost.thread_gone > 0, "{delivery}");
    assert_eq!(delivery.delivered, 5 + last_words);
}
