//! What is said of a span after its beginning is neither lost nor waited for, whoever says it.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod laws;

use exo_trace::testing::capture;
use exo_trace::{
    Context, Span, SpanContext, SpanId, Status, Trace, TraceFlags, TraceId, Value, attributes,
    span_async, span_sync, traced,
};
use futures::executor::block_on;
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

/// A thread with a ring that works on what it is given, one thing after the other.
struct Worker {
    jobs: mpsc::Sender<Job>,
}

impl Worker {
    fn start() -> Self {
        let (jobs, received) = mpsc::channel::<Job>();
        thread::spawn(move || received.iter().for_each(|job| job()));
        let worker = Self { jobs };
        worker.run(|| drop(capture(|| drop(span_sync!("claims a ring")))));
        worker
    }

    /// Runs `f` there and waits for what it returns.
    fn run<R: Send + 'static>(&self, f: impl FnOnce() -> R + Send + 'static) -> R {
        let (done, result) = mpsc::channel();
        let job = move || _ = done.send(f());
        self.jobs.send(Box::new(job)).expect("the worker waits for jobs");
        result.recv().expect("the job does not panic")
    }
}

/// Captures `story` on one thread, with another to be of help. Each has a ring of its own, and in
/// one of the two runs the drain reads that of the story first.
fn with_help(story: fn(&Worker)) -> [Trace; 2] {
    let (one, other) = (Arc::new(Worker::start()), Arc::new(Worker::start()));
    let run = |owner: &Worker, help: &Arc<Worker>| {
        let help = Arc::clone(help);
        owner.run(move || capture(|| story(&help)))
    };
    [run(&one, &other), run(&other, &one)]
}

#[test]
fn an_attribute_set_on_another_thread_before_the_end_comes_with_the_span() {
    let traces = with_help(|help| {
        let _span = span_sync!("span");
        let current = Span::current();
        help.run(move || current.set_attribute("from", "afar"));
    });
    for trace in traces {
        assert_eq!(laws::text_of(&trace), "span from=\"afar\"\n");
    }
}

#[test]
fn an_attribute_set_on_another_thread_comes_with_an_owned_span() {
    let traces = with_help(|help| {
        let span = Arc::new(Span::start("span", ()));
        let afar = Arc::clone(&span);
        help.run(move || afar.set_attribute("from", "afar"));
    });
    for trace in traces {
        assert_eq!(laws::text_of(&trace), "span from=\"afar\"\n");
    }
}

#[test]
fn an_attribute_set_on_another_thread_comes_with_a_guard_that_was_dropped_out_of_order() {
    let traces = with_help(|help| {
        let older = span_sync!("older");
        let current = Span::current();
        let newer = span_sync!("newer");
        help.run(move || current.set_attribute("from", "afar"));
        drop(older);
        drop(newer);
    });
    for trace in traces {
        assert_eq!(laws::text_of(&trace), "older from=\"afar\"\n  newer\n");
    }
}

#[traced]
fn prepared(help: &Worker) -> impl Future<Output = ()> + Send {
    let current = Span::current();
    async move { help.run(move || current.set_attribute("from", "afar")) }
}

#[test]
fn a_handle_taken_while_a_future_was_made_is_as_good_as_any() {
    let traces = with_help(|help| block_on(prepared(help)));
    for trace in traces {
        assert_eq!(laws::text_of(&trace), "prepared from=\"afar\"\n");
    }
}

#[test]
fn a_handle_taken_below_a_guard_held_across_a_poll_is_as_good_as_any() {
    let traces = with_help(|help| {
        block_on(span_async!("work", async {
            let current = Span::current();
            let _guard = span_sync!("guard");
            once_pending().await;
            help.run(move || current.set_attribute("from", "afar"));
        }));
    });
    for trace in traces {
        assert_eq!(laws::text_of(&trace), "work from=\"afar\"\n  guard\n");
    }
}

