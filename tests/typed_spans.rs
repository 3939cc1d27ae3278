//! What an agent does, told by typed spans: a run, its model calls and tools, and how each came out.
#![cfg(feature = "enabled")]

use exo_trace::testing::{capture, capture_async};
use exo_trace::{
    AgentRun, Outcome, RunStatus, SpanContext, SpanData, SpanKind, ToolStep, Usage, Value, agent,
    attributes, chat, embeddings, generate_content, mcp_call, mcp_serve, plan, record_agent_run,
    record_tool_step, retrieval, span_sync, text_completion, tool, traced, workflow,
};
use futures::executor::block_on;
use futures::stream::{self, Stream, StreamExt};
use std::fmt;
use std::pin::pin;

#[derive(Debug)]
struct ApiError(&'static str);

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One model call that answers at once.
async fn ask(input: u64, output: u64, reason: &'static str) {
    let mut call = chat("openai", "gpt-4o").temperature(0.2).max_tokens(512).start();
    call.instrument(tokio::task::yield_now()).await;
    call.response_model("gpt-4o-2024-08-06").usage(Usage::new(input, output)).finish(reason);
}

async fn search(query: &'static str, id: &'static str) -> Result<usize, ApiError> {
    let call = tool("search").call_id(id).attributes(attributes! { query }).start();
    let found = async {
        tokio::task::yield_now().await;
        Ok(query.len())
    };
    call.run(found).await
}

#[traced(chain, name = "step {exo.agent.step}", attributes(exo.agent.step = number))]
async fn step(number: u64, work: impl Future<Output = ()>) {
    work.await;
}

/// Hands the work to another agent.
async fn delegate() {
    let writer = agent("writer").model("gpt-4o-mini").start();
    writer.instrument(ask(842, 136, "stop")).await;
    writer.end();
}

#[tokio::test]
async fn a_run_of_three_steps_has_parallel_tools_and_an_agent_of_its_own() {
    let trace = capture_async(async {
        let run = agent("researcher").model("gpt-4o").conversation("c-17").max_steps(5).start();
        let steps = async {
            let first = plan("researcher").start();
            first.instrument(ask(418, 46, "tool_calls")).await;
            first.end();
            step(1, async {
                let (full, refused) =
                    tokio::join!(search("ring full", "a"), search("refused", "b"));
                assert_eq!((full.ok(), refused.ok()), (Some(9), Some(7)));
                ask(702, 61, "stop").await;
            })
            .await;
            step(2, delegate()).await;
            step(3, ask(960, 88, "stop")).await;
        };
        run.instrument(steps).await;
        run.end();
    })
    .await;
    assert_eq!(trace.to_text(), include_str!("traces/agent_run.txt"));
    let run = trace.named("invoke_agent researcher")[0];
    assert_eq!((run.kind(), trace.children_of(run).len()), (SpanKind::Internal, 4));
    assert_eq!(trace.named("chat gpt-4o")[0].kind(), SpanKind::Client);
}

/// The conventions have two spans of one name: an agent in this process, and a call of one elsewhere.
#[test]
fn an_agent_that_runs_elsewhere_is_called_as_a_client() {
    let trace = capture(|| {
        let mut call = agent("writer")
            .remote("agents.example.com")
            .server_port(443)
            .provider("example")
            .stop_sequences(["END"])
            .start();
        call.usage(Usage::new(842, 136)).finish_reasons(&["stop"]);
        call.end();
        agent("").remote("").start().end();
    });
    let expected = r#"invoke_agent writer gen_ai.operation.name="invoke_agent" exo.agent.name="writer" gen_ai.agent.name="writer" server.address="agents.example.com" gen_ai.system="example" gen_ai.provider.name="example" server.port=443 gen_ai.request.stop_sequences=END gen_ai.usage.prompt_tokens=842 gen_ai.usage.input_tokens=842 gen_ai.usage.completion_tokens=136 gen_ai.usage.output_tokens=136 gen_ai.response.finish_reasons=stop exo.agent.status="success"
invoke_agent gen_ai.operation.name="invoke_agent" exo.agent.status="success"
"#;
    assert_eq!(trace.to_text(), expected);
    for name in ["invoke_agent writer", "invoke_agent"] {
        assert_eq!(trace.named(name)[0].kind(), SpanKind::Client, "{name}");
    }
}

fn chunks() -> impl Stream<Item = Result<&'static str, ApiError>> {
    stream::iter([Ok("a full"), Ok(" ring"), Ok(" refuses")])
}

