//! Requests are cut by bytes: what is too long for a collector goes in halves, or alone, or is counted.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod faults;

use exo_trace::Protocol::{Grpc, HttpProtobuf};
use exo_trace::{Protocol, TraceConfig, init, span_sync};
use faults::{Collector, Fault, PATIENCE, alone, lost_of};

const BOTH: [Protocol; 2] = [Grpc, HttpProtobuf];
/// What collectors take at most unless they are told otherwise.
const REQUEST_BYTES_MAX: usize = 4 << 20;
/// Nearly what one record holds.
const TEXT_BYTES: usize = 500_000;
const KEYS: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const _: () = assert!(KEYS.len() * TEXT_BYTES > REQUEST_BYTES_MAX);

/// Rings in which such a text has room, and many of them.
fn roomy(collector: &Collector) -> TraceConfig {
    collector.config().ring_bytes(16 << 20).attribute_value_bytes_max(TEXT_BYTES)
}

/// A span with so many long texts.
fn long_span(texts: usize) {
    let text = "x".repeat(TEXT_BYTES);
    let span = span_sync!("long");
    for key in KEYS.into_iter().take(texts) {
        span.set_attribute(key, text.as_str());
    }
}

#[test]
fn a_span_longer_than_any_request_goes_alone_and_takes_no_other_with_it() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        let trace = init(roomy(&collector)).expect("nothing records yet");
        (0..10).for_each(|n| drop(span_sync!("before", n)));
        long_span(KEYS.len());
        (0..10).for_each(|n| drop(span_sync!("after", n)));
        let delivery = trace.shutdown(PATIENCE);
        let received = collector.received();
        assert!(received.longest <= REQUEST_BYTES_MAX, "{} bytes", received.longest);
        // Cut down it arrives; where nothing could be cut it is the one that is counted.
        assert_eq!(delivery.delivered, received.spans(), "{delivery}");
        assert_eq!(received.spans() + delivery.lost.too_long, 21, "{delivery}");
        assert_eq!(lost_of(&delivery), delivery.lost.too_long, "{delivery}");
    }
}

#[test]
fn long_spans_are_spread_over_as_many_requests_as_they_need() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::start(protocol);
        let trace = init(roomy(&collector)).expect("nothing records yet");
        (0..12).for_each(|_| long_span(1));
        let delivery = trace.shutdown(PATIENCE);
        assert!(delivery.is_complete(), "{delivery}");
        let received = collector.received();
        assert_eq!((received.spans(), received.needlessly_again()), (12, 0));
        assert!(received.longest <= REQUEST_BYTES_MAX, "{} bytes", received.longest);
        assert!(received.longest_attributes() > TEXT_BYTES, "nothing of a text was cut");
    }
}

#[test]
fn a_collector_with_a_smaller_limit_gets_everything_by_halves() {
    let _alone = alone();
    for protocol in BOTH {
        let limit = 1_000_000;
        let collector = Collector::with(protocol, Fault::TakesUpTo(limit));
        let trace = init(collector.config().ring_bytes(16 << 20)).expect("nothing records yet");
        let text = "x".repeat(1_000);
        (0..5_000).for_each(|n| drop(span_sync!("span", n, text = %text)));
        let delivery = trace.shutdown(PATIENCE);
        assert!(delivery.is_complete(), "{delivery}");
        let received = collector.received();
        assert_eq!((received.spans(), received.needlessly_again()), (5_000, 0));
        assert!(received.longest <= limit, "{} bytes", received.longest);
        assert!(received.requests > 5, "some were refused, or this shows nothing");
    }
}

#[test]
fn a_span_longer_than_its_collector_takes_is_counted_and_the_others_arrive() {
    let _alone = alone();
    for protocol in BOTH {
        let collector = Collector::with(protocol, Fault::TakesUpTo(TEXT_BYTES / 2));
        let trace = init(roomy(&collector)).expect("nothing records yet");
        (0..10).for_each(|n| drop(span_sync!("before", n)));
        long_span(1);
        (0..10).for_each(|n| drop(span_sync!("after", n)));
        let delivery = trace.shutdown(PATIENCE);
        assert_eq!((delivery.delivered, collector.received().spans()), (20, 20), "{delivery}");
        assert_eq!((delivery.lost.too_long, lost_of(&delivery)), (1, 1), "{delivery}");
    }
}
