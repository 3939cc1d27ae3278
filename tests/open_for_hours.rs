//! A span that stays open while the drain passes by for hours keeps what fits, and counts the rest.
//!
//! Where little comes the drain passes once a second: as many passes as here, one after the other, take it
//! five hours. That the hours themselves are told right, `timeline/stories.rs` shows with a clock of its
//! own.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;
mod laws;

use deadlines::{Counting, Watch};
use exo_trace::{Span, TraceBackend, TraceConfig, init, span_sync};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
/// Each makes two passes.
const FLUSHES: u64 = 10_000;
const KEPT: u64 = 128;

#[test]
fn a_span_open_for_hours_is_whole_when_it_ends_and_one_that_never_ends_harms_nobody() {
    let watch = Watch::start("spans open for hours");
    let config = TraceConfig::new("hours").backend(TraceBackend::Memory);
    let config = config.exporter(watch.of(Counting::default())).memory_spans_max(20_000);
    let trace = init(config).expect("nothing records yet");
    let (open, never) = (Span::start("open", ()), Span::start("never", ()));
    let child = open.child("child", ());
    for n in 0..FLUSHES {
        for span in [&open, &never] {
            span.add_event("still here", ());
            span.set_attribute("last", n);
            span.set_attribute("text", "the same again");
        }
        drop(span_sync!("beside", n));
        let _ = trace.flush(DEADLINE);
    }
    child.end();
    open.end();
    let delivery = trace.flush(DEADLINE);
    laws::accounts_for(FLUSHES + 2, &delivery);
    assert!(delivery.is_complete(), "{delivery}");
    let memory = trace.memory().expect("the memory backend");
    let [open] = memory.named("open").try_into().expect("it ended once");
    assert_eq!(open.attribute("last"), Some((FLUSHES - 1).into()), "the last value counts");
    assert_eq!(open.attribute("text"), Some("the same again".into()));
    assert_eq!(open.events().count() as u64, KEPT);
    assert_eq!(u64::from(open.dropped_events_count()), FLUSHES - KEPT, "{open}");
    assert_eq!(memory.children_of(&open).len(), 1);
    laws::check(&memory.spans());
    std::mem::forget(never);
    let delivery = watch.shutdown(&trace, DEADLINE);
    assert_eq!(delivery.delivered, FLUSHES + 2, "{delivery}");
    // What was said of a span that never ended is nobody's, and counted.
    assert!(delivery.lost.facts_evicted > 0, "{delivery}");
}
