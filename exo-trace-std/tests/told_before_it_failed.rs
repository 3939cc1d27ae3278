//! A span whose context was taken while its stream was made is known elsewhere, though no stream came of it.
#![cfg(feature = "enabled")]

#[allow(dead_code, reason = "each file of tests asks its own questions")]
mod drain;

use drain::Drain;
use exo_trace_core::Record;
use exo_trace_std::{Context, Settings, traced};
use futures_core::Stream;
use std::panic::catch_unwind;
use std::pin::Pin;

type Numbers = Pin<Box<dyn Stream<Item = u32>>>;

#[traced(crate = ::exo_trace_std, stream)]
fn opened(has_panicked: bool) -> Result<Numbers, std::fmt::Error> {
    drop(Context::current());
    assert!(!has_panicked, "it cannot be opened");
    Err(std::fmt::Error)
}

/// Whether the spans that were recorded are known outside their thread, as far as they say.
fn foreign(drain: &mut Drain) -> Vec<bool> {
    let mut foreign = Vec::new();
    drain.pass(|record| {
        if let Record::Span(span) = record {
            foreign.push(span.is_foreign);
        }
    });
    foreign
}

#[test]
fn a_span_that_was_told_of_is_foreign_when_its_stream_could_not_be_made() {
    let mut drain = Drain::start(Settings::default());
    assert!(opened(false).is_err());
    assert_eq!(foreign(&mut drain), [true]);
}

#[test]
fn a_span_that_was_told_of_is_foreign_when_making_its_stream_panicked() {
    let mut drain = Drain::start(Settings::default());
    assert!(catch_unwind(|| drop(opened(true))).is_err());
    assert_eq!(foreign(&mut drain), [true]);
}
