//! What threads record: mostly plain steps, and now and then everything that can become of a span.

use exo_trace::{
    Context, Span, SpanContext, SpanId, TraceFlags, TraceId, attributes, span_sync, traced,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};

/// What panics say that are part of the work.
pub(crate) const MEANT_TO_PANIC: &str = "in the middle of a span";
const STEPS: u64 = 20;
/// How many spans a plain run has: itself, its steps, and a call in each.
pub(crate) const PLAIN: u64 = 1 + 2 * STEPS;
const PAGES: usize = 4;
/// One round in so many is not plain.
const ODD_EVERY: u64 = 12;

/// Where spans go that another thread shall end, and where they come from.
pub(crate) struct Desk {
    pub(crate) outbox: SyncSender<Span>,
    pub(crate) inbox: Receiver<Span>,
}

impl Desk {
    /// Ends the spans that others sent.
    pub(crate) fn clear(&self) {
        self.inbox.try_iter().for_each(finish);
    }
}

/// Records one round and returns how many spans it began.
pub(crate) fn round(number: u64, desk: &Desk) -> u64 {
    desk.clear();
    plain(number) + if number.is_multiple_of(ODD_EVERY) { odd(number, desk) } else { 0 }
}

/// Records a run of plain steps.
pub(crate) fn plain(number: u64) -> u64 {
    let _run = span_sync!("run", number);
    for step in 0..STEPS {
        let _step = span_sync!("step", step, half = step as f64 / 2.0);
        drop(span_sync!("call", tokens = number, model = %"a model with a name"));
    }
    PLAIN
}

/// Records a request of another process, and below it one span of each odd kind.
fn odd(number: u64, desk: &Desk) -> u64 {
    let _elsewhere = Context::of(elsewhere(number)).attach();
    let _request = span_sync!("request", number);
    late_facts(number);
    let _ = fails(number);
    let _ = catch_unwind(AssertUnwindSafe(|| panics(number)));
    let handed = Span::start("handed over", attributes! { number });
    handed.add_event("handed over", ());
    // A desk that is full is passed by.
    if let Err(TrySendError::Full(handed) | TrySendError::Disconnected(handed)) =
        desk.outbox.try_send(handed)
    {
        finish(handed);
    }
    assert_eq!(pages().count(), PAGES);
    6
}

fn late_facts(number: u64) {
    let span = span_sync!("late facts", number);
    span.set_attribute("late.number", number);
    span.set_attribute("late.text", "said when it was known");
    span.add_event("began", attributes! { number });
    span.add_link(&elsewhere(number + 1), attributes! { why = "before" });
    Span::current().set_attribute("late.current", true);
    span.add_event("ended", ());
}

#[traced]
fn fails(number: u64) -> Result<(), std::num::ParseIntError> {
    format!("{number} is no number").parse::<u8>().map(drop)
}

#[traced]
fn panics(number: u64) {
    assert!(number == u64::MAX, "{MEANT_TO_PANIC}");
}

#[traced]
fn pages() -> impl Iterator<Item = usize> {
    0..PAGES
}

/// What whoever ends a span for another does with it: an attribute and an event from afar, then its end.
fn finish(span: Span) {
    span.set_attribute("late.finished", "on another thread, most often");
    span.add_event("finished", ());
}

/// A span of another process.
pub(crate) fn elsewhere(number: u64) -> SpanContext {
    SpanContext {
        trace_id: TraceId::new(0xfeed << 112 | u128::from(number + 1)).expect("not zero"),
        span_id: SpanId::new(number + 1).expect("not zero"),
        flags: TraceFlags::SAMPLED,
        is_remote: true,
    }
}
