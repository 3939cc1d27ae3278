//! Whose session, user, conversation and task it is: said once, and by every span below.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::instrumentation::{AgentRun, ToolStep, record_agent_run, record_tool_step};
use exo_trace::testing::{capture, capture_async};
use exo_trace::{Context, Identity, Span, SpanContext, SpanData, SpanId, TraceFlags, TraceFuture};
use exo_trace::{TraceId, Value, attributes, chat, span_sync, tool, traced};
use futures::StreamExt;
use futures::stream::{self, Stream};
use std::thread;
use tokio::task::yield_now;

const SESSION: &str = "session.id";
const USER: &str = "user.id";
const CONVERSATION: &str = "gen_ai.conversation.id";
const TASK: &str = "exo.task.id";

/// Returns what a span says under a key, as text.
fn said(span: &SpanData<'_>, key: &str) -> Option<String> {
    match span.attribute(key)? {
        Value::Text(text) => Some(text.to_owned()),
        other => panic!("{key} is a text, not {other:?}"),
    }
}

#[traced]
fn agent() {
    let _step = span_sync!("step", number = 1);
    tool("search").start().end();
    chat("openai", "gpt-4o").start().finish("stop");
    Span::start("owned", ()).child("child", ()).end();
}

#[test]
fn every_span_below_says_whose_it_is_and_none_before_or_after() {
    let trace = capture(|| {
        let outer = span_sync!("outer");
        let identity =
            Identity::new().session("s-456").user("u-123").conversation("c-1").task("t-7");
        let attached = identity.attach();
        agent();
        drop(attached);
        drop(span_sync!("after"));
        drop(outer);
        drop(span_sync!("root"));
    });
    for name in ["agent", "step", "execute_tool search", "chat gpt-4o", "owned", "child"] {
        let [span] = trace.named(name)[..] else { panic!("one {name}") };
        let all = [SESSION, USER, CONVERSATION, TASK].map(|key| said(span, key));
        assert_eq!(all.map(|text| text.expect(name)), ["s-456", "u-123", "c-1", "t-7"], "{name}");
    }
    for name in ["outer", "after", "root"] {
        let [span] = trace.named(name)[..] else { panic!("one {name}") };
        assert_eq!(span.attributes().filter(|(key, _)| key.ends_with(".id")).count(), 0, "{span}");
    }
}

#[test]
fn the_page_and_the_conventions_have_a_name_each() {
    let trace = capture(|| {
        let _identity = Identity::new().session("s").user("u").conversation("c").task("t").attach();
        drop(span_sync!("span"));
    });
    let span = trace.named("span")[0];
    let mut names: Vec<_> =
        span.attributes().map(|(key, _)| key).filter(|key| key.ends_with(".id")).collect();
    names.sort_unstable();
    let expected = [TASK, "exo.session.id", "exo.user.id", CONVERSATION, SESSION, USER];
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(names, expected);
}

#[test]
fn one_inside_another_overrides_it_field_by_field_until_it_ends() {
    let trace = capture(|| {
        let _session = Identity::new().session("s").user("u").attach();
        drop(span_sync!("outside"));
        {
            let _task = Identity::new().user("other").task("t").attach();
            drop(span_sync!("inside"));
            let _nobody = Identity::new().user("").attach();
            drop(span_sync!("without a user"));
        }
        drop(span_sync!("outside again"));
    });
    let said = |name: &str| [SESSION, USER, TASK].map(|key| said(trace.named(name)[0], key));
    let texts = |texts: [Option<&str>; 3]| texts.map(|text| text.map(str::to_owned));
    assert_eq!(said("outside"), texts([Some("s"), Some("u"), None]));
    assert_eq!(said("inside"), texts([Some("s"), Some("other"), Some("t")]));
    assert_eq!(said("without a user"), texts([Some("s"), None, Some("t")]));
    assert_eq!(said("outside again"), said("outside"));
    assert_eq!(Identity::current(), Identity::new());
}

