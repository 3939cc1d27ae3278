//! A fault that passes loses nothing: what can be sent again is, and arrives once.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod faults;

use exo_trace::Protocol::{Grpc, HttpProtobuf};
use exo_trace::{Protocol, TraceGuard, init, span_sync};
use faults::{Collector, Fault, PATIENCE, alone, grpc};
use std::time::{Duration, Instant};

const BOTH: [Protocol; 2] = [Grpc, HttpProtobuf];
const SPANS: u64 = 1_000;

fn begin(collector: &Collector) -> TraceGuard {
    // Sent as soon as it is there: what passes is the fault, not the time.
    let config = collector.config().batch_delay(Duration::from_millis(1));
    init(config).expect("nothing records yet")
}

fn record() {
    (0..SPANS).for_each(|n| drop(span_sync!("span", n)));
}

/// Checks that everything arrived, and nothing twice that need not.
fn has_everything(collector: &Collector, trace: &TraceGuard, spans: u64) {
    let delivery = trace.shutdown(PATIENCE);
    assert!(delivery.is_complete(), "{delivery}");
    assert_eq!(delivery.delivered, spans, "{delivery}");
    let received = collector.received();
    assert_eq!((received.spans(), received.needlessly_again()), (spans, 0));
}

/// Flushes, with too little time, until so many spans have arrived and so many wait.
fn wait_for(trace: &TraceGuard, delivered: u64, queued: u64) {
    let until = Instant::now() + PATIENCE;
    loop {
        let flushed = trace.flush(Duration::from_millis(50));
        assert!(!flushed.is_complete() && flushed.lost.is_none(), "{flushed}");
        if (flushed.delivered, flushed.queued) == (delivered, queued) {
            break;
        }
        assert!(Instant::now() < until, "{flushed}");
    }
}

/// Everything arrives although the first requests, or connections, have these faults.
fn survives(protocol: Protocol, first: &[Fault]) {
    let collector = Collector::start(protocol);
    collector.tell_first(first);
    let trace = begin(&collector);
    record();
    let flushed = trace.flush(PATIENCE);
    assert!(flushed.is_complete(), "{first:?} over {protocol:?}: {flushed}");
    assert_eq!(flushed.delivered, SPANS, "{first:?} over {protocol:?}: {flushed}");
    has_everything(&collector, &trace, SPANS);
}

#[test]
fn a_collector_that_is_busy_twice_gets_everything() {
    let _alone = alone();
    for protocol in BOTH {
        survives(protocol, &[Fault::status(503), Fault::status(429)]);
        survives(protocol, &[Fault::status(502), Fault::status(504)]);
        survives(protocol, &[Fault::Status { status: 503, retry_after: Some("0") }; 2]);
        survives(protocol, &[Fault::Status { status: 429, retry_after: Some("1") }]);
        survives(protocol, &[Fault::Status { status: 503, retry_after: Some("soon") }]);
    }
}

#[test]
fn each_code_that_may_be_sent_again_is() {
    let _alone = alone();
    // CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS.
    [1, 4, 10, 11, 14, 15].into_iter().for_each(|code| survives(Grpc, &[Fault::code(code)]));
}

#[test]
fn a_pause_that_the_collector_asks_for_is_kept_and_no_more() {
    let _alone = alone();
    let pause = Some(Duration::from_millis(50));
    for code in [grpc::RESOURCE_EXHAUSTED, grpc::UNAVAILABLE] {
        survives(Grpc, &[Fault::Code { code, pause }; 3]);
    }
}

#[test]
fn a_connection_that_breaks_is_made_again() {
    let _alone = alone();
    for protocol in BOTH {
        survives(protocol, &[Fault::Resets; 2]);
        survives(protocol, &[Fault::ClosesMidAnswer]);
    }
}

#[test]
fn a_shutdown_tries_again_as_a_flush_does() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        collector.tell_first(&[Fault::status(503); 2]);
        let trace = begin(&collector);
        record();
        has_everything(&collector, &trace, SPANS);
    }
}

#[test]
fn a_connection_that_went_stale_is_made_again_at_shutdown() {
    let _alone = alone();
    for protocol in BOTH {
        for fault in [Fault::Resets, Fault::ClosesMidAnswer] {
            let collector = Collector::start(protocol);
            let trace = begin(&collector);
            record();
            assert!(trace.flush(PATIENCE).is_complete());
            collector.tell_first(&[fault]);
            record();
            has_everything(&collector, &trace, 2 * SPANS);
        }
    }
}

#[test]
fn a_collector_that_starts_late_gets_everything() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::with(protocol, Fault::Refuses);
        let trace = begin(&collector);
        record();
        wait_for(&trace, 0, SPANS);
        collector.recover();
        record();
        let flushed = trace.flush(PATIENCE);
        assert!(flushed.is_complete(), "{flushed}");
        has_everything(&collector, &trace, 2 * SPANS);
    }
}

#[test]
fn a_collector_that_starts_again_gets_everything() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        let trace = begin(&collector);
        record();
        assert!(trace.flush(PATIENCE).is_complete());
        collector.tell(Fault::Refuses);
        record();
        wait_for(&trace, SPANS, SPANS);
        collector.recover();
        has_everything(&collector, &trace, 2 * SPANS);
    }
}

#[test]
fn a_collector_that_was_silent_gets_everything_when_it_speaks() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::with(protocol, Fault::NeverAnswers);
        let trace = begin(&collector);
        record();
        collector.wait_until(|received| received.connections > 0);
        wait_for(&trace, 0, SPANS);
        collector.recover();
        has_everything(&collector, &trace, SPANS);
    }
}

#[test]
fn a_request_that_takes_too_long_is_sent_again() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        let config = collector.config().timeout(Duration::from_millis(200));
        let trace =
            init(config.batch_delay(Duration::from_millis(1))).expect("nothing records yet");
        record();
        assert!(trace.flush(PATIENCE).is_complete());
        collector.tell(Fault::NeverAnswers);
        let (connections, requests) = {
            let received = collector.received();
            (received.connections, received.requests)
        };
        record();
        // A second request, or a second connection, on which it says nothing either.
        collector.wait_until(|received| {
            received.requests > requests + 1 || received.connections > connections
        });
        collector.recover();
        let delivery = trace.shutdown(PATIENCE);
        assert!(delivery.is_complete(), "{delivery}");
        // Some of them perhaps twice: the collector spoke, and nobody listened any more.
        assert_eq!((delivery.delivered, collector.received().spans()), (2 * SPANS, 2 * SPANS));
    }
}

#[test]
fn spans_are_given_up_when_they_were_tried_for_long_enough() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::with(protocol, Fault::status(503));
        let config = collector.config().give_up_after(Duration::from_millis(300));
        let trace =
            init(config.batch_delay(Duration::from_millis(1))).expect("nothing records yet");
        record();
        let flushed = trace.flush(PATIENCE);
        assert_eq!((flushed.delivered, flushed.lost.export_failed), (0, SPANS), "{flushed}");
        collector.recover();
        record();
        let delivery = trace.shutdown(PATIENCE);
        assert_eq!((delivery.delivered, delivery.lost.export_failed), (SPANS, SPANS));
        assert_eq!(collector.received().spans(), SPANS);
    }
}
