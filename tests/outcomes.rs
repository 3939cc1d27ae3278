//! How a span ended is told once and truly: error values, panics, drops, and what was said by hand.

mod laws;

use exo_trace::testing::capture;
use exo_trace::{Span, Status, StatusCode, span_async, span_sync, traced};
use futures::executor::block_on;
use futures::stream::{self, Stream, StreamExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{self, Waker};

#[derive(Debug)]
struct OnlyDebug {
    #[allow(dead_code, reason = "its `Debug` shows it")]
    code: u8,
}

struct Mute;

#[traced]
fn shown() -> Result<(), String> {
    Err("no such file".to_owned())
}

#[traced]
fn debugged() -> Result<(), OnlyDebug> {
    Err(OnlyDebug { code: 7 })
}

#[traced]
fn mute() -> Result<(), Mute> {
    Err(Mute)
}

#[test]
fn an_error_value_is_told_by_display_then_debug_then_its_type() {
    let trace = capture(|| drop((shown(), debugged(), mute())));
    let text = r#"shown [error] error.type="alloc::string::String" status=error("no such file")
  · exception exception.type="alloc::string::String" exception.message="no such file"
debugged [error] error.type="outcomes::OnlyDebug" status=error("OnlyDebug { code: 7 }")
  · exception exception.type="outcomes::OnlyDebug" exception.message="OnlyDebug { code: 7 }"
mute [error] error.type="outcomes::Mute" status=error
  · exception exception.type="outcomes::Mute"
"#;
    assert_eq!(laws::text_of(&trace), text);
}

#[traced(extract_args)]
fn parsed(text: &str) -> Result<i32, Box<dyn std::error::Error>> {
    if text.is_empty() {
        return Ok(0);
    }
    let number: i32 = text.parse()?;
    if number < 0 {
        return Err("negative".into());
    }
    Ok(number)
}

#[test]
fn a_question_mark_and_an_early_return_end_the_span_like_any_other_end() {
    let trace = capture(|| {
        let _: Vec<_> = ["", "5", "x", "-1"].map(|text| parsed(text).ok()).into();
    });
    let kind = r#"error.type="alloc::boxed::Box<dyn core::error::Error>""#;
    let event = r#"exception.type="alloc::boxed::Box<dyn core::error::Error>""#;
    let invalid = r#""invalid digit found in string""#;
    let text = format!(
        r#"parsed arg.text=""
parsed arg.text="5"
parsed [error] arg.text="x" {kind} status=error({invalid})
  · exception {event} exception.message={invalid}
parsed [error] arg.text="-1" {kind} status=error("negative")
  · exception {event} exception.message="negative"
"#
    );
    assert_eq!(laws::text_of(&trace), text);
}

#[traced]
async fn fetched() -> Result<u8, String> {
    Err("refused".to_owned())
}

#[traced(stream)]
async fn opened(fails: bool) -> Result<impl Stream<Item = u8>, String> {
    if fails { Err("no model".to_owned()) } else { Ok(stream::iter(0..9)) }
}

#[test]
fn an_async_error_is_told_like_a_sync_one() {
    let trace = capture(|| {
        block_on(async {
            assert!(fetched().await.is_err());
            assert!(opened(true).await.is_err());
        });
    });
    let text = r#"fetched [error] error.type="alloc::string::String" status=error("refused")
  · exception exception.type="alloc::string::String" exception.message="refused"
opened [error] error.type="alloc::string::String" status=error("no model")
  · exception exception.type="alloc::string::String" exception.message="no model"
"#;
    assert_eq!(laws::text_of(&trace), text);
}

#[traced]
fn breaks(what: &str) {
    let _inside = span_sync!("inside");
    panic!("out of {what}");
}

#[test]
fn a_panic_is_told_by_every_span_it_goes_through_and_by_none_outside() {
    let trace = capture(|| {
        let _outside = span_sync!("outside");
        assert!(catch_unwind(|| breaks("tokens")).is_err());
    });
    laws::text_of(&trace);
    for name in ["breaks", "inside"] {
        let span = trace.named(name)[0];
        assert_eq!(span.attribute("exo.outcome"), Some("panic".into()));
        assert_eq!(span.attribute("error.type"), Some("panic".into()));
        assert_eq!(span.status(), Status::error("out of tokens"));
        let events: Vec<_> = span.events().collect();
        let [event] = events.as_slice() else { panic!("one event, not {events:?}") };
        assert_eq!(event.name, "exception");
        assert!(event.attributes.contains(&("exception.message", "out of tokens".into())));
        assert!(event.attributes.contains(&("code.file.path", "tests/outcomes.rs".into())));
    }
    assert_eq!(trace.named("outside")[0].status(), Status::Unset);
}

struct SpanInDrop;

impl Drop for SpanInDrop {
    fn drop(&mut self) {
        drop(span_sync!("cleanup"));
    }
}

#[test]
fn a_span_of_a_destructor_that_a_panic_runs_is_no_panic_of_its_own() {
    let trace = capture(|| {
        let broken = catch_unwind(|| {
            let _span = span_sync!("broken");
            let _cleanup = SpanInDrop;
            panic!("broken");
        });
        assert!(broken.is_err());
    });
    laws::text_of(&trace);
    assert_eq!(trace.named("cleanup")[0].status(), Status::Unset);
    assert_eq!(trace.named("broken")[0].attribute("exo.outcome"), Some("panic".into()));
}

#[test]
fn a_stream_dropped_early_is_cancelled_and_counts_its_items() {
    let trace = capture(|| {
        block_on(async {
            let stream = opened(false).await.expect("it opens");
            let mut stream = pin!(stream);
            assert_eq!((stream.next().await, stream.next().await), (Some(0), Some(1)));
        });
    });
    assert_eq!(laws::text_of(&trace), "opened [cancelled] exo.stream.items=2\n  · cancelled\n");
    assert!(trace.named("opened")[0].attribute("exo.stream.time_to_first_item").is_some());
}

#[traced]
fn numbers() -> impl Iterator<Item = u32> {
    0..9
}

#[test]
fn an_iterator_dropped_early_is_cancelled_and_one_read_to_its_end_is_not() {
    let trace = capture(|| {
        assert_eq!(numbers().take(3).count(), 3);
        assert_eq!(numbers().count(), 9);
    });
    let text = "\
numbers [cancelled] exo.stream.items=3
  · cancelled
numbers exo.stream.items=9
";
    assert_eq!(laws::text_of(&trace), text);
}

/// Says goodbye to whatever span is current.
struct Goodbye;

impl Drop for Goodbye {
    fn drop(&mut self) {
        Span::current().add_event("goodbye", ());
    }
}

#[test]
fn a_cancelled_future_is_dropped_inside_its_span() {
    let trace = capture(|| {
        let _around = span_sync!("around");
        let mut future = Box::pin(span_async!("work", async {
            let _goodbye = Goodbye;
            std::future::pending::<()>().await;
        }));
        let mut cx = task::Context::from_waker(Waker::noop());
        assert!(future.as_mut().poll(&mut cx).is_pending());
    });
    let text = "around\n  work [cancelled]\n    · goodbye\n    · cancelled\n";
    assert_eq!(laws::text_of(&trace), text);
}

#[test]
fn a_future_that_was_never_polled_is_cancelled_if_its_span_was_made() {
    let trace = capture(|| drop(fetched()));
    let unpolled = capture(|| drop(span_async("made", (), async {})));
    let lazy = capture(|| drop(span_async!("lazy", async {})));
    assert_eq!(laws::text_of(&trace), "", "an async function does nothing before it is polled");
    assert_eq!(laws::text_of(&lazy), "", "nor does the macro");
    assert_eq!(laws::text_of(&unpolled), "made [cancelled]\n  · cancelled\n");
}

#[traced]
fn fine() -> Result<u8, String> {
    Ok(1)
}

#[test]
fn ok_leaves_the_status_unset() {
    let trace = capture(|| assert_eq!(fine(), Ok(1)));
    assert_eq!(laws::text_of(&trace), "fine\n");
    assert_eq!(trace.named("fine")[0].status().code(), StatusCode::Unset);
}

#[traced]
fn tolerated() -> Result<(), String> {
    Span::current().set_status(Status::Ok);
    Err("expected".to_owned())
}

#[traced]
fn suspected() -> Result<u8, String> {
    Span::current().set_status(Status::error("looks wrong"));
    Ok(1)
}

#[test]
fn a_status_set_by_hand_wins_over_the_outcome() {
    let trace = capture(|| drop((tolerated(), suspected())));
    laws::text_of(&trace);
    assert_eq!(trace.named("tolerated")[0].status(), Status::Ok);
    assert_eq!(trace.named("suspected")[0].status(), Status::error("looks wrong"));
}

#[test]
fn of_two_statuses_the_later_counts_unless_the_first_was_ok() {
    let trace = capture(|| {
        let span = span_sync!("span");
        span.set_status(Status::error("first"));
        span.set_status(Status::error("second"));
        drop(span);
        let vouched = span_sync!("vouched");
        vouched.set_status(Status::Ok);
        vouched.set_status(Status::error("too late"));
    });
    laws::text_of(&trace);
    assert_eq!(trace.named("span")[0].status(), Status::error("second"));
    assert_eq!(trace.named("vouched")[0].status(), Status::Ok);
}

#[test]
fn a_panic_in_a_stream_ends_its_span_at_once() {
    let trace = capture(|| {
        let mut stream = Box::pin(broken_stream());
        let polled = catch_unwind(AssertUnwindSafe(|| block_on(stream.next())));
        assert!(polled.is_err());
        drop(span_sync!("after"));
        drop(stream);
    });
    laws::text_of(&trace);
    let names: Vec<_> = trace.spans().iter().map(|span| span.name().into_owned()).collect();
    assert_eq!(names, ["broken_stream", "after"]);
    assert_eq!(trace.named("broken_stream")[0].status(), Status::error("bad chunk"));
}

#[traced]
fn broken_stream() -> impl Stream<Item = u8> {
    stream::once(async { panic!("bad chunk") })
}

#[test]
fn a_status_that_is_unset_later_takes_nothing_back() {
    let trace = capture(|| {
        let by_hand = span_sync!("by hand");
        by_hand.set_status(Status::error("refused"));
        by_hand.set_status(Status::Unset);
        drop(by_hand);
        let recorded = span_sync!("recorded");
        recorded.record_error("not found");
        recorded.set_status(Status::Unset);
    });
    laws::text_of(&trace);
    assert_eq!(trace.named("by hand")[0].status(), Status::error("refused"));
    assert_eq!(trace.named("recorded")[0].status(), Status::error("not found"));
}
