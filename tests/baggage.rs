//! Baggage belongs to a piece of work: a task, an attached context, a thread; it never leaks out.

use exo_trace::propagation::{baggage, clear_baggage, get_baggage, set_baggage};
use exo_trace::{Context, Span, TraceFuture, span_async, traced};
use futures::executor::block_on;
use futures::future::{join_all, poll_immediate};
use std::pin::pin;
use tokio::sync::oneshot;
use tokio::task::yield_now;

fn user() -> Option<String> {
    get_baggage("user_id")
}

#[traced]
async fn serve(user_id: String) -> Option<String> {
    set_baggage("user_id", &user_id);
    for _ in 0..10 {
        yield_now().await;
        assert_eq!(user().as_deref(), Some(user_id.as_str()));
    }
    nested().await
}

#[traced]
async fn nested() -> Option<String> {
    yield_now().await;
    let inherited = user();
    set_baggage("user_id", "nobody else's");
    yield_now().await;
    inherited
}

#[test]
fn what_is_set_is_there_until_it_is_cleared() {
    set_baggage("user_id", "u-123");
    set_baggage("session_id", "s-456");
    assert_eq!(user().as_deref(), Some("u-123"));
    set_baggage("user_id", "u-124");
    let all: Vec<_> = baggage().iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(all, ["user_id=u-124", "session_id=s-456"]);
    clear_baggage();
    assert_eq!((user(), baggage().len()), (None, 0));
}

#[tokio::test(flavor = "current_thread")]
async fn tasks_that_take_turns_on_one_thread_have_each_their_own() {
    let users = join_all((0..10).map(|number| serve(format!("u-{number}")))).await;
    for (number, served) in users.into_iter().enumerate() {
        assert_eq!(served, Some(format!("u-{number}")));
    }
    assert_eq!(user(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_move_between_threads_take_it_along() {
    let tasks: Vec<_> = (0..50).map(|n| tokio::spawn(serve(format!("u-{n}")))).collect();
    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.unwrap(), Some(format!("u-{number}")));
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_spawned_task_inherits_it_in_a_context_and_not_without() {
    async {
        set_baggage("user_id", "u-1");
        let inherits = tokio::spawn(Context::current().scope(async { user() }));
        let begins_without = tokio::spawn(async { user() });
        set_baggage("user_id", "u-2");
        assert_eq!(inherits.await.unwrap().as_deref(), Some("u-1"));
        assert_eq!(begins_without.await.unwrap(), None);
        assert_eq!(user().as_deref(), Some("u-2"));
    }
    .traced("request")
    .await;
    assert_eq!(user(), None);
}

#[test]
fn a_thread_begins_without_and_inherits_it_in_a_context() {
    set_baggage("user_id", "u-1");
    let carried = Context::current().carry(user);
    assert_eq!(std::thread::spawn(user).join().unwrap(), None);
    assert_eq!(std::thread::spawn(carried).join().unwrap().as_deref(), Some("u-1"));
    clear_baggage();
}

#[test]
fn what_is_set_in_an_attached_context_ends_with_it() {
    set_baggage("user_id", "outside");
    {
        let _attached = Context::current().attach();
        set_baggage("user_id", "inside");
        assert_eq!(user().as_deref(), Some("inside"));
    }
    assert_eq!(user().as_deref(), Some("outside"));
    clear_baggage();
}

#[test]
fn a_cancelled_future_leaves_nothing_behind() {
    let (_never, pending) = oneshot::channel::<()>();
    let work = span_async("work", (), async {
        set_baggage("user_id", "u-1");
        let _ = pending.await;
    });
    assert_eq!(block_on(poll_immediate(work)), None);
    assert_eq!(user(), None);
}

#[test]
fn a_future_that_panics_leaves_nothing_behind() {
    let work = span_async("work", (), async {
        set_baggage("user_id", "u-1");
        panic!("on purpose");
    });
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| block_on(work)));
    assert!(caught.is_err());
    assert_eq!(user(), None);
}

#[test]
fn a_stream_keeps_its_own_between_its_items() {
    use futures::StreamExt;

    #[traced(stream)]
    fn chunks() -> impl futures::Stream<Item = Option<String>> {
        async_stream::stream! {
            set_baggage("user_id", "the stream's");
            yield user();
            yield user();
        }
    }
    block_on(async {
        let mut chunks = pin!(chunks());
        while let Some(seen) = chunks.next().await {
            assert_eq!(seen.as_deref(), Some("the stream's"));
            assert_eq!(user(), None);
        }
    });
}

#[test]
fn a_future_in_a_span_is_a_piece_of_work_of_its_own() {
    set_baggage("user_id", "u-1");
    let run = Span::start("run", ());
    let inside = block_on(run.instrument(async {
        set_baggage("user_id", "u-2");
        user()
    }));
    assert_eq!((inside.as_deref(), user().as_deref()), (Some("u-2"), Some("u-1")));
    clear_baggage();
}

/// A text that does something when it is asked for.
struct Asked<F: Fn()>(F);

impl<F: Fn()> AsRef<str> for Asked<F> {
    fn as_ref(&self) -> &str {
        (self.0)();
        "asked"
    }
}

#[test]
fn what_a_text_does_when_it_is_asked_for_costs_no_baggage() {
    set_baggage("user_id", "u-1");
    let caught = std::panic::catch_unwind(|| set_baggage("other", Asked(|| panic!("on purpose"))));
    assert!(caught.is_err());
    set_baggage("other", Asked(|| set_baggage("inside", "1")));
    let all: Vec<_> = baggage().iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(all, ["user_id=u-1", "inside=1", "other=asked"]);
    clear_baggage();
}
