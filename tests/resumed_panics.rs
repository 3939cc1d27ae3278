//! A panic that is caught and resumed, or that strikes while a future is made, is still a panic.

mod laws;

use exo_trace::testing::{capture, capture_async};
use exo_trace::{Outcome, span_sync, traced};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

#[test]
fn a_resumed_panic_ends_the_spans_it_passes_as_a_panic() {
    let trace = capture(|| {
        let payload = catch_unwind(|| panic!("first")).expect_err("it panicked");
        let passed = catch_unwind(AssertUnwindSafe(|| {
            let _span = span_sync!("passed");
            resume_unwind(payload);
        }));
        assert!(passed.is_err());
        let _span = span_sync!("afterwards");
    });
    laws::check(trace.spans());
    assert_eq!(trace.named("passed")[0].outcome(), Outcome::Panic);
    assert_eq!(trace.named("afterwards")[0].outcome(), Outcome::Ended);
}

/// Makes a span in its destructor, as a guard of somebody's connection would.
struct ClosesInASpan;

impl Drop for ClosesInASpan {
    fn drop(&mut self) {
        let _span = span_sync!("close");
    }
}

#[test]
fn a_span_in_a_destructor_that_a_panic_runs_is_not_the_panics() {
    let trace = capture(|| {
        let passed = catch_unwind(|| {
            let _span = span_sync!("passed");
            let _connection = ClosesInASpan;
            panic!("struck");
        });
        assert!(passed.is_err());
    });
    assert_eq!(trace.named("passed")[0].outcome(), Outcome::Panic);
    assert_eq!(trace.named("close")[0].outcome(), Outcome::Ended);
}

#[traced]
fn strikes_while_made(is_struck: bool) -> impl Future<Output = u8> {
    assert!(!is_struck, "struck while made");
    async { 1 }
}

#[test]
fn a_panic_while_a_future_is_made_keeps_its_message() {
    let trace = capture(|| {
        assert!(catch_unwind(|| drop(strikes_while_made(true))).is_err());
    });
    let text = trace.to_text();
    assert!(text.starts_with("strikes_while_made [panic]"), "{text}");
    assert!(text.contains("struck while made"), "{text}");
}

#[tokio::test]
async fn a_task_whose_panic_is_resumed_elsewhere_is_a_panic_there_too() {
    let trace = capture_async(async {
        let joined = tokio::spawn(async { panic!("in the task") }).await;
        let payload = joined.expect_err("the task panicked").into_panic();
        let passed = catch_unwind(AssertUnwindSafe(|| {
            let _span = span_sync!("joins");
            resume_unwind(payload);
        }));
        assert!(passed.is_err());
    })
    .await;
    assert_eq!(trace.named("joins")[0].outcome(), Outcome::Panic);
}
