//! Values that live as long as the program are interned while there is room for them, and leave keys
//! theirs.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "each file of tests asks its own questions")]
mod drain;

use drain::Drain;
use exo_trace_core::{Facts, KEYS_MAX, Record, Value};
use exo_trace_std::{Settings, span_sync, tool};
use std::collections::HashSet;

const VALUES: usize = KEYS_MAX + 1_000;

fn texts_of(facts: &Facts<'_>) -> impl Iterator<Item = String> {
    facts.attributes.iter().filter_map(|written| match written.value {
        Value::Interned(id) => id.key().map(|key| key.as_str().to_owned()),
        Value::Text(text) => Some(text.to_owned()),
        _ => None,
    })
}

#[test]
fn values_without_end_all_arrive_and_leave_keys_their_room() {
    let mut drain = Drain::start(Settings::default());
    let mut read = HashSet::new();
    for number in 0..VALUES {
        let id: &'static str = format!("call_{number}").leak();
        tool("search").call_id(id).start().end();
        drain.pass(|record| {
            if let Record::Facts(facts) = record {
                read.extend(texts_of(&facts));
            }
        });
    }
    let missing = (0..VALUES).filter(|number| !read.contains(&format!("call_{number}")));
    assert_eq!(missing.count(), 0);

    let span = span_sync!("span");
    let mut keys = 0;
    for number in 0..KEYS_MAX / 2 {
        span.set_attribute(format!("key.{number}"), number);
        drain.pass(|record| keys += usize::from(matches!(record, Record::Facts(_))));
    }
    assert_eq!(keys, KEYS_MAX / 2);
    assert_eq!(drain.counted(), []);
}
