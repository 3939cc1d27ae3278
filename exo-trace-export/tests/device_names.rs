//! Boards that make up names without end leave the program's tables room for its own.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod board;

use board::line::{Line, varint};
use exo_trace_core::stream::Kind;
use exo_trace_export::device::Bridge;
use exo_trace_export::{TraceBackend, TraceConfig, init};
use exo_trace_std::{key_at_run_time, span_sync};

/// A call site that nobody has named so before, and a span of it.
fn site(line: &mut Line, number: u16) {
    let keys = [0, 1, 2, 3].map(|key| format!("\0{}.{}.{key}", line.seed, line.number));
    let facts = [&varint(number.into())[..], &[0], b"made up", keys.concat().as_bytes()].concat();
    line.frame(Kind::Site, &facts);
    line.span(number, number.into());
}

#[test]
fn a_board_that_makes_up_keys_takes_no_more_than_its_share_of_the_table() {
    let config = TraceConfig::new("gateway").backend(TraceBackend::Memory).without_threads();
    let trace = init(config).expect("nothing records yet");
    let mut bridge = Bridge::new();
    for seed in 1..=4 {
        let mut line = Line::begin(seed);
        (128..1_128).for_each(|number| site(&mut line, number));
        bridge.feed(&line.bytes);
        let _ = trace.drain_now();
    }
    let statistics = bridge.statistics();
    assert_eq!((statistics.spans, statistics.refused), (4_000, 0), "{statistics:?}");
    assert!(!key_at_run_time("the program's own").is_none());
    drop(span_sync!("step", also_its_own = 1));
    let _ = trace.drain_now();
    let step = &trace.memory().expect("the memory backend").named("step")[0];
    assert!(step.attribute("also_its_own").is_some());
}
