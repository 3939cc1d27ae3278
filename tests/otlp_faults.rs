//! Whatever a collector does wrong, `shutdown` keeps its deadline and every span is delivered or counted.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;
mod faults;
mod laws;

use exo_trace::Protocol::{Grpc, HttpProtobuf};
use exo_trace::{Delivery, Protocol, init, span_sync};
use faults::{Collector, Fault, PATIENCE, alone, grpc};
use std::time::{Duration, Instant};

const BOTH: [Protocol; 2] = [Grpc, HttpProtobuf];
const SPANS: u64 = 1_000;
/// Short beside every pause and timeout of a client.
const DEADLINE: Duration = Duration::from_millis(750);

/// What came of the spans of one story.
struct End {
    delivery: Delivery,
    held: u64,
    requests: usize,
}

/// Records spans for a collector with this fault, and checks what holds for every fault.
fn end_of(protocol: Protocol, fault: Fault, deadline: Duration) -> End {
    let collector = Collector::with(protocol, fault);
    let trace = init(collector.config()).expect("nothing records yet");
    (0..SPANS).for_each(|n| drop(span_sync!("span", n, text = "of some length")));
    let began = Instant::now();
    let delivery = deadlines::shutdown("a collector with a fault", &trace, deadline);
    let took = began.elapsed();
    let told = format!("{fault:?} over {protocol:?}: {delivery}");
    assert!(took < 2 * deadline, "{took:?} for {told}");
    laws::accounts_for(SPANS, &delivery);
    let received = collector.received();
    assert!(received.spans() >= delivery.delivered, "it has {} of {told}", received.spans());
    assert_eq!(received.needlessly_again(), 0, "{told}");
    assert_eq!(received.strays, [""; 0], "{told}");
    End { delivery, held: received.spans(), requests: received.requests }
}

/// Nothing arrives, and all of it is counted as left behind by the end.
fn is_abandoned(protocol: Protocol, fault: Fault) {
    let End { delivery, held, .. } = end_of(protocol, fault, DEADLINE);
    let told = format!("{fault:?} over {protocol:?}: {delivery}");
    assert_eq!((delivery.delivered, delivery.lost.abandoned, held), (0, SPANS, 0), "{told}");
}

/// Nothing arrives, and all of it is counted as failed, without another attempt.
fn is_refused(protocol: Protocol, fault: Fault) {
    let End { delivery, held, requests } = end_of(protocol, fault, PATIENCE);
    let told = format!("{fault:?} over {protocol:?}: {delivery}");
    assert_eq!((delivery.delivered, delivery.lost.export_failed, held), (0, SPANS, 0), "{told}");
    assert!(requests <= 2, "it is not asked again: {requests} requests, {told}");
}

#[test]
fn a_collector_that_is_not_there_gets_nothing() {
    let _alone = alone();
    BOTH.into_iter().for_each(|protocol| is_abandoned(protocol, Fault::Refuses));
}

#[test]
fn a_collector_that_resets_every_connection_gets_nothing() {
    let _alone = alone();
    BOTH.into_iter().for_each(|protocol| is_abandoned(protocol, Fault::Resets));
}

#[test]
fn a_collector_that_never_answers_gets_nothing() {
    let _alone = alone();
    BOTH.into_iter().for_each(|protocol| is_abandoned(protocol, Fault::NeverAnswers));
}

#[test]
fn a_collector_that_is_too_busy_is_asked_again_until_the_end() {
    let _alone = alone();
    for protocol in BOTH {
        for status in [429, 502, 503, 504] {
            is_abandoned(protocol, Fault::status(status));
        }
    }
    is_abandoned(Grpc, Fault::code(grpc::UNAVAILABLE));
    let pause = Some(Duration::from_millis(50));
    is_abandoned(Grpc, Fault::Code { code: grpc::RESOURCE_EXHAUSTED, pause });
}

#[test]
fn a_collector_that_wants_more_time_than_there_is_holds_nobody_up() {
    let _alone = alone();
    for retry_after in ["3600", "Wed, 21 Oct 2099 07:28:00 GMT", "18446744073709551615"] {
        for status in [429, 503] {
            let fault = Fault::Status { status, retry_after: Some(retry_after) };
            BOTH.into_iter().for_each(|protocol| is_abandoned(protocol, fault));
        }
    }
    let pause = Some(Duration::from_secs(3_600));
    is_abandoned(Grpc, Fault::Code { code: grpc::UNAVAILABLE, pause });
}

#[test]
fn a_collector_that_wants_no_such_spans_is_not_asked_again() {
    let _alone = alone();
    for protocol in BOTH {
        for status in [400, 401, 403, 404] {
            is_refused(protocol, Fault::status(status));
        }
        is_refused(protocol, Fault::Redirects);
    }
    is_refused(Grpc, Fault::code(grpc::INVALID_ARGUMENT));
    // Exhausted, and not for its length, and without a word on when to come back.
    is_refused(Grpc, Fault::code(grpc::RESOURCE_EXHAUSTED));
}

#[test]
fn of_a_partial_success_only_the_rest_is_delivered() {
    let _alone = alone();
    for protocol in BOTH {
        let End { delivery, held, requests } = end_of(protocol, Fault::Rejects(3), PATIENCE);
        assert_eq!((delivery.delivered, delivery.lost.rejected), (held, SPANS - held));
        assert_eq!(delivery.lost.rejected, 3 * requests as u64, "{delivery}");
    }
}

#[test]
fn a_collector_that_rejects_everything_is_not_asked_again() {
    let _alone = alone();
    for protocol in BOTH {
        let End { delivery, requests, .. } = end_of(protocol, Fault::Rejects(usize::MAX), PATIENCE);
        assert_eq!((delivery.delivered, delivery.lost.rejected), (0, SPANS), "{delivery}");
        assert!(requests <= 2, "{requests} requests");
    }
}

#[test]
fn a_collector_that_takes_no_request_at_all_has_its_spans_counted() {
    let _alone = alone();
    for protocol in BOTH {
        let End { delivery, held, .. } = end_of(protocol, Fault::TakesUpTo(0), PATIENCE);
        assert_eq!((delivery.delivered, held), (0, 0), "{delivery}");
    }
}

#[test]
fn noise_is_no_answer_and_no_panic() {
    let _alone = alone();
    for protocol in BOTH {
        let End { delivery, held, .. } = end_of(protocol, Fault::AnswersGarbage, DEADLINE);
        assert_eq!((delivery.delivered, held), (0, 0), "{delivery}");
    }
}

#[test]
fn what_was_taken_without_a_whole_answer_is_not_delivered_and_may_be_sent_again() {
    let _alone = alone();
    for protocol in BOTH {
        let End { delivery, held, .. } = end_of(protocol, Fault::ClosesMidAnswer, DEADLINE);
        assert_eq!((delivery.delivered, delivery.lost.abandoned), (0, SPANS), "{delivery}");
        assert!(held > 0, "the collector had taken them");
    }
}

#[test]
fn a_slow_answer_and_a_new_connection_a_request_lose_nothing() {
    let _alone = alone();
    for protocol in BOTH {
        for fault in [Fault::AnswersSlowly, Fault::SendsAway] {
            let End { delivery, held, .. } = end_of(protocol, fault, PATIENCE);
            assert!(delivery.is_complete(), "{fault:?} over {protocol:?}: {delivery}");
            assert_eq!((delivery.delivered, held), (SPANS, SPANS));
        }
    }
}
