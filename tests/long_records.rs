//! What a ring can carry, the drain can read: the longest records arrive like any other.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::{TraceBackend, TraceConfig, init, span_sync};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
const RING_BYTES: usize = 16 << 20;
/// A text of so many bytes takes most of the 65,535 words that a record can have.
const TEXT_BYTES: usize = 500_000;

#[test]
fn a_text_almost_as_long_as_a_record_can_be_arrives_whole() {
    let config = TraceConfig::new("long").backend(TraceBackend::Memory).ring_bytes(RING_BYTES);
    let trace = init(config.attribute_value_bytes_max(TEXT_BYTES)).expect("nothing records yet");
    let long = "x".repeat(TEXT_BYTES);
    {
        let span = span_sync!("span");
        span.set_attribute("short", "before");
        span.set_attribute("prompt", long.as_str());
        span.set_attribute("after", "after");
    }
    let delivery = trace.shutdown(DEADLINE);
    assert!(delivery.is_complete(), "{delivery}");
    let memory = trace.memory().expect("the memory backend");
    assert_eq!(memory.with("prompt", long.as_str()).len(), 1);
    assert_eq!((memory.with("short", "before").len(), memory.with("after", "after").len()), (1, 1));
}
