//! A collector that is slow or dead delays no other destination, nor the work that is traced.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod faults;

use exo_trace::Protocol::{Grpc, HttpProtobuf};
use exo_trace::{
    Memory, Protocol, SpanConsumer, SpanData, TraceBackend, clear_consumers, init,
    register_consumer, span_sync,
};
use faults::{Collector, Fault, PATIENCE, alone};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

const BOTH: [Protocol; 2] = [Grpc, HttpProtobuf];
const SPANS: u64 = 1_000;
const DEADLINE: Duration = Duration::from_millis(750);

fn record() {
    (0..SPANS).for_each(|n| drop(span_sync!("span", n)));
}

fn holds(memory: &Memory, spans: u64) -> bool {
    memory.spans().len() as u64 == spans
}

#[test]
fn memory_has_everything_while_the_collector_says_nothing() {
    let _alone = alone();
    for protocol in BOTH {
        for fault in [Fault::NeverAnswers, Fault::Refuses, Fault::status(503)] {
            let collector = Collector::with(protocol, fault);
            let trace = init(collector.config().also(TraceBackend::Memory));
            let trace = trace.expect("nothing records yet");
            record();
            let memory = trace.memory().expect("the memory backend").clone();
            let until = Instant::now() + PATIENCE;
            while !holds(&memory, SPANS) {
                assert!(Instant::now() < until, "{} spans", memory.spans().len());
                assert!(!trace.flush(Duration::from_millis(50)).is_complete());
            }
            record();
            let began = Instant::now();
            let delivery = trace.shutdown(DEADLINE);
            assert!(began.elapsed() < 2 * DEADLINE, "{delivery}");
            assert!(holds(&memory, 2 * SPANS), "{} spans", memory.spans().len());
            assert_eq!((delivery.delivered, delivery.lost.abandoned), (0, 2 * SPANS), "{delivery}");
        }
    }
}

/// Says of each span that it came.
struct Tells(Sender<()>);

impl SpanConsumer for Tells {
    fn consume(&self, _: &SpanData<'_>) {
        let _ = self.0.send(());
    }
}

#[test]
fn a_consumer_sees_each_span_although_nobody_asks_and_the_collector_says_nothing() {
    let _alone = alone();
    let collector = Collector::with(Grpc, Fault::NeverAnswers);
    let (tells, told) = channel();
    register_consumer(Tells(tells));
    let trace = init(collector.config()).expect("nothing records yet");
    record();
    for _ in 0..SPANS {
        told.recv_timeout(PATIENCE).expect("the consumer is not held up");
    }
    let _ = trace.shutdown(DEADLINE);
    clear_consumers();
    assert_eq!(collector.received().spans(), 0);
}

#[test]
fn a_collector_and_memory_have_the_same_spans() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        let trace = init(collector.config().also(TraceBackend::Memory));
        let trace = trace.expect("nothing records yet");
        record();
        let delivery = trace.shutdown(PATIENCE);
        assert!(delivery.is_complete(), "{delivery}");
        let memory = trace.memory().expect("the memory backend");
        assert!(holds(memory, SPANS));
        let received = collector.received();
        assert!(memory.spans().iter().all(|span| received.has(&span.span_id().to_string())));
        assert_eq!(received.spans(), SPANS);
    }
}

#[test]
fn a_queue_before_a_silent_collector_has_an_end_and_counts_what_comes_after() {
    let _alone = alone();
    let collector = Collector::with(Grpc, Fault::NeverAnswers);
    let config = collector.config().queue_spans_max(2_000).batch_spans_max(500);
    let trace = init(config.also(TraceBackend::Memory)).expect("nothing records yet");
    let rounds = 10;
    for _ in 0..rounds {
        record();
        let _ = trace.flush(Duration::from_millis(20));
    }
    let delivery = trace.shutdown(DEADLINE);
    let lost = delivery.lost;
    assert!(lost.queue_full > 0 && lost.abandoned > 0, "{delivery}");
    assert_eq!(lost.queue_full + lost.abandoned, rounds * SPANS, "{delivery}");
}
