//! Everything a program can name, in sizes nobody means: all at once, with sums, and one kind at a time.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod deadlines;
mod laws;

use deadlines::{Counting, Watch};
use exo_trace::propagation::{baggage, clear_baggage, set_baggage};
use exo_trace::{
    Context, DictCarrier, Propagators, Span, TraceBackend, TraceConfig, TraceGuard, Value,
    attributes, init, span_sync, tool,
};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
const KEPT_BYTES: usize = 4_096;
const KEPT: usize = 128;
const MEGABYTES: usize = 4 << 20;
const ROUNDS: u64 = 10;
const SPANS_A_ROUND: u64 = 9;

/// Recording is the process's: one story at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start(watch: &Watch, config: TraceConfig) -> TraceGuard {
    let config = config.backend(TraceBackend::Memory).exporter(watch.of(Counting::default()));
    init(config).expect("nothing records yet")
}

/// Text of so many bytes that no terminal, header or JSON takes as it is.
fn hostile(bytes: usize) -> String {
    "\u{1b}[2J\0\"\\ü\u{2028}\r\n".chars().cycle().take(bytes / 2).collect()
}

/// Says everything there is to say, too much of each; begins [`SPANS_A_ROUND`] spans.
fn everything(round: u64, huge: &str) {
    set_baggage(huge, huge);
    set_baggage(format!("key{round}"), huge);
    for name in [huge.to_owned(), String::new(), "\0".to_owned()] {
        Span::start(name, ()).end();
    }
    let span = span_sync!("span", round, huge, shown = %huge, debugged = ?huge);
    let context = span.span_context().expect("it is recorded");
    let texts = vec![huge; 1_000];
    span.set_attribute("texts", texts.as_slice());
    for n in 0..1_000 {
        span.set_attribute(format!("key {n} {huge}"), huge);
        span.set_attribute(format!("key {}", n % 200), n);
    }
    for _ in 0..300 {
        span.add_event(huge, attributes! { huge });
        span.add_link(&context, attributes! { huge });
    }
    span.record_error(huge);
    span.set_status(exo_trace::Status::error(huge));
    let mut called = tool(huge.to_owned()).start();
    called.arguments(huge).result(huge);
    called.end();
    drop(Propagators::chosen().extract(&headers(huge)).attach());
    (0..4).for_each(|n| drop(span_sync!("plain", n)));
}

/// Headers as somebody who means harm would send them.
fn headers(huge: &str) -> DictCarrier {
    let mut carrier = DictCarrier::new();
    for name in ["traceparent", "tracestate", "baggage", "b3", huge] {
        carrier.set(name, huge);
    }
    carrier
}

#[test]
fn everything_at_once_is_delivered_cut_or_counted() {
    let _alone = alone();
    let huge = hostile(MEGABYTES);
    let watch = Watch::start("hostile sizes, all at once");
    let config = TraceConfig::new(hostile(100_000)).namespace(hostile(100_000));
    let config = config.extra(hostile(100_000), hostile(MEGABYTES)).capture_content(true);
    // So large that what is lost is lost for its size alone.
    let config = config.ring_bytes(64 << 20);
    let trace = start(&watch, config.baggage_attributes([hostile(1_000)]));
    drop(span_sync!("before all that"));
    for round in 0..ROUNDS {
        everything(round, &huge);
        let _ = trace.flush(DEADLINE);
        clear_baggage();
    }
    let delivery = watch.shutdown(&trace, DEADLINE);
    laws::accounts_for(1 + ROUNDS * SPANS_A_ROUND, &delivery);
    let spans = trace.memory().expect("the memory backend").spans();
    assert_eq!(spans.len() as u64, delivery.delivered, "{delivery}");
    laws::check(&spans);
    assert!(delivery.lost.spans_refused == 0, "facts may be lost, spans have room: {delivery}");
    for span in &spans {
        assert!(span.name().len() <= KEPT_BYTES + 64, "{} bytes of a name", span.name().len());
        assert!(span.attributes().count() <= 2 * KEPT, "{}", span.attributes().count());
        assert!(span.events().count() <= KEPT && span.links().count() <= KEPT);
        for (key, value) in span.attributes() {
            let is_content = key.starts_with("gen_ai.");
            let Value::Text(text) = value else { continue };
            assert!(text.len() <= KEPT_BYTES || is_content, "{key} has {} bytes", text.len());
        }
    }
    let plain = trace.memory().expect("the memory backend").named("plain");
    assert_eq!(plain.len() as u64, 4 * ROUNDS, "what is small beside them is whole");
}

#[test]
fn headers_of_any_size_cost_a_context_and_no_more() {
    let _alone = alone();
    let watch = Watch::start("hostile headers");
    let trace = start(&watch, TraceConfig::new("headers"));
    let huge = hostile(MEGABYTES);
    for text in [huge.as_str(), "", "\0", "00-", &"a=b,".repeat(1 << 20), &"é=%ff;".repeat(100)] {
        let attached = Propagators::chosen().extract(&headers(text)).attach();
        assert!(Context::current().span_context().is_none(), "nobody's trace");
        drop(span_sync!("after"));
        drop(attached);
    }
    assert!(baggage().is_empty());
    let delivery = watch.shutdown(&trace, DEADLINE);
    laws::accounts_for(6, &delivery);
    assert_eq!(delivery.delivered, 6, "{delivery}");
}

#[test]
fn ten_thousand_attributes_on_each_of_four_threads_are_kept_or_counted_on_their_spans() {
    let _alone = alone();
    let watch = Watch::start("ten thousand attributes");
    let trace = start(&watch, TraceConfig::new("attributes").ring_bytes(16 << 20));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let span = span_sync!("span");
                (0..10_000).for_each(|n| span.set_attribute(format!("key {}", n % 500), n));
            });
        }
    });
    let delivery = watch.shutdown(&trace, DEADLINE);
    laws::accounts_for(4, &delivery);
    for span in trace.memory().expect("the memory backend").named("span") {
        let kept = span.attributes().filter(|(key, _)| key.starts_with("key ")).count();
        assert!(kept > 0 && kept <= KEPT, "{kept}");
        let told = u64::from(span.dropped_attributes_count());
        // Each kept key was said twenty times; what has no place is counted once a time it was said.
        assert_eq!(told, 10_000 - 20 * kept as u64, "{span}");
    }
}
