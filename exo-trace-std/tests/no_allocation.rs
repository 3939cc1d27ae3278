//! Nothing allocates after a thread's first span and a call site's first span.
//!
//! Each path runs once to become known, then twice more while its thread's allocations are counted.
//! Lists of texts in a request are excepted, and say so where they are set.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

// `#[traced]` writes the path of the crate that users know.
extern crate exo_trace_std as exo_trace;

use exo_trace::{
    AgentRun, Context, HostClock, Messages, Piece, RunStatus, Settings, Span, SpanContext, SpanId,
    State, Status, ToolStep, TraceFlags, TraceFuture, TraceId, Usage, agent, attributes, chat,
    embeddings, mcp_call, plan, record_agent_run, record_tool_step, registry, retrieval,
    span_async, span_sync, tool, traced, workflow,
};
use exo_trace_core::TRACEPARENT_BYTES;
use futures_core::Stream;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll, Waker};

/// Waits for one poll.
#[derive(Default)]
struct OnePause {
    is_over: bool,
}

impl Future for OnePause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.is_over, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Three numbers, with a pause before each.
struct Countdown {
    left: u32,
    is_ready: bool,
}

impl Stream for Countdown {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Option<u32>> {
        self.is_ready = !self.is_ready;
        if self.is_ready {
            return Poll::Pending;
        }
        let Some(left) = self.left.checked_sub(1) else { return Poll::Ready(None) };
        self.left = left;
        Poll::Ready(Some(left))
    }
}

fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = TaskContext::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
}

fn exhaust(stream: impl Stream) {
    let mut stream = pin!(stream);
    let mut cx = TaskContext::from_waker(Waker::noop());
    while !matches!(stream.as_mut().poll_next(&mut cx), Poll::Ready(None)) {}
}

fn guard() {
    let topic = black_box("rings");
    let span =
        span_sync!("guard", topic, step = 1, ratio = 0.5, done = true, url = %7, all = ?[1, 2]);
    let _child = span_sync!("child");
    span.set_attribute("late", "a text");
    span.set_attributes(attributes! { later = 2 });
    span.add_event("happened", attributes! { why = %"no reason" });
    span.set_status(Status::Ok);
    Span::current().set_attribute("current", 1.5);
}

fn function_form() {
    let _span = span_sync("function form", attributes! { step = 1, text = "a text" });
    run(span_async("async function form", (), OnePause::default()));
}

fn owned() {
    let span = Span::start("owned", attributes! { step = 1 });
    let child = span.child("owned child", ());
    span.in_scope(|| span_sync!("in scope").set_attribute("step", 2));
    if let Some(context) = child.span_context() {
        span.add_link(&context, ());
    }
}

fn asynchronous() {
    run(span_async!("async", step = 1, {
        OnePause::default().await;
        span_async!("inside", { OnePause::default().await }).await;
    }));
    run(OnePause::default().traced("extension"));
    run(Context::current().scope(OnePause::default()));
}

/// As a carrier does that has room of its own: a header both ways, and the context that it says.
fn over_the_wire() {
    let mut header = [0; TRACEPARENT_BYTES];
    let _run = span_sync!("caller");
    let context = Context::current().span_context();
    header.copy_from_slice(context.expect("a span is current").to_traceparent().as_bytes());
    let sent = str::from_utf8(black_box(&header)).expect("it is ASCII");
    let caller = SpanContext::from_traceparent(sent).expect("it was written above");
    let _attached = Context::of(caller).attach();
    drop(span_sync!("callee"));
}

fn cancelled() {
    let mut future = pin!(span_async!("cancelled", { OnePause::default().await }));
    let mut cx = TaskContext::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut cx).is_pending());
}

#[traced(attributes(source = "api"), extract_args)]
fn fails(step: u32, topic: &str) -> Result<u32, &'static str> {
    if topic.is_empty() { Ok(step) } else { Err("no such topic") }
}

#[traced]
async fn fails_later() -> Result<(), std::fmt::Error> {
    OnePause::default().await;
    Err(std::fmt::Error)
}

fn error() {
    assert!(black_box(fails(1, "rings")).is_err());
    assert!(black_box(run(fails_later())).is_err());
    span_sync!("recorded error").record_error("out of rings");
}

#[traced]
fn countdown(left: u32) -> impl Stream<Item = u32> {
    Countdown { left, is_ready: false }
}

#[traced]
fn numbers(end: u32) -> impl Iterator<Item = u32> {
    0..end
}

fn stream() {
    exhaust(countdown(3));
    assert_eq!(numbers(3).sum::<u32>(), 3);
}

