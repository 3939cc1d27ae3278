//! Whatever a caller does to a span, its program goes on and what is lost is counted.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod drain;

use drain::Drain;
use exo_trace_core::{FORMATTED_BYTES_MAX, Record, SpanRecord, Value};
use exo_trace_std::{
    ATTRIBUTE_VALUE_BYTES_MAX, Attribute, Counter, Field, InternedKey, Key, Settings, Span,
    span_sync,
};
use std::fmt;

/// Ten million bytes in characters of two.
fn ten_megabytes() -> String {
    "ü".repeat(5_000_000)
}

/// Calls `see` with each span and each text of an attribute, and whether the text was cut.
fn read(drain: &mut Drain, mut see: impl FnMut(Option<&SpanRecord<'_>>, &[(String, bool)])) {
    drain.pass(|record| {
        let (span, fields) = match &record {
            Record::Span(span) => (Some(span), span.attributes),
            Record::Facts(facts) => (None, facts.attributes),
            Record::Event(event) => (None, event.attributes),
            _ => return,
        };
        let texts: Vec<_> = fields
            .iter()
            .filter_map(|attribute| match attribute.value {
                Value::Text(text) => Some((text.to_owned(), attribute.is_cut)),
                _ => None,
            })
            .collect();
        see(span, &texts);
    });
}

fn texts(drain: &mut Drain) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    read(drain, |_, texts| all.extend_from_slice(texts));
    all
}

struct Panics;

impl fmt::Display for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("this display is broken")
    }
}

impl fmt::Debug for Panics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half of it, then ")?;
        panic!("this debug is broken")
    }
}

#[test]
fn a_display_that_panics_becomes_a_text_that_says_so() {
    let mut drain = Drain::start(Settings::default());
    {
        let span = span_sync!("span", shown = %Panics, debugged = ?Panics);
        span.add_event("event", exo_trace_std::attributes! { shown = %Panics });
        span.record_error(&Panics);
    }
    let texts = texts(&mut drain);
    assert_eq!(texts, vec![("(panicked while it was formatted)".to_owned(), true); 3]);
    assert_eq!(drain.counted(), [(Counter::FormatPanicked, 4)]);
}

/// Traces while it is formatted for a trace.
struct Reenters;

impl fmt::Display for Reenters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = span_sync!("while formatting", shown = %1);
        Span::current().set_attribute("depth", 2);
        write!(f, "recording: {}", span.is_recording())
    }
}

#[test]
fn a_display_that_traces_is_no_deadlock() {
    let mut drain = Drain::start(Settings::default());
    drop(span_sync!("span", shown = %Reenters));
    let texts = texts(&mut drain);
    assert_eq!(texts, [("1".to_owned(), false), ("recording: true".to_owned(), false)]);
    assert_eq!(drain.counted(), []);
}

#[test]
fn guards_dropped_in_any_order_are_all_read_and_the_disorder_is_counted() {
    let mut drain = Drain::start(Settings::default());
    let first = span_sync!("first");
    let second = span_sync!("second");
    let third = span_sync!("third");
    let trace_id = first.span_context().expect("it is recording").trace_id;
    drop(second);
    drop(first);
    drop(third);
    let next = span_sync!("next").span_context().expect("it is recording");
    assert_ne!(next.trace_id, trace_id, "nothing is current any more");
    assert_eq!(drain.spans(), 4);
    assert_eq!(drain.counted(), [(Counter::OutOfOrder, 2)]);
}

#[test]
fn of_a_hundred_thousand_late_attributes_each_is_read_or_counted() {
    let mut drain = Drain::start(Settings::default());
    let span = span_sync!("span");
    (0..100_000).for_each(|number| span.set_attribute("number", number));
    let mut facts = 0;
    drain.pass(|record| facts += u64::from(matches!(record, Record::Facts(_))));
    assert!(facts > 1_000, "a ring holds thousands");
    assert_eq!(drain.counted(), [(Counter::FactsRefused, 100_000 - facts)]);
    drop(span);
    assert_eq!(drain.spans(), 1, "the span itself finds room again");
}

