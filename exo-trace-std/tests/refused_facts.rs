//! What a full ring refuses of a span is counted by the span, not by the process alone.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod drain;

use drain::Drain;
use exo_trace_core::{Dropped, Record};
use exo_trace_std::{
    Counter, Settings, Span, SpanContext, attributes, span_async, span_sync, traced,
};
use std::pin::pin;
use std::task::{Context, Waker};
use std::thread;

const NOTHING: Dropped = Dropped { attributes: 0, events: 0, links: 0 };
const ONE_OF_EACH: Dropped = Dropped { attributes: 1, events: 1, links: 1 };

/// Leaves the calling thread's ring no room for another fact.
fn fill() {
    let filler = Span::start("filler", ());
    let before = Counter::FactsRefused.value();
    while Counter::FactsRefused.value() == before {
        filler.set_attribute("number", 1);
    }
    // Its record is refused as well.
    drop(filler);
}

/// Makes room and returns what each span that ends in `end` counts as dropped.
fn dropped_after(drain: &mut Drain, end: impl FnOnce()) -> Vec<Dropped> {
    drain.pass(|_| ());
    end();
    dropped_of(drain)
}

/// Returns what each span that is read counts as dropped.
fn dropped_of(drain: &mut Drain) -> Vec<Dropped> {
    let mut dropped = Vec::new();
    drain.pass(|record| {
        if let Record::Span(span) = record {
            dropped.push(span.dropped);
        }
    });
    dropped
}

/// Says one fact of each kind that the format counts.
macro_rules! say_one_of_each {
    ($span:expr, $linked:expr) => {
        $span.set_attribute("late", 1);
        $span.add_event("event", ());
        $span.add_link($linked, ());
    };
}

fn other_span() -> SpanContext {
    Span::start("linked", ()).span_context().expect("it is recorded")
}

#[test]
fn what_is_refused_through_a_guard_is_counted_by_its_span() {
    let mut drain = Drain::start(Settings::default());
    let linked = other_span();
    let span = span_sync!("span");
    fill();
    say_one_of_each!(span, &linked);
    assert_eq!(dropped_after(&mut drain, || drop(span)), [ONE_OF_EACH]);
}

#[test]
fn an_error_that_is_refused_is_an_event_that_is() {
    let mut drain = Drain::start(Settings::default());
    let span = span_sync!("span");
    fill();
    span.record_error("refused");
    span.set_attributes(attributes! { one = 1, two = 2 });
    let lost = Dropped { attributes: 2, events: 1, links: 0 };
    assert_eq!(dropped_after(&mut drain, || drop(span)), [lost]);
}

#[test]
fn what_is_refused_through_the_current_span_is_counted_by_whatever_that_is() {
    let mut drain = Drain::start(Settings::default());
    let linked = other_span();
    let guard = span_sync!("guard");
    fill();
    say_one_of_each!(Span::current(), &linked);
    assert_eq!(dropped_after(&mut drain, || drop(guard)), [ONE_OF_EACH]);

    let future = span_async!("future", async {
        fill();
        say_one_of_each!(Span::current(), &linked);
        drain.pass(|_| ());
    });
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
    assert_eq!(dropped_of(&mut drain), [ONE_OF_EACH]);
}

#[test]
fn what_is_refused_of_a_span_under_a_newer_one_is_counted_by_the_older() {
    let mut drain = Drain::start(Settings::default());
    let linked = other_span();
    let older = span_sync!("older");
    let newer = span_sync!("newer");
    fill();
    say_one_of_each!(older, &linked);
    let ends = || {
        drop(newer);
        drop(older);
    };
    assert_eq!(dropped_after(&mut drain, ends), [NOTHING, ONE_OF_EACH]);
}

#[test]
fn what_is_refused_of_an_owned_span_is_counted_where_it_ends_on_the_same_thread() {
    let mut drain = Drain::start(Settings::default());
    let linked = other_span();
    let (stays, goes) = (Span::start("stays", ()), Span::start("goes", ()));
    fill();
    say_one_of_each!(stays, &linked);
    say_one_of_each!(goes, &linked);
    assert_eq!(dropped_after(&mut drain, || drop(stays)), [ONE_OF_EACH]);
    let elsewhere = || thread::spawn(|| drop(goes)).join().expect("the worker does not panic");
    assert_eq!(dropped_after(&mut drain, elsewhere), [NOTHING]);
    assert_eq!(drain.spans(), 0, "both were read");
    let filler = (Counter::SpansRefused, 1);
    assert_eq!(drain.counted(), [filler, (Counter::FactsRefused, 1 + 3 + 3)]);
}

#[test]
fn spans_that_lost_nothing_count_nothing_while_others_do() {
    let mut drain = Drain::start(Settings::default());
    let open = span_sync!("stays open");
    fill();
    open.add_event("refused", ());
    let ends = || (0..20).for_each(|_| drop(span_sync!("another")));
    assert_eq!(dropped_after(&mut drain, ends), vec![NOTHING; 20]);
    let lost = Dropped { events: 1, ..NOTHING };
    assert_eq!(dropped_after(&mut drain, || drop(open)), [lost]);
}

#[test]
fn a_cause_that_is_refused_before_a_span_is_entered_is_counted_by_it() {
    #[traced(crate = exo_trace_std, follows_from = [cause])]
    fn effect(cause: SpanContext, drain: &mut Drain) {
        drain.pass(|_| ());
    }
    let mut drain = Drain::start(Settings::default());
    let cause = other_span();
    let _around = span_sync!("around");
    fill();
    effect(cause, &mut drain);
    let lost = Dropped { links: 1, ..NOTHING };
    assert_eq!(dropped_of(&mut drain), [lost]);
}