#[test]
fn what_a_span_says_itself_stands() {
    let trace = capture(|| {
        let _identity = Identity::new().session("s").user("u").attach();
        let span = span_sync("span", attributes! { "session.id" = "its own" });
        span.set_attribute("user.id", "later");
        drop(span);
    });
    let span = trace.named("span")[0];
    assert_eq!(said(span, SESSION).as_deref(), Some("its own"));
    assert_eq!(said(span, USER).as_deref(), Some("later"));
    assert_eq!(span.attributes().filter(|(key, _)| *key == SESSION).count(), 1);
}

#[test]
fn a_context_takes_the_identity_to_another_thread_and_leaves_nothing_there() {
    let trace = capture(|| {
        let attached = Identity::new().session("s").attach();
        let run = Span::start("run", ());
        let context = run.in_scope(Context::current);
        drop(attached);
        let worker = thread::spawn(move || {
            {
                let _attached = context.attach();
                drop(span_sync!("there"));
            }
            assert_eq!(Identity::current(), Identity::new());
        });
        worker.join().expect("the worker does not panic");
        run.in_scope(|| drop(span_sync!("here")));
    });
    for name in ["run", "there", "here"] {
        assert_eq!(said(trace.named(name)[0], SESSION).as_deref(), Some("s"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_tasks_on_four_workers_keep_their_sessions_apart() {
    async fn request(number: usize) {
        for _ in 0..8 {
            async { yield_now().await }.traced(format!("step {number}")).await;
            let run = Span::start(format!("run {number}"), ());
            async { drop(span_sync("inside", attributes! { number })) }.in_span(&run).await;
            yield_now().await;
        }
    }
    let trace = capture_async(async {
        let tasks: Vec<_> = (0..100)
            .map(|number| Identity::new().session(format!("s-{number}")).scope(request(number)))
            .map(|request| tokio::spawn(Context::current().scope(request)))
            .collect();
        for task in tasks {
            task.await.expect("no task panics");
        }
    })
    .await;
    assert_eq!(trace.spans().len(), 100 * 8 * 3);
    for span in trace.spans() {
        let name = span.name();
        let number = match span.attribute("number") {
            Some(Value::I64(number)) => number.to_string(),
            _ => name.rsplit(' ').next().unwrap_or_default().to_owned(),
        };
        assert_eq!(said(span, SESSION), Some(format!("s-{number}")), "{span}");
    }
}

#[test]
fn a_remote_context_works_for_whom_it_is_attached_and_an_empty_one_for_nobody() {
    let identity = Identity::new().session("s");
    let _attached = identity.attach();
    let remote = SpanContext {
        trace_id: TraceId::new(0xab).expect("not zero"),
        span_id: SpanId::new(0xcd).expect("not zero"),
        flags: TraceFlags::SAMPLED,
        is_remote: true,
    };
    {
        let _remote = Context::of(remote).attach();
        assert_eq!(Identity::current(), identity);
        let _nothing = Context::empty().attach();
        assert_eq!(Identity::current(), Identity::new());
    }
    assert_eq!(Identity::current(), identity);
}

#[test]
fn an_identity_that_is_too_long_is_cut_and_says_so() {
    let trace = capture(|| {
        let _identity = Identity::new().user("ü".repeat(100_000)).attach();
        drop(span_sync!("span"));
    });
    let span = trace.named("span")[0];
    let kept = said(span, USER).expect("some of it");
    assert!(kept.len() < 10_000 && kept.chars().all(|letter| letter == 'ü'));
    assert!(span.attribute("exo.truncated").is_some());
}

#[test]
fn a_guard_that_leaves_before_a_newer_span_leaves_nothing_behind() {
    let trace = capture(|| {
        let attached = Identity::new().session("s").attach();
        let span = span_sync!("newer");
        drop(attached);
        drop(span);
        drop(span_sync!("next request"));
    });
    assert_eq!(said(trace.named("newer")[0], SESSION).as_deref(), Some("s"));
    assert_eq!(said(trace.named("next request")[0], SESSION), None);
}

#[test]
fn what_is_recorded_afterwards_says_it_too() {
    let trace = capture(|| {
        let _root = span_sync!("root");
        let _identity = Identity::new().session("s").task("t").attach();
        record_agent_run(AgentRun { agent_name: "researcher", ..Default::default() });
        record_tool_step(ToolStep { tool_name: "search", ..Default::default() });
    });
    for name in ["invoke_agent researcher", "execute_tool search"] {
        let said = [SESSION, TASK].map(|key| said(trace.named(name)[0], key));
        assert_eq!(said, [Some("s".to_owned()), Some("t".to_owned())], "{name}");
    }
}

#[traced]
async fn answer() {
    yield_now().await;
    child().await;
}

#[traced(tool)]
async fn child() {
    yield_now().await;
    tokio::task::yield_now().await;
}

#[traced]
fn chunks() -> impl Stream<Item = u32> {
    stream::iter(0..3).inspect(|_| drop(span_sync!("chunk")))
}

#[tokio::test]
async fn traced_functions_and_streams_keep_it_across_their_awaits() {
    let trace = capture_async(async {
        let stream = Identity::new().session("s").scope(async {
            answer().await;
            chunks()
        });
        let mut stream = std::pin::pin!(stream.await);
        // A stream works for whom it was made, whoever takes its items.
        let _reader = Identity::new().session("reader").attach();
        while stream.next().await.is_some() {}
    })
    .await;
    let spans = trace.spans().iter().map(|span| (span.name(), said(span, SESSION)));
    let spans: Vec<_> = spans.collect();
    for name in ["answer", "execute_tool child", "chunks", "chunk"] {
        assert!(spans.iter().any(|(known, _)| known == name), "{name} in {spans:?}");
    }
    assert!(spans.iter().all(|(_, session)| session.as_deref() == Some("s")), "{spans:?}");
}

#[tokio::test]
async fn threads_and_tasks_work_for_nobody_until_somebody_says_so() {
    let identity = Identity::new().session("s");
    let _attached = identity.attach();
    let thread = thread::spawn(Identity::current);
    assert_eq!(thread.join().expect("it does not panic"), Identity::new());
    let blocking = tokio::task::spawn_blocking(Identity::current).await;
    assert_eq!(blocking.expect("it does not panic"), Identity::new());
    let scoped = thread::spawn(|| {
        let of_task = Identity::new().session("s").scope(async { Identity::current() });
        futures::executor::block_on(of_task)
    });
    assert_eq!(scoped.join().expect("it does not panic"), identity);
}

#[test]
fn what_a_span_says_by_the_names_of_the_page_stands_as_well() {
    let trace = capture(|| {
        let _identity = Identity::new().session("s").user("u").attach();
        drop(span_sync!("span", exo.session.id = "its own"));
    });
    let span = trace.named("span")[0];
    for key in [SESSION, "exo.session.id"] {
        assert_eq!(said(span, key).as_deref(), Some("its own"), "{key}");
    }
    assert_eq!(said(span, USER).as_deref(), Some("u"));
}

#[test]
fn an_identity_goes_with_the_span_that_it_was_attached_in() {
    let trace = capture(|| {
        let outer = Identity::new().session("s").attach();
        let span = span_sync!("span");
        let inner = Identity::new().task("t").attach();
        drop(span);
        drop(span_sync!("after"));
        drop(inner);
        drop(span_sync!("after both"));
        drop(outer);
        drop(span_sync!("root"));
    });
    let said = |name: &str| [SESSION, TASK].map(|key| said(trace.named(name)[0], key));
    for name in ["span", "after", "after both"] {
        assert_eq!(said(name), [Some("s".to_owned()), None], "{name}");
    }
    assert_eq!(said("root"), [None, None]);
}