#[test]
fn of_a_hundred_thousand_attributes_of_a_call_site_each_is_read_or_counted() {
    static NUMBER: InternedKey = InternedKey::new(Key::new("number"));
    let mut drain = Drain::start(Settings::default());
    let attributes = vec![Attribute::new(&NUMBER, Field::Value(Value::I64(7))); 100_000];
    let span = exo_trace_std::span_sync("span", attributes.as_slice());
    let mut facts = 0;
    drain.pass(|record| facts += u64::from(matches!(record, Record::Facts(_))));
    drop(span);
    let (mut kept, mut dropped) = (0, 0);
    read(&mut drain, |span, _| {
        let span = span.expect("only the span is left");
        kept += span.attributes.len() as u64;
        dropped = span.dropped.attributes;
    });
    assert!(kept > 0 && facts > 1_000, "{kept} in the span, {facts} beside it");
    assert_eq!(drain.counted(), [(Counter::FactsRefused, 100_000 - facts - kept)]);
    assert_eq!(dropped, u16::MAX, "the span says as much as it can count");
}

#[test]
fn ten_megabytes_are_cut_to_what_is_configured_on_a_character() {
    let mut drain = Drain::start(Settings::default());
    let text = ten_megabytes();
    {
        let span = span_sync!("span", text, shown = %text);
        span.set_attribute("late", &text);
    }
    let kept = text.get(..ATTRIBUTE_VALUE_BYTES_MAX).expect("an even number of bytes").to_owned();
    assert_eq!(ATTRIBUTE_VALUE_BYTES_MAX, FORMATTED_BYTES_MAX);
    assert_eq!(texts(&mut drain), vec![(kept, true); 3]);
    assert_eq!(drain.counted(), []);
}

#[test]
fn ten_megabytes_that_may_stay_whole_are_cut_to_what_the_ring_takes_or_counted() {
    let settings = Settings { attribute_value_bytes_max: usize::MAX, ..Settings::default() };
    let mut drain = Drain::start(settings);
    let text = ten_megabytes();
    let span = span_sync!("span", text);
    span.set_attribute("late", &text);
    drop(span);
    let (mut kept, mut dropped) = (0, 0);
    read(&mut drain, |span, texts| {
        for (cut, is_cut) in texts {
            assert!(*is_cut && cut.len() > 30_000 && text.starts_with(cut), "{} bytes", cut.len());
            kept += 1;
        }
        dropped += span.map_or(0, |span| u64::from(span.dropped.attributes));
    });
    let counted = drain.counted().iter().map(|(_, times)| times).sum::<u64>();
    assert_eq!(kept + counted, 2, "each was cut or counted: {:?}", drain.counted());
    assert!(dropped <= counted, "the span counts those of its call site");
}

#[test]
fn a_name_of_ten_megabytes_is_cut_and_names_and_errors_that_do_not_fit_are_counted() {
    let mut drain = Drain::start(Settings::default());
    Span::start(ten_megabytes(), ()).end();
    let mut names = 0;
    drain.pass(|record| {
        if let Record::Name { name, .. } = record {
            assert_eq!(name.len(), ATTRIBUTE_VALUE_BYTES_MAX);
            names += 1;
        }
    });
    assert_eq!((names, drain.counted()), (1, vec![]));
    Settings { attribute_value_bytes_max: usize::MAX, ..Settings::default() }.apply();
    let span = Span::start(ten_megabytes(), ());
    span.add_event(&ten_megabytes(), ());
    span.set_status(exo_trace_std::Status::error(ten_megabytes()));
    drop(span);
    assert_eq!(drain.spans(), 1);
    assert_eq!(drain.counted(), [(Counter::FactsRefused, 3)]);
}
