//! A table of keys that was full before anything was read: what the drain looks for in vain is nobody's loss.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::{TraceBackend, TraceConfig, init, span_sync};
use exo_trace_core::{InternedKey, KEYS_MAX, Key};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(20);

#[test]
fn spans_that_lose_no_attribute_count_none_as_lost() {
    for n in 0..KEYS_MAX {
        let key: &InternedKey = Box::leak(InternedKey::new(Key::new(format!("{n}").leak())).into());
        key.id();
    }
    let config = TraceConfig::new("full").backend(TraceBackend::Memory);
    let trace = init(config).expect("recording starts");
    (0..100).for_each(|_| drop(span_sync!("call", gen_ai.operation.name = "chat")));
    let delivery = trace.flush(DEADLINE);
    assert!(delivery.is_complete(), "{delivery}");
    assert_eq!((delivery.delivered, trace.losses().keys_full), (100, 0));
    let statistics = trace.statistics();
    assert!(statistics.model_time > Duration::ZERO, "{statistics}");
}
