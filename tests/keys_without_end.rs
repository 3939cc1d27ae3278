//! A program that makes up keys without end fills the table of keys; the rest is counted.

mod laws;

use exo_trace::{TraceBackend, TraceConfig, attributes, init, span_sync};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
const MADE_UP: usize = 100_000;

#[test]
fn keys_past_the_table_are_counted_and_known_ones_go_on() {
    let trace = init(TraceConfig::new("keys").backend(TraceBackend::Memory)).expect("it starts");
    for batch in 0..1_000 {
        let span = span_sync!("span");
        for n in 0..MADE_UP / 1_000 {
            span.set_attribute(format!("key {batch} {n}"), 1);
        }
        drop(span);
        // A full ring would refuse spans; here nothing but the table counts.
        let _ = (batch % 20 == 0).then(|| trace.flush(DEADLINE));
    }
    let _ = trace.flush(DEADLINE);
    let before = trace.losses().keys_full;
    let number = std::hint::black_box(7);
    let span = span_sync!("words", word_met_when_the_table_was_full = number);
    span.add_event("event", attributes! { another_word_too_late = number });
    drop(span);
    let _ = trace.flush(DEADLINE);
    let words = &trace.memory().expect("the memory backend").named("words")[0];
    let kept = words.attributes().filter(|(key, _)| key.contains("word")).count();
    let told: usize = words.events().map(|event| event.attributes.len()).sum();
    assert_eq!(trace.losses().keys_full - before, 2 - (kept + told) as u64);

    let span = span_sync!("after", known = "at compile time, met when the table was full");
    span.set_attribute("key 0 0", 2);
    drop(span);
    let delivery = trace.flush(DEADLINE);
    let memory = trace.memory().expect("the memory backend");
    laws::tree_of(memory);
    let kept: usize = memory
        .named("span")
        .iter()
        .map(|span| span.attributes().filter(|(key, _)| key.starts_with("key ")).count())
        .sum();
    let lost = (delivery.lost.keys_full + delivery.lost.facts_refused) as usize;
    let dropped: u32 = memory.named("span").iter().map(|s| s.dropped_attributes_count()).sum();
    assert!(delivery.lost.keys_full > 0, "{delivery}");
    assert!(kept + lost + dropped as usize >= MADE_UP, "{delivery}");
    assert_eq!(memory.named("after")[0].attribute("key 0 0"), Some(2.into()));
    laws::accounts_for(1_002, &delivery);
}