#[test]
fn a_streamed_answer_that_is_abandoned_in_the_middle_is_cancelled() {
    let trace = capture(|| {
        let mut answer = pin!(chat("openai", "gpt-4o").start().stream(chunks()));
        for _ in 0..2 {
            assert!(block_on(answer.next()).is_some());
        }
    });
    assert_eq!(trace.to_text(), include_str!("traces/abandoned_stream.txt"));
    let call = trace.named("chat gpt-4o")[0];
    assert_eq!(call.outcome(), Outcome::Cancelled);
    let wait = call.attribute("gen_ai.response.time_to_first_chunk");
    assert!(matches!(wait, Some(Value::F64(seconds)) if seconds > 0.0), "{wait:?}");
}

#[test]
fn a_stream_says_its_usage_with_its_last_chunk_and_ends_the_call() {
    let trace = capture(|| {
        let call = chat("openai", "gpt-4o").start();
        let pieces = stream::iter([("a", None), ("b", None), ("", Some(Usage::new(500, 2)))]);
        let answer = call.stream_with(pieces, |call, (_, usage)| {
            if let Some(usage) = usage {
                call.usage(*usage).finish("stop");
            }
        });
        assert_eq!(block_on(answer.count()), 3);
    });
    let text = r#"chat gpt-4o gen_ai.operation.name="chat" gen_ai.system="openai" gen_ai.provider.name="openai" gen_ai.request.model="gpt-4o" gen_ai.response.finish_reasons=stop gen_ai.request.stream=true exo.stream.items=3 gen_ai.usage.prompt_tokens=500 gen_ai.usage.input_tokens=500 gen_ai.usage.completion_tokens=2 gen_ai.usage.output_tokens=2
"#;
    assert_eq!(trace.to_text(), text);
}

#[test]
fn a_stream_whose_reason_to_stop_is_known_may_be_left_before_its_end() {
    let trace = capture(|| {
        let mut answer = pin!(chat("openai", "gpt-4o").start().stream(chunks()));
        assert!(block_on(answer.next()).is_some());
        answer.as_mut().chat().expect("it goes on").finish("stop");
    });
    assert_eq!(trace.named("chat gpt-4o")[0].outcome(), Outcome::Ended);
}

#[test]
fn an_error_in_a_stream_is_an_error_of_the_call() {
    let trace = capture(|| {
        let broken = stream::iter([Ok("a"), Err(ApiError("connection reset"))]);
        let answer = chat("openai", "gpt-4o").start().stream(broken);
        assert_eq!(block_on(answer.count()), 2);
    });
    let call = trace.named("chat gpt-4o")[0];
    assert_eq!((call.outcome(), call.status().description()), (Outcome::Error, "connection reset"));
    assert_eq!(call.attribute("exo.stream.items"), Some(Value::I64(1)));
}

#[test]
fn a_stream_that_panics_ends_its_call_at_once() {
    let trace = capture(|| {
        let broken = stream::once(async { panic!("no more words") });
        let see = |_: &mut exo_trace::ChatSpan, _: &u8| {};
        let mut answer = pin!(chat("openai", "gpt-4o").start().stream_with(broken, see));
        let polled = std::panic::AssertUnwindSafe(|| block_on(answer.next()));
        assert!(std::panic::catch_unwind(polled).is_err());
        assert!(answer.as_mut().chat().is_none(), "the call has ended");
    });
    assert_eq!(trace.named("chat gpt-4o")[0].outcome(), Outcome::Panic);
}

