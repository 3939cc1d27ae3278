//! Tasks that take turns in one priority: each has its own span, and what it does is inside that one.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod board;

use board::{Board, spans};
use exo_trace_core::Outcome;
use exo_trace_core::compact::{Recorder, Ring, Site, Sites, site};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

static TASK: Site = site!("task");
static WORK: Site = site!("work");
static SITES: &[&[Site]] = &[&[TASK, WORK]];

fn poll<T>(future: &mut Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// Is ready at its second poll.
async fn turn() {
    let mut is_second = false;
    poll_fn(
        |_| if std::mem::replace(&mut is_second, true) { Poll::Ready(()) } else { Poll::Pending },
    )
    .await;
}

#[test]
fn tasks_that_take_turns_are_not_inside_each_other() {
    static RING: Ring<128> = Ring::new();
    Sites::new(SITES);
    let recorder = Recorder::new(&RING, Board::default());
    let task = || {
        recorder.traced(&TASK, async {
            let _work = recorder.start(&WORK);
            turn().await;
            drop(recorder.start(&WORK));
        })
    };
    let (mut first, mut second) = (pin!(task()), pin!(task()));
    assert!(poll(&mut first).is_pending());
    assert_eq!(recorder.current(), None);
    assert!(poll(&mut second).is_pending());
    assert!(poll(&mut first).is_ready());
    assert!(poll(&mut second).is_ready());
    assert_eq!(recorder.current(), None);
    let found = spans(RING.by_ref());
    let [inner, work, task] = found[..3] else { panic!("three spans of a task") };
    assert_eq!((task.parent, work.parent, inner.parent), (None, Some(task.id), Some(work.id)));
    assert_eq!((task.root, work.root, inner.root), (task.id, task.id, task.id));
    let roots: Vec<_> = found.iter().map(|span| span.root).collect();
    assert_eq!(roots[..3], [task.id; 3]);
    assert!(roots[3..].iter().all(|root| *root == found[5].id && *root != task.id));
}

#[test]
fn a_task_dropped_before_its_end_is_cancelled_and_what_it_held_ended_inside_it() {
    static RING: Ring<128> = Ring::new();
    let recorder = Recorder::new(&RING, Board::default());
    {
        let mut task = pin!(recorder.traced(&TASK, async {
            let _work = recorder.start(&WORK);
            turn().await;
        }));
        assert!(poll(&mut task).is_pending());
        let _outside = recorder.start(&WORK);
    }
    assert_eq!(recorder.current(), None);
    let [outside, work, task] = spans(RING.by_ref())[..] else { panic!("three spans") };
    assert_eq!((task.outcome, work.outcome), (Outcome::Cancelled, Outcome::Ended));
    assert_eq!((work.parent, outside.parent), (Some(task.id), None));
}

#[test]
fn a_span_that_a_task_ended_is_nobodys_parent_while_the_task_waits() {
    static RING: Ring<128> = Ring::new();
    let recorder = Recorder::new(&RING, Board::default());
    let outer = recorder.start(&WORK);
    let mut task = pin!(recorder.traced(&TASK, async move {
        drop(outer);
        turn().await;
    }));
    assert!(poll(&mut task).is_pending());
    assert_eq!(recorder.current(), None);
    drop(recorder.start(&WORK));
    assert!(poll(&mut task).is_ready());
    assert_eq!(recorder.current(), None);
    let [outer, between, task] = spans(RING.by_ref())[..] else { panic!("three spans") };
    assert_eq!((outer.parent, between.parent, task.parent), (None, None, Some(outer.id)));
}

#[test]
fn a_task_that_was_never_polled_has_no_span() {
    static RING: Ring<128> = Ring::new();
    let recorder = Recorder::new(&RING, Board::default());
    drop(recorder.traced(&TASK, turn()));
    assert_eq!(RING.by_ref().recorded(), 0);
}

#[test]
fn a_task_that_fails_says_so() {
    static RING: Ring<128> = Ring::new();
    let recorder = Recorder::new(&RING, Board::default());
    let mut good = pin!(recorder.try_traced(&TASK, async { Ok::<_, ()>(1) }));
    let mut bad = pin!(recorder.try_traced(&TASK, async { Err::<(), _>("too hot") }));
    assert_eq!(poll(&mut good), Poll::Ready(Ok(1)));
    assert_eq!(poll(&mut bad), Poll::Ready(Err("too hot")));
    let outcomes: Vec<_> = spans(RING.by_ref()).iter().map(|span| span.outcome).collect();
    assert_eq!(outcomes, [Outcome::Ended, Outcome::Error]);
    assert!(poll(&mut good).is_pending(), "a future that was ready has nothing left to do");
}

#[test]
fn a_task_that_panics_leaves_nobody_inside_it() {
    static RING: Ring<128> = Ring::new();
    let recorder = Recorder::new(&RING, Board::default());
    let outside = recorder.start(&WORK);
    let mut task = pin!(recorder.traced(&TASK, async { panic!("too hot") }));
    let polled = catch_unwind(AssertUnwindSafe(|| poll(&mut task)));
    assert!(polled.is_err());
    assert_eq!(recorder.current(), outside.id());
}
