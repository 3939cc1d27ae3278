//! Twenty spans that together set every field a span has, through the API that programs use.
//!
//! Each round differs from the one before in its numbers, and some rounds hold what is rare: texts
//! that are cut, and more attributes, events and links than a span keeps.

use exo_trace::{
    Context, Span, SpanContext, SpanId, Status, TraceFlags, TraceId, attributes, span_async,
    span_sync, traced,
};
use futures::executor::block_on;
use futures::stream::{self, Stream, StreamExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::mpsc::Sender;
use std::task;

/// How many spans one round records.
pub(crate) const SPANS_A_ROUND: u64 = 20;
/// How long a text may be in these runs.
pub(crate) const TEXT_BYTES_MAX: usize = 8_192;

const LONG_EVERY: u64 = 40;
const OVERFULL_EVERY: u64 = 100;
/// More than the 128 attributes, events and links that a span keeps.
const OVERFULL: u64 = 140;
const NO_TEXTS: &[&str] = &[];
/// Every way in which a text can be hard to carry: quotes, controls, all lengths of UTF-8.
const ODD_TEXT: &str = "\u{0}\u{1}\t\r\n\"\\/</script>\u{7f}\u{85}é\u{2028}\u{feff}→𝄞\u{10ffff}";

/// Which doubles are recorded.
#[derive(Clone, Copy)]
pub(crate) enum Doubles {
    /// All there are.
    Any,
    /// Those that JSON has numbers for: a collector that knows no others refuses the whole request.
    Finite,
}

/// Records one round; `helper` is a thread that works on what it is sent.
pub(crate) fn round(round: u64, doubles: Doubles, helper: &Sender<Span>) {
    let _remote = Context::of(elsewhere(round, 0x03)).attach();
    handle_request(round, doubles, helper);
    let _other = Context::of(elsewhere(round + 1, 0x01)).attach();
    drop(span_sync!("without the random flag", round));
    let _nowhere = Context::empty().attach();
    drop(span_sync!("root", round, first = round == 0));
}

/// A span of another process.
fn elsewhere(number: u64, flags: u8) -> SpanContext {
    SpanContext {
        trace_id: TraceId::new(0xfeed << 112 | u128::from(number + 1)).expect("not zero"),
        span_id: SpanId::new(0x8000_0000_0000_0000 | number).expect("not zero"),
        flags: TraceFlags::new(flags),
        is_remote: true,
    }
}

#[traced(kind = server, name = "POST /runs/{round}", attributes(
    http.request.method = "POST", server.port = 8080, sampled = true, weight = 0.5,
), skip(doubles, helper), extract_args)]
fn handle_request(round: u64, doubles: Doubles, helper: &Sender<Span>) {
    values(round, doubles);
    texts(round);
    failures(round);
    owned_spans(round, helper);
    futures_and_streams(round);
    overfull(round);
}

/// Three spans: numbers, late facts, and a name that was changed.
fn values(round: u64, doubles: Doubles) {
    let [nan, endless, minus_endless] = match doubles {
        Doubles::Any => [f64::NAN, f64::INFINITY, f64::NEG_INFINITY],
        Doubles::Finite => [0.1, f64::MAX, f64::MIN],
    };
    let signed = round as i64;
    drop(span_sync!(
        "every type",
        truth = round.is_multiple_of(2),
        least = i64::MIN,
        most = i64::MAX,
        beyond = u64::MAX - round,
        negative = -signed,
        third = round as f64 / 3.0,
        nan,
        endless,
        minus_endless,
        minus_zero = -0.0,
        tiny = f64::from_bits(1 + round),
        whole = 1e300,
        list = ["one", ODD_TEXT, ""],
        empty_list = NO_TEXTS,
        absent = None::<i64>,
    ));
    let late = span_sync!("late facts", first = 1, second = "two", round);
    late.set_attribute("second", "replaced");
    late.set_attribute("first", ODD_TEXT);
    late.set_attributes(attributes! { shown = %round, told = ?Some(round) });
    late.set_attribute(format!("key made at run time {}", round % 50), round);
    drop(late);
    let renamed = span_sync!("renamed", round);
    Span::current().set_name(&format!("renamed in round {round}"));
    drop(renamed);
}