#[test]
fn a_tool_that_returns_an_error_is_shown_as_one() {
    let trace = capture(|| {
        let read = |_: &str| Err::<u8, _>(ApiError("NOTES.md is not there"));
        assert!(tool("read_file").start().call(|| read("NOTES.md")).is_err());
        // What MCP calls `isError`: the call itself went well.
        let mut call = tool("calculator").start();
        call.returned_error("32768 * is no number");
        drop(tool("index_all").start());
        let mut asked = tool("deploy").start();
        asked.status(RunStatus::Other("needs approval"));
    });
    assert_eq!(trace.to_text(), include_str!("traces/tool_errors.txt"));
}

#[test]
fn a_call_that_was_told_to_wait_is_made_again() {
    let trace = capture(|| {
        let run = agent("researcher").start();
        run.in_scope(|| {
            for attempt in 1..=3 {
                let mut call = chat("openai", "gpt-4o").attributes(attributes! { attempt }).start();
                if attempt < 3 {
                    call.fail_as("rate_limit_exceeded", &ApiError("429: retry in 20 ms"));
                } else {
                    call.usage(Usage::new(500, 150)).finish("stop");
                }
            }
        });
        run.end();
    });
    assert_eq!(trace.to_text(), include_str!("traces/rate_limited.txt"));
}

#[test]
fn cached_and_reasoning_tokens_are_parts_of_the_whole() {
    let trace = capture(|| {
        let mut openai = chat("openai", "o4-mini").start();
        openai.usage(Usage::new(2_006, 300).cached(1_920).reasoning(128)).finish("stop");
        drop(openai);
        let mut anthropic = chat("anthropic", "claude-sonnet-4-5").start();
        anthropic.usage(Usage::anthropic(86, 1_920, 64, 300)).finish("end_turn");
    });
    assert_eq!(trace.to_text(), include_str!("traces/cached_tokens.txt"));
}

/// The transport has a span of its own, in which the request arrives.
#[test]
fn a_request_over_mcp_is_answered_below_the_span_that_asked() {
    let trace = capture(|| {
        let asked = mcp_call("tools/call").tool("search").start();
        let sent = asked.span_context().expect("it is recorded").to_traceparent();
        let transport = span_sync!("POST /mcp");
        let caller = SpanContext::from_traceparent(&sent).expect("it was written as one");
        let answer = mcp_serve("tools/call").tool("search").start_below(caller);
        answer.in_scope(|| drop(span_sync!("lookup")));
        answer.end();
        drop(span_sync!("reply"));
        drop(transport);
        asked.end();
    });
    let is_server = |span: &&SpanData<'_>| span.kind() == SpanKind::Server;
    let answer = trace.spans().iter().find(is_server).expect("one of them answers");
    let asked = trace.spans().iter().find(|span| span.kind() == SpanKind::Client);
    let transport = trace.named("POST /mcp")[0];
    assert_eq!(answer.parent_span_id(), asked.map(SpanData::span_id));
    assert!(answer.is_parent_remote());
    let links: Vec<_> = answer.links().map(|link| link.context.span_id).collect();
    assert_eq!(links, [transport.span_id()]);
    assert_eq!(trace.children_of(answer)[0].name(), "lookup");
    assert_eq!(trace.children_of(transport)[0].name(), "reply");
}

#[test]
fn what_has_an_empty_name_is_called_by_what_it_does() {
    let trace = capture(|| {
        let none = String::new;
        agent("").start().end();
        agent(none()).remote("agents.example.com").start().end();
        workflow("").start().end();
        plan(none()).start().end();
        drop(chat("openai", "").start());
        drop(text_completion("openai", none()).start());
        drop(generate_content("openai", "").start());
        embeddings("openai", "").start().end();
        retrieval(none()).start().end();
        tool("").start().end();
        mcp_call("tools/call").tool("").start().end();
        mcp_serve("tools/call").start().end();
        mcp_call("prompts/get").prompt(none()).start().end();
        record_agent_run(AgentRun::default());
        record_tool_step(ToolStep::default());
    });
    let names: Vec<_> = trace.spans().iter().map(SpanData::name).collect();
    let expected = [
        "invoke_agent",
        "invoke_agent",
        "invoke_workflow",
        "plan",
        "chat",
        "text_completion",
        "generate_content",
        "embeddings",
        "retrieval",
        "execute_tool",
        "tools/call",
        "tools/call",
        "prompts/get",
        "invoke_agent",
        "execute_tool",
    ];
    assert_eq!(names, expected);
    for key in ["gen_ai.agent.name", "gen_ai.tool.name", "gen_ai.prompt.name"] {
        assert!(trace.spans().iter().all(|span| span.attribute(key).is_none()), "{key}");
    }
}

