//! More call sites than the table holds: their spans keep name, times and parent, and are counted.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "each file of tests asks its own questions")]
mod drain;

use drain::Drain;
use exo_trace_core::{CALLSITES_MAX, Record};
use exo_trace_std::{Counter, Settings, span_sync};

#[test]
fn a_full_table_costs_the_source_line_and_not_the_name() {
    let mut drain = Drain::start(Settings::default());
    let (mut without, mut named) = (0, 0);
    let spans = CALLSITES_MAX as u64 + 500;
    for number in 0..spans {
        drop(span_sync(format!("span {number}").leak() as &'static str, ()));
        drain.pass(|record| match record {
            Record::Span(span) => without += u64::from(span.callsite.is_none()),
            Record::Name { name, .. } => named += u64::from(name == format!("span {number}")),
            other => panic!("{other:?}, expected spans and names"),
        });
    }
    assert!(without >= 500, "{without} of {spans} found no room");
    assert_eq!(named, without);
    assert_eq!(drain.counted(), [(Counter::CallsitesFull, without)]);
}
