//! Keys made at run time are interned as long as there is room; each one after that is counted.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "each file of tests asks its own questions")]
mod drain;

use drain::Drain;
use exo_trace_core::{KEYS_MAX, Record};
use exo_trace_std::{Counter, Settings, span_sync, stamp_baggage};
use std::hint::black_box;

const KEYS: u64 = 2 * KEYS_MAX as u64;

#[test]
fn a_full_table_costs_attributes_and_no_span() {
    let mut drain = Drain::start(Settings::default());
    let mut read = 0;
    let (one, two) = (black_box(1), black_box(2));
    let span = span_sync!("span", known = one);
    for number in 0..KEYS {
        span.set_attribute(format!("key.{number}"), number);
        drain.pass(|record| read += u64::from(matches!(record, Record::Facts(_))));
    }
    assert!(read > KEYS / 4, "{read} keys found room");
    assert_eq!(drain.counted(), [(Counter::KeysFull, KEYS - read)]);

    // What is known goes on; what is new at a call site is written under no key.
    span.set_attribute("key.0", 1);
    drop(span_sync!("another", known = one, unknown = two));
    drop(span);
    let mut known: Vec<Vec<bool>> = Vec::new();
    drain.pass(|record| match record {
        Record::Span(span) => {
            known.push(span.attributes.iter().map(|written| !written.key.is_none()).collect());
        }
        Record::Facts(facts) => {
            known.push(facts.attributes.iter().map(|written| !written.key.is_none()).collect());
        }
        other => panic!("{other:?}, expected spans and attributes"),
    });
    assert_eq!(known, [vec![true], vec![true, false], vec![true]]);
}

#[test]
fn a_key_of_baggage_too_long_to_keep_is_counted() {
    let drain = Drain::start(Settings::default());
    stamp_baggage(&["key".repeat(1_000)]);
    assert_eq!(drain.counted(), [(Counter::KeysFull, 1)]);
}

#[test]
fn a_key_too_long_to_keep_is_counted() {
    let mut drain = Drain::start(Settings::default());
    span_sync!("span").set_attribute("key".repeat(1_000), 1);
    let mut records = 0;
    drain.pass(|_| records += 1);
    assert_eq!(records, 1, "the span alone");
    assert_eq!(drain.counted(), [(Counter::KeysFull, 1)]);
}