#[test]
fn what_has_a_name_shows_it() {
    let trace = capture(|| {
        workflow("nightly").start().end();
        plan("researcher").start().end();
        retrieval("docs").top_k(5).start().end();
        let mut call = embeddings("openai", "text-embedding-3-small").start();
        call.input_tokens(17);
        call.end();
        mcp_call("tools/call").tool("search").start().end();
        mcp_serve("prompts/get").prompt("greet").start().end();
        mcp_call("tools/list").start().end();
    });
    let mut names: Vec<_> = trace.spans().iter().map(|span| span.name().into_owned()).collect();
    names.sort();
    let expected = [
        "embeddings text-embedding-3-small",
        "invoke_workflow nightly",
        "plan researcher",
        "prompts/get greet",
        "retrieval docs",
        "tools/call search",
        "tools/list",
    ];
    assert_eq!(names, expected);
    assert_eq!(trace.named("prompts/get greet")[0].kind(), SpanKind::Server);
    let tool = trace.named("tools/call search")[0];
    assert_eq!(tool.attribute("gen_ai.operation.name"), Some("execute_tool".into()));
    assert_eq!(trace.named("tools/list")[0].attribute("gen_ai.operation.name"), None);
}

#[test]
fn what_was_not_given_is_not_written() {
    let trace = capture(|| {
        let none: Option<u32> = None;
        drop(chat("openai", "").max_tokens(none).temperature(None::<f32>).conversation("").start());
    });
    assert_eq!(
        trace.to_text(),
        "chat [cancelled] gen_ai.operation.name=\"chat\" gen_ai.system=\"openai\" gen_ai.provider.name=\"openai\"\n  · cancelled\n"
    );
}

#[test]
fn the_last_word_of_an_answer_counts_and_an_empty_one_is_none() {
    let trace = capture(|| {
        let mut call = chat("openai", "gpt-4o").start();
        call.finish("stop").finish_all(&["stop", "length"]);
        call.response_model("gpt-4o-2024-08-06").response_model("").response_id("");
        drop(call);
        let mut call = embeddings("openai", "text-embedding-3-small").start();
        call.response_model("");
        call.end();
    });
    let call = trace.named("chat gpt-4o")[0];
    let reasons = call.attribute("gen_ai.response.finish_reasons");
    assert_eq!(reasons, Some(["stop", "length"].as_slice().into()));
    assert_eq!(call.attribute("gen_ai.response.model"), Some("gpt-4o-2024-08-06".into()));
    assert_eq!(call.attribute("gen_ai.response.id"), None);
    let call = trace.named("embeddings text-embedding-3-small")[0];
    assert_eq!(call.attribute("gen_ai.response.model"), None);
}

#[test]
fn every_setting_of_a_call_stands_under_its_name() {
    let trace = capture(|| {
        let call = chat(String::from("openai"), format!("gpt-{}", 5))
            .output_type("json")
            .reasoning_level("high")
            .previous_response_id("resp_1")
            .prompt_name("answer")
            .prompt_version("3")
            .server_address("api.openai.com")
            .server_port(443_u16)
            .max_tokens(512_u64)
            .top_k(40)
            .seed(7)
            .choice_count(2)
            .temperature(0.7_f32)
            .top_p(0.9)
            .frequency_penalty(0.1)
            .presence_penalty(0.2)
            .conversation_compacted()
            .stop_sequences(["END", "STOP"])
            .start();
        let mut call = call;
        call.response_id("resp_2").finish_all(&["stop", "length"]);
    });
    assert_eq!(trace.to_text(), include_str!("traces/every_setting.txt"));
}
