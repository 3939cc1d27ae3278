//! A million spans of sixteen threads: each is read once, in order, or counted as refused.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "each file of tests asks its own questions")]
mod drain;

use drain::Drain;
use exo_trace_core::{Record, SpanRecord, Value};
use exo_trace_std::{Counter, Settings, registry, span_sync};
use std::thread::{self, JoinHandle};

const THREADS: usize = 16;
const SPANS_EACH: usize = 62_500;

/// What was read of each thread: how many spans, and the number of the last one.
#[derive(Default)]
struct Read {
    spans: usize,
    last: [Option<i64>; THREADS],
}

impl Read {
    fn see(&mut self, span: &SpanRecord<'_>) {
        let mut values = span.attributes.iter().map(|attribute| attribute.value);
        let (Some(Value::I64(thread)), Some(Value::I64(number))) = (values.next(), values.next())
        else {
            panic!("{span:?}, expected a thread and a number");
        };
        let last = &mut self.last[thread as usize];
        assert!(*last < Some(number), "thread {thread}: {number} came after {last:?}");
        *last = Some(number);
        self.spans += 1;
    }
}

#[test]
fn a_million_spans_are_read_or_refused() {
    // Small rings, so that some are refused.
    let mut drain = Drain::start(Settings { ring_words: 1_024, ..Settings::default() });
    let work = |thread: usize| {
        (0..SPANS_EACH).for_each(|number| {
            let _span = span_sync!("work", thread, number);
        });
    };
    let threads: Vec<_> = (0..THREADS).map(|thread| thread::spawn(move || work(thread))).collect();
    let mut read = Read::default();
    let mut pass = || {
        drain.pass(|record| match record {
            Record::Span(span) => read.see(&span),
            other => panic!("{other:?}, expected spans only"),
        });
    };
    while !threads.iter().all(JoinHandle::is_finished) {
        pass();
        thread::yield_now();
    }
    threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
    pass();

    let lanes = registry::snapshot();
    let sum = |count: fn(&exo_trace_std::Lane) -> usize| -> usize {
        lanes.iter().map(|lane| count(lane)).sum()
    };
    let refused = sum(|lane| lane.ring().refused());
    assert_eq!(read.spans + refused, 1_000_000);
    assert_eq!(sum(|lane| lane.ring().recorded()), read.spans, "all that was accepted was read");
    assert_eq!(sum(|lane| lane.ring().taken()), read.spans);
    assert_eq!(Counter::SpansRefused.value(), refused as u64, "no span was lost in another way");
}