fn typed() {
    let mut run = agent("researcher").model("gpt-4o").step(1).start();
    run.usage(Usage::new(500, 150)).finish_reasons(&["stop", "length"]);
    run.in_scope(|| {
        let mut call = chat("openai", "gpt-4o").temperature(0.2).max_tokens(512).start();
        call.response_model("gpt-4o-2024-08-06").response_id("chatcmpl-1");
        call.usage(Usage::new(500, 150).cached(400)).finish("tool_calls");
    });
    run.status(RunStatus::Other("needs approval")).status(RunStatus::Success);
    run.end();
    assert!(tool("search").call_id("call_7").start().call(|| Err::<(), _>("no index")).is_err());
    tool("read_file").start().returned_error("no such file");
    mcp_call("tools/call").tool("search").session("s-1").start().end();
    mcp_call("prompts/get").start().status_code(i64::MIN);
    plan("researcher").start().end();
    workflow("nightly").start().end();
    retrieval("docs").top_k(5).start().end();
    embeddings("openai", "text-embedding-3-small").start().input_tokens(17).response_model("small");
}

fn streamed_answer() {
    let numbers = Countdown { left: 3, is_ready: false };
    exhaust(chat("openai", "gpt-4o").start().stream_with(numbers, |call, left| {
        call.response_model("gpt-4o-2024-08-06").usage(Usage::new(500, 150));
        if *left == 0 {
            call.finish("stop");
        }
    }));
}

fn recorded_afterwards() {
    record_agent_run(AgentRun {
        agent_name: "researcher",
        step: Some(1),
        model: "gpt-4o",
        prompt_tokens: 500,
        output_tokens: 150,
        elapsed_ms: 1_250.0,
        ..Default::default()
    });
    record_tool_step(ToolStep {
        tool_name: "search",
        status: RunStatus::Error,
        error: Some("no index"),
        call_id: "call_7",
        ..Default::default()
    });
}

fn unsampled_trace() -> SpanContext {
    SpanContext {
        trace_id: TraceId::new(7).expect("not zero"),
        span_id: SpanId::new(7).expect("not zero"),
        flags: TraceFlags::default(),
        is_remote: true,
    }
}

fn unsampled() {
    let _attached = Context::of(unsampled_trace()).attach();
    guard();
    function_form();
    owned();
    asynchronous();
    error();
    stream();
}

/// They are recorded nevertheless.
fn typed_in_an_unsampled_trace() {
    let _attached = Context::of(unsampled_trace()).attach();
    typed();
    streamed_answer();
    recorded_afterwards();
}

/// A conversation that allocates as soon as somebody looks at it.
struct Talk;

impl Messages for Talk {
    fn message_count(&self) -> usize {
        black_box(vec![1]).len()
    }

    fn for_each_piece(&self, take: &mut dyn FnMut(&str, Piece<'_>)) {
        take("user", Piece::Text(&black_box("a question".to_owned())));
    }
}

fn contents_not_captured() {
    let mut call = chat("openai", "gpt-4o").start();
    call.input_messages(&Talk).system_instructions(black_box("be brief"));
    call.output_messages(&Talk).finish("stop");
    drop(call);
    let mut look_up = tool("look_up").start();
    look_up.arguments(black_box("{}")).result(black_box("nothing"));
    look_up.end();
}

fn switched_off() {
    State::Disabled.set();
    guard();
    asynchronous();
    stream();
    State::On.set();
}

fn recorded() -> usize {
    registry::snapshot().iter().map(|lane| lane.ring().recorded()).sum()
}

#[test]
fn no_path_allocates_once_it_is_known() {
    HostClock::start();
    Settings::default().apply();
    State::On.set();
    let paths: [(&str, fn(), bool); 15] = [
        ("guard", guard, true),
        ("function form", function_form, true),
        ("owned", owned, true),
        ("async", asynchronous, true),
        ("over the wire", over_the_wire, true),
        ("cancelled", cancelled, true),
        ("error", error, true),
        ("stream", stream, true),
        ("typed", typed, true),
        ("streamed answer", streamed_answer, true),
        ("recorded afterwards", recorded_afterwards, true),
        ("typed, unsampled", typed_in_an_unsampled_trace, true),
        ("contents not captured", contents_not_captured, true),
        ("unsampled", unsampled, false),
        ("off", switched_off, false),
    ];
    for (name, path, is_recorded) in paths {
        path();
        let before = recorded();
        let allocations = allocation_counter::measure(|| {
            path();
            path();
        });
        assert_eq!(allocations.count_total, 0, "{name} allocated {allocations:?}");
        assert_eq!(recorded() > before, is_recorded, "{name} wrote to the ring, or not");
    }
    assert!(registry::snapshot().iter().all(|lane| lane.ring().refused() == 0), "all had room");
}

#[test]
fn this_test_would_see_an_allocation() {
    let allocations = allocation_counter::measure(|| drop(black_box(Box::new(1))));
    assert_eq!(allocations.count_total, 1);
}
