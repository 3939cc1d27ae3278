//! Whoever has read a span's record finds its content in the list, however small the look.

use crate::content_queue::{Captured, ContentQueue};
use crate::explored::in_full;
use crate::rings::{claimed, read, record};
use exo_trace_core::SpanId;
use loom::sync::Arc;
use loom::thread;

fn content(number: u64) -> Captured {
    let span_id = SpanId::new(number).expect("not zero");
    Captured { span_id, key: "gen_ai.output.messages", json: String::new() }
}

/// Two threads end a span each, on lanes of their own, while the drain passes.
#[test]
fn loom_a_span_that_was_read_has_its_content() {
    in_full("contents", || {
        let queue = Arc::new(ContentQueue::default());
        assert!(queue.take().is_empty());
        let lanes = [claimed(), claimed()];
        let threads = [(1, lanes[0]), (2, lanes[1])].map(|(number, lane)| {
            let (queue, writer) = (queue.clone(), lane.writer(|| {}));
            thread::spawn(move || {
                queue.push(content(number));
                record(&writer, number).expect("an empty ring has room");
            })
        });
        let mut found = Vec::new();
        for lane in &lanes {
            let mut spans = Vec::new();
            read(&mut lane.reader(), &mut spans);
            found.extend(queue.take().into_iter().map(|content| content.span_id.to_word()));
            assert!(spans.iter().all(|span| found.contains(span)), "{spans:?} of {found:?}");
        }
        threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
        found.extend(queue.take().into_iter().map(|content| content.span_id.to_word()));
        found.sort_unstable();
        assert_eq!(found, [1, 2], "each content once");
    });
}