/// Three spans: odd texts, long texts, and events and links of every kind.
fn texts(round: u64) {
    let odd = span_sync!("odd", text = %ODD_TEXT, empty = "", round);
    odd.add_event("", ());
    odd.set_status(Status::error(ODD_TEXT));
    drop(odd);
    let length = if round.is_multiple_of(LONG_EVERY) { 2 * TEXT_BYTES_MAX } else { 300 };
    // Three bytes a letter, so that a cut falls inside one.
    let long = "→".repeat(length / 3 + round as usize % 3);
    drop(span_sync!("long", prompt = %long, round, tokens = length));
    let linked = span_sync!("linked");
    linked.add_link(&elsewhere(round, 0x00), attributes! { why = "before", round, sure = 0.25 });
    linked.add_link(&SpanContext { is_remote: false, ..elsewhere(round, 0x01) }, ());
    linked.add_event("said", attributes! { text = %ODD_TEXT, round, ok = false, part = 1.5 });
    linked.add_event(ODD_TEXT, attributes! { list = ["a", "b"], beyond = u64::MAX });
    linked.set_status(Status::Ok);
}

/// Four spans: an error by hand, an error value, a panic, and one that is fine.
fn failures(round: u64) {
    let by_hand = span_sync!("by hand", round);
    by_hand.record_error(&ODD_TEXT);
    drop(by_hand);
    let _ = search(round);
    let _ = catch_unwind(AssertUnwindSafe(|| consume(round)));
    chat("model-of-the-round", round);
}

#[traced(kind = producer, err(Debug))]
fn search(round: u64) -> Result<(), std::num::ParseIntError> {
    format!("{round} is no number").parse::<u8>().map(drop)
}

#[traced(kind = consumer, extract_args)]
fn consume(round: u64) {
    assert!(round == u64::MAX, "round {round} panics: {ODD_TEXT}");
}

#[traced(kind = client, name = "chat {gen_ai.request.model}", ret, attributes(
    gen_ai.request.model = model, gen_ai.usage.input_tokens = round,
))]
fn chat(model: &str, round: u64) -> u64 {
    round + model.len() as u64
}

/// Two spans with names made at run time; the second ends on another thread.
fn owned_spans(round: u64, helper: &Sender<Span>) {
    let owned = Span::start(format!("step {round}"), attributes! { round, text = "owned" });
    let child = owned.child(format!("step {round}: {ODD_TEXT}"), ());
    helper.send(child).expect("the helper waits for spans");
    owned.end();
}

/// What the helper does with a span: an attribute and an event from afar, then its end.
pub(crate) fn finish(span: Span) {
    span.set_attribute("finished by", "another thread");
    span.add_event("finished", attributes! { late = true });
}

/// Four spans: a future that is done, one that is dropped, a stream and an iterator.
fn futures_and_streams(round: u64) {
    block_on(span_async!("future", round, { std::future::ready(()).await }));
    {
        let mut pending =
            pin!(span_async!("dropped", round, { std::future::pending::<()>().await }));
        let mut context = task::Context::from_waker(task::Waker::noop());
        assert!(pending.as_mut().poll(&mut context).is_pending());
    }
    assert_eq!(block_on(tokens(round % 7).count()) as u64, round % 7);
    assert_eq!(pages(round % 3).count() as u64, round % 3);
}

#[traced(extract_args)]
fn tokens(count: u64) -> impl Stream<Item = u64> {
    stream::iter(0..count)
}

#[traced]
fn pages(count: u64) -> impl Iterator<Item = u64> {
    0..count
}

/// One span, which holds more than it may in some rounds.
fn overfull(round: u64) {
    let span = span_sync!("overfull", round);
    let count = if round.is_multiple_of(OVERFULL_EVERY) { OVERFULL } else { 2 };
    for number in 0..count {
        span.set_attribute(format!("attribute {number}"), number);
        span.add_event("event", attributes! { number });
        span.add_link(&elsewhere(number, 0x01), attributes! { number });
    }
}