async fn once_pending() {
    let mut is_ready = false;
    std::future::poll_fn(|cx| {
        cx.waker().wake_by_ref();
        if std::mem::replace(&mut is_ready, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[test]
fn an_unrelated_span_that_stays_open_delays_nothing() {
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let stays = thread::spawn(move || {
        let open = span_sync!("stays open", note = "a text, so that a record waits for its span");
        open.add_event("begun", ());
        begun.send(()).expect("the test waits");
        let _ = released.recv();
    });
    has_begun.recv().expect("the thread begins");
    let trace = capture(|| {
        let span = span_sync!("span");
        Span::current().set_attribute("late", "text");
        drop(span);
    });
    assert_eq!(laws::text_of(&trace), "span late=\"text\"\n");
    drop(release);
    stays.join().expect("the thread does not panic");
}

#[test]
fn a_late_value_takes_the_place_of_an_early_one() {
    let trace = capture(|| {
        let span = span_sync!("span", first = 1, second = "two", third = 3.5);
        span.set_attribute("second", "zwei");
        span.set_attribute("first", true);
        span.set_attribute("fourth", 4);
        span.set_attribute("fourth", 5);
    });
    assert_eq!(laws::text_of(&trace), "span first=true second=\"zwei\" third=3.5 fourth=5\n");
}

#[test]
fn attributes_come_in_the_order_they_were_written_and_literals_first() {
    let name = String::from("made at run time");
    let n = name.len();
    let trace = capture(|| {
        let span = span_sync!(
            "span",
            z = "text",
            a = 1,
            m = %name,
            n,
            b = ?Some(2),
            y = 2.5,
            k = n + 1,
            c = false
        );
        span.set_attributes(attributes! { q = "late", d = 3 });
        span.set_attribute("p", 4);
    });
    let literals = r#"z="text" a=1 y=2.5 c=false"#;
    let evaluated = r#"m="made at run time" n=16 b="Some(2)" k=17"#;
    let late = r#"q="late" d=3 p=4"#;
    assert_eq!(laws::text_of(&trace), format!("span {literals} {evaluated} {late}\n"));
}

#[test]
fn one_value_said_two_hundred_times_takes_one_place() {
    let trace = capture(|| {
        let span = span_sync!("span");
        (0..200).for_each(|n| span.set_attribute("progress", n));
        span.set_attribute("done", true);
    });
    assert_eq!(laws::text_of(&trace), "span progress=199 done=true\n");
    assert_eq!(trace.named("span")[0].dropped_attributes_count(), 0);
}

#[test]
fn guard_span_and_current_span_have_the_same_verbs() {
    let linked = SpanContext {
        trace_id: TraceId::new(1).expect("not zero"),
        span_id: SpanId::new(2).expect("not zero"),
        flags: TraceFlags::SAMPLED,
        is_remote: true,
    };
    macro_rules! say_everything {
        ($span:expr) => {
            $span.set_attribute("one", 1);
            $span.set_attributes(attributes! { two = "2", three = 3.0 });
            $span.add_event("event", attributes! { n = 1, text = "a", shown = %2, told = ?"b" });
            $span.add_link(&linked, attributes! { why = "before" });
            $span.record_error(&"went wrong");
            $span.set_status(Status::error("by hand"));
        };
    }
    let trace = capture(|| {
        let guard = span_sync!("guard");
        say_everything!(guard);
        drop(guard);
        let span = Span::start("span", ());
        say_everything!(span);
        span.end();
        let current = span_sync!("current");
        say_everything!(Span::current());
        drop(current);
    });
    let of = |name: &str| {
        format!(
            r#"{name} one=1 two="2" three=3 error.type="&str" status=error("by hand")
  · event n=1 text="a" shown="2" told="\"b\""
  · exception exception.type="&str" exception.message="went wrong"
  → linked why="before"
"#
        )
    };
    assert_eq!(laws::text_of(&trace), ["guard", "span", "current"].map(of).concat());
}

#[test]
fn without_a_current_span_the_handle_does_nothing() {
    let trace = capture(|| {
        let _nowhere = Context::empty().attach();
        Span::current().set_attribute("lost", "nowhere to go");
        assert_eq!(Span::current().span_context(), None);
    });
    assert_eq!(laws::text_of(&trace), "");
}

#[test]
fn an_empty_value_is_no_attribute() {
    let trace = capture(|| {
        let span = span_sync!("span", none = None::<i64>, some = Some(1));
        span.set_attribute("late", Value::Empty);
    });
    assert_eq!(laws::text_of(&trace), "span some=1\n");
}

#[test]
fn whoever_was_told_who_a_span_is_may_add_to_it_from_another_thread() {
    for _ in 0..50 {
        let trace = capture(|| {
            let run = span_sync!("run");
            let context = Context::of(run.span_context().expect("it is recorded"));
            let worker = thread::spawn(move || {
                let _attached = context.attach();
                Span::current().set_attribute("told", true);
            });
            worker.join().expect("the worker does not panic");
        });
        assert_eq!(trace.named("run")[0].attribute("told"), Some(true.into()));
    }
}
