//! Values that misbehave: each is written as well as it can be, or counted, and the program goes on.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::testing::capture;
use exo_trace::{
    Losses, SpanData, TraceBackend, TraceConfig, TraceGuard, Value, attributes, init, span_sync,
    traced,
};
use std::fmt;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
const KEPT_BYTES: usize = 4_096;
const KEPT_ATTRIBUTES: u64 = 128;

static TRACE: LazyLock<TraceGuard> = LazyLock::new(|| {
    init(TraceConfig::new("odd values").backend(TraceBackend::Memory)).expect("recording starts")
});
static ALONE: Mutex<()> = Mutex::new(());

/// Losses are the process's: whoever looks at them is alone.
fn alone() -> MutexGuard<'static, ()> {
    LazyLock::force(&TRACE);
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn losses() -> Losses {
    let _ = TRACE.flush(DEADLINE);
    TRACE.losses()
}

struct PanicsWhenShown;

impl fmt::Display for PanicsWhenShown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("not to be shown")
    }
}

impl fmt::Debug for PanicsWhenShown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("not to be shown")
    }
}

#[traced(extract_args)]
fn takes(what: &PanicsWhenShown, how_often: u32) -> u32 {
    let PanicsWhenShown = what;
    how_often
}

#[test]
fn a_value_that_panics_while_it_is_shown_says_so_and_the_work_goes_on() {
    let _alone = alone();
    let trace = capture(|| {
        assert_eq!(takes(&PanicsWhenShown, 3), 3);
        let span = span_sync!("span", told = ?PanicsWhenShown);
        span.add_event("event", attributes! { shown = %PanicsWhenShown });
        span.record_error(&PanicsWhenShown);
    });
    let text = laws::text_of(&trace);
    let excuse = r#""(panicked while it was formatted)""#;
    for said in [
        format!("takes arg.what={excuse} arg.how_often=3"),
        format!("span told={excuse}"),
        format!("· event shown={excuse}"),
        format!("exception.message={excuse}"),
    ] {
        assert!(text.contains(&said), "{said} in {text}");
    }
}

/// Writes some of itself, and then fails.
struct FailsWhenShown;

impl fmt::Display for FailsWhenShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("some")?;
        Err(fmt::Error)
    }
}

#[test]
fn a_value_that_cannot_be_shown_to_its_end_shows_its_beginning() {
    let _alone = alone();
    let trace = capture(|| drop(span_sync!("span", value = %FailsWhenShown)));
    assert_eq!(laws::text_of(&trace), "span value=\"some\"\n");
}

/// Opens spans of its own while it is shown.
struct Traces;

impl fmt::Display for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = span_sync!("within", value = %"a text");
        span.add_event("shown", attributes! { value = %"another text" });
        f.write_str("shown")
    }
}

#[test]
fn a_value_that_traces_while_it_is_shown_is_shown() {
    let _alone = alone();
    let trace = capture(|| {
        let span = span_sync!("span", value = %Traces);
        span.add_event("event", attributes! { value = %Traces });
    });
    laws::text_of(&trace);
    assert_eq!(trace.named("within").len(), 2);
    assert_eq!(trace.named("span")[0].attribute("value"), Some("shown".into()));
}

fn text_len(span: &SpanData<'_>, key: &str) -> Option<usize> {
    match span.attribute(key)? {
        Value::Text(text) => Some(text.len()),
        other => panic!("{key} is a text, not {other:?}"),
    }
}

#[test]
fn ten_megabytes_of_text_are_cut_and_the_span_says_which() {
    let _alone = alone();
    let huge = "a".repeat(10 << 20);
    let wide = format!("b{}", "€".repeat(1 << 20));
    let trace = capture(|| {
        let span = span_sync!("span", early = huge.as_str(), shown = %huge, whole = "short");
        span.set_attribute("late", wide.as_str());
        span.add_event("event", attributes! { text = huge.as_str(), shown = %wide });
        span.add_event(&huge, ());
        span.record_error(&huge);
    });
    laws::text_of(&trace);
    let span = trace.named("span")[0];
    assert_eq!(text_len(span, "early"), Some(KEPT_BYTES));
    assert_eq!(text_len(span, "shown"), Some(KEPT_BYTES));
    assert_eq!(text_len(span, "late"), Some(KEPT_BYTES), "one byte and 1,365 signs of three");
    let Some(Value::Texts(cut)) = span.attribute("exo.truncated") else { panic!("it is told") };
    assert_eq!(cut.iter().collect::<Vec<_>>(), ["early", "shown", "late", "text"]);
    let events: Vec<_> = span.events().collect();
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|event| event.name.len() <= KEPT_BYTES));
    let texts = events.iter().flat_map(|event| &event.attributes);
    assert!(texts.clone().count() > 0);
    for (key, value) in texts {
        let Value::Text(text) = value else { panic!("{key} is a text, not {value:?}") };
        assert!(text.len() <= KEPT_BYTES, "{key} has {} bytes", text.len());
    }
}

#[test]
fn of_a_hundred_thousand_attributes_some_are_kept_and_the_others_counted() {
    let _alone = alone();
    let before = losses();
    // Keys made at run time are interned, and their number is bounded: a few keys, many attributes.
    let keys: Vec<_> = (0..500).map(|n| format!("key {n}")).collect();
    let trace = capture(|| {
        let span = span_sync!("span");
        for round in 0..200 {
            keys.iter().for_each(|key| span.set_attribute(key.clone(), round));
            // A full ring would refuse the span itself; here nothing but the limit counts.
            let _ = (round % 8 == 0).then(|| TRACE.flush(DEADLINE));
        }
    });
    laws::text_of(&trace);
    let span = trace.named("span")[0];
    let kept: Vec<_> = span.attributes().filter(|(key, _)| key.starts_with("key ")).collect();
    assert_eq!(kept.len() as u64, KEPT_ATTRIBUTES);
    assert!(kept.iter().all(|(_, value)| *value == Value::I64(199)), "the last value counts");
    assert_eq!(losses().facts_refused, before.facts_refused);
    // What is kept was said 200 times; of the other keys nothing is.
    let dropped = u64::from(span.dropped_attributes_count());
    assert_eq!(dropped, 100_000 - 200 * KEPT_ATTRIBUTES);
}

#[test]
fn events_and_links_past_the_limit_are_counted_on_the_span() {
    let _alone = alone();
    let before = losses();
    let trace = capture(|| {
        let span = span_sync!("span");
        let context = span.span_context().expect("it is recorded");
        for n in 0..1_000 {
            span.add_event("event", attributes! { n });
            span.add_link(&context, ());
        }
    });
    laws::text_of(&trace);
    let span = trace.named("span")[0];
    let (events, links) = (span.events().count() as u64, span.links().count() as u64);
    assert!(events <= KEPT_ATTRIBUTES && links <= KEPT_ATTRIBUTES, "{events} and {links}");
    let dropped = u64::from(span.dropped_events_count()) + u64::from(span.dropped_links_count());
    let refused = losses().facts_refused - before.facts_refused;
    assert_eq!(events + links + dropped + refused, 2_000);
}

#[test]
fn a_name_made_of_ten_megabytes_is_cut() {
    let _alone = alone();
    let name = "n".repeat(10 << 20);
    let trace = capture(|| drop(exo_trace::span_sync(name, ())));
    let [span] = trace.spans() else { panic!("one span, not {:?}", trace.spans().len()) };
    assert_eq!(span.name().len(), KEPT_BYTES);
}
