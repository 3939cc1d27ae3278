//! Through the whole pipeline a span with a coarse clock lies within the exact one around it.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::testing::capture;
use exo_trace::{TraceBackend, TraceConfig, init, span_sync, traced};
use std::time::Duration;

#[traced(clock = "coarse", attributes(number))]
fn token(number: u64) {
    std::hint::black_box(number);
}

#[test]
fn tokens_lie_within_the_answer_they_are_part_of() {
    let trace = init(TraceConfig::new("coarse clock").backend(TraceBackend::Memory))
        .expect("recording starts");
    let seen = capture(|| {
        for _ in 0..5 {
            let _answer = span_sync!("answer");
            (0..200).for_each(token);
            // The drain passes by, and publishes a tick.
            assert!(trace.flush(Duration::from_secs(20)).is_complete());
            (0..200).for_each(token);
        }
    });
    assert_eq!(seen.named("token").len(), 2_000);
    for answer in seen.named("answer") {
        let tokens = seen.named("token");
        let own = tokens.iter().filter(|token| token.parent_span_id() == Some(answer.span_id()));
        let mut before = answer.start_unix_nano();
        let mut count = 0;
        for token in own {
            assert!(before <= token.start_unix_nano(), "the order of their thread is kept");
            assert!(token.start_unix_nano() <= token.end_unix_nano());
            assert!(token.end_unix_nano() <= answer.end_unix_nano());
            before = token.end_unix_nano();
            count += 1;
        }
        assert_eq!(count, 400);
    }
}
