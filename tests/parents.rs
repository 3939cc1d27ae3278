//! Parents are right within a thread: nesting, recursion, iterators, streams, guards in any order.

mod laws;

use exo_trace::testing::capture;
use exo_trace::{Context, Span, span_async, span_sync, traced};
use exo_trace_std::Counter;
use futures::executor::block_on;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, BoxStream, Stream, StreamExt};
use std::pin::{Pin, pin};
use std::task::{self, Poll};

#[traced(extract_args)]
fn countdown(n: u32) -> u32 {
    if n == 0 { 0 } else { countdown(n - 1) + 1 }
}

#[test]
fn each_call_of_a_recursion_is_a_child_of_the_one_before() {
    let trace = capture(|| assert_eq!(countdown(2), 2));
    let text = "countdown arg.n=2\n  countdown arg.n=1\n    countdown arg.n=0\n";
    assert_eq!(laws::text_of(&trace), text);
}

#[traced(extract_args)]
fn descend(n: u32) -> BoxFuture<'static, u32> {
    async move { if n == 0 { 0 } else { descend(n - 1).await + 1 } }.boxed()
}

#[test]
fn boxed_futures_nest_as_they_await_each_other() {
    let trace = capture(|| assert_eq!(block_on(descend(2)), 2));
    let text = "descend arg.n=2\n  descend arg.n=1\n    descend arg.n=0\n";
    assert_eq!(laws::text_of(&trace), text);
}

#[async_trait::async_trait]
trait Tool: Send + Sync {
    async fn call(&self, input: &str) -> usize;
}

trait Model {
    async fn chat(&self, prompt: &str) -> usize;
}

struct Search;

#[async_trait::async_trait]
impl Tool for Search {
    #[traced(name = "search.call")]
    async fn call(&self, input: &str) -> usize {
        Scripted.chat(input).await
    }
}

struct Scripted;

impl Model for Scripted {
    #[traced(name = "scripted.chat")]
    async fn chat(&self, prompt: &str) -> usize {
        let _tokens = span_sync!("count_tokens");
        prompt.len()
    }
}

#[test]
fn async_traits_of_both_kinds_nest() {
    let trace = capture(|| {
        let tool: Box<dyn Tool> = Box::new(Search);
        assert_eq!(block_on(tool.call("abc")), 3);
    });
    let text = "search.call\n  scripted.chat\n    count_tokens\n";
    assert_eq!(laws::text_of(&trace), text);
}

#[traced]
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().inspect(|_| drop(span_sync!("line")))
}

#[test]
fn an_iterator_is_the_parent_of_its_own_work_and_not_of_its_consumers() {
    let trace = capture(|| {
        for _ in lines("a\nb") {
            drop(span_sync!("consumer"));
        }
    });
    let text = "lines exo.stream.items=2\n  line\n  line\nconsumer\nconsumer\n";
    assert_eq!(laws::text_of(&trace), text);
}

#[traced]
fn tokens(count: u32) -> impl Stream<Item = u32> {
    async_stream::stream! {
        for n in 0..count {
            drop(span_sync!("decode"));
            yield n;
        }
    }
}

#[traced]
fn words(count: u32) -> BoxStream<'static, u32> {
    stream::once(async move { tokens(count) }).flatten().boxed()
}

#[test]
fn a_stream_in_a_stream_is_its_child_and_the_consumer_is_neither() {
    let trace = capture(|| {
        block_on(async {
            let mut words = words(2);
            while words.next().await.is_some() {
                drop(span_sync!("consumer"));
            }
        });
    });
    let text = "\
words exo.stream.items=2
  tokens exo.stream.items=2
    decode
    decode
consumer
consumer
";
    assert_eq!(laws::text_of(&trace), text);
}

#[traced(stream)]
async fn opened(count: u32) -> Result<impl Stream<Item = u32>, String> {
    drop(span_sync!("connect"));
    Ok(stream::iter(0..count).inspect(|_| drop(span_sync!("chunk"))))
}

#[test]
fn one_span_covers_an_await_and_the_stream_it_opens() {
    let trace = capture(|| {
        block_on(async {
            let stream = opened(2).await.expect("it opens");
            assert_eq!(stream.count().await, 2);
        });
    });
    let text = "opened exo.stream.items=2\n  connect\n  chunk\n  chunk\n";
    assert_eq!(laws::text_of(&trace), text);
}

#[test]
fn guards_dropped_out_of_order_leave_the_newer_span_current_and_are_counted() {
    let before = Counter::OutOfOrder.value();
    let trace = capture(|| {
        let first = span_sync!("first");
        let second = span_sync!("second");
        drop(first);
        drop(span_sync!("in_second"));
        drop(second);
        drop(span_sync!("after"));
    });
    assert_eq!(laws::text_of(&trace), "first\n  second\n    in_second\nafter\n");
    // Other stories of this process may leave out of order at the same time.
    assert!(Counter::OutOfOrder.value() > before);
}

#[test]
fn a_hundred_guards_dropped_oldest_first_leave_the_root_current() {
    let trace = capture(|| {
        let guards: Vec<_> = (0..100).map(|n| span_sync!("deep", n)).collect();
        guards.into_iter().for_each(drop);
        drop(span_sync!("after"));
    });
    let text = laws::text_of(&trace);
    assert_eq!(trace.spans().len(), 101);
    assert!(text.ends_with("\nafter\n"), "{text}");
}

#[test]
fn a_context_detached_before_a_guard_does_not_take_the_guards_place() {
    let trace = capture(|| {
        let run = Span::start("run", ());
        let attached = run.in_scope(Context::current).attach();
        let guard = span_sync!("guard");
        drop(attached);
        drop(guard);
        drop(span_sync!("after"));
    });
    assert_eq!(laws::text_of(&trace), "run\n  guard\nafter\n");
}

/// Ready at the second poll.
struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[test]
fn a_span_is_current_only_while_its_future_is_polled() {
    let trace = capture(|| {
        let mut work = pin!(span_async!("work", async {
            drop(span_sync!("before"));
            Once(false).await;
            drop(span_sync!("behind"));
        }));
        let mut cx = task::Context::from_waker(task::Waker::noop());
        assert!(work.as_mut().poll(&mut cx).is_pending());
        drop(span_sync!("between"));
        assert!(work.as_mut().poll(&mut cx).is_ready());
    });
    assert_eq!(laws::text_of(&trace), "work\n  before\n  behind\nbetween\n");
}

#[test]
fn a_future_takes_the_parent_of_the_place_that_made_it() {
    let trace = capture(|| {
        let made = {
            let _maker = span_sync!("maker");
            span_async("made", (), async {})
        };
        let _poller = span_sync!("poller");
        block_on(made);
    });
    assert_eq!(laws::text_of(&trace), "maker\n  made\npoller\n");
}

#[test]
fn a_guard_kept_from_inside_anothers_attributes_leaves_every_trace_whole() {
    let mut kept = None;
    let inner = |kept: &mut Option<exo_trace::SpanGuard>| {
        *kept = Some(span_sync!("inner"));
        1
    };
    let trace = capture(|| {
        let outer = span_sync!("outer", a = inner(&mut kept));
        let child = span_sync!("child");
        let (outer_is, child_is) = (outer.span_context(), child.span_context());
        assert_eq!(outer_is.map(|is| is.trace_id), child_is.map(|is| is.trace_id));
        drop((child, outer));
        kept = None;
    });
    laws::check(trace.spans());
    assert_eq!(trace.spans().len(), 3);
}
