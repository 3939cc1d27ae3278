//! How a typed span comes out: what somebody said of its end, and which of two words counts.
#![cfg(feature = "enabled")]

use exo_trace::testing::capture;
use exo_trace::{
    Outcome, RunStatus, StatusCode, Usage, Value, agent, attributes, chat, mcp_call, tool,
};
use futures::executor::block_on;
use futures::stream::{self, StreamExt};
use std::fmt;

#[derive(Debug)]
struct ApiError(&'static str);

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[test]
fn who_says_that_a_run_was_given_up_is_believed_at_its_end() {
    let trace = capture(|| {
        let mut run = agent("researcher").start();
        run.status(RunStatus::Cancelled);
        run.end();
        let mut call = tool("search").start();
        call.status(RunStatus::Cancelled);
        assert!(call.call(|| Ok::<_, ApiError>(())).is_ok());
    });
    for name in ["invoke_agent researcher", "execute_tool search"] {
        assert_eq!(trace.named(name)[0].outcome(), Outcome::Cancelled, "{name}");
    }
}

#[test]
fn an_error_that_is_recorded_is_how_the_span_ends() {
    let trace = capture(|| {
        chat("openai", "gpt-4o").start().record_error(&ApiError("connection reset"));
        let run = agent("researcher").start();
        run.record_error(&ApiError("no step left"));
        run.end();
    });
    for (name, message) in
        [("chat gpt-4o", "connection reset"), ("invoke_agent researcher", "no step left")]
    {
        let span = trace.named(name)[0];
        assert_eq!((span.outcome(), span.status().description()), (Outcome::Error, message));
        assert_eq!(span.attribute("error.type"), Some("typed_outcomes::ApiError".into()));
        assert_eq!(span.events().count(), 1);
    }
}

#[test]
fn an_error_that_was_told_of_is_not_taken_back() {
    let trace = capture(|| {
        let told: [fn(&mut exo_trace::ToolSpan); 4] = [
            |call| {
                call.fail(&ApiError("refused"));
            },
            |call| call.record_error(&ApiError("refused")),
            |call| {
                call.returned_error("refused");
            },
            |call| {
                call.status(RunStatus::Error);
            },
        ];
        for tell in told {
            for later in [RunStatus::Success, RunStatus::Cancelled] {
                let mut call = tool("search").start();
                tell(&mut call);
                call.status(later);
                call.end();
            }
        }
        let mut asked = tool("deploy").start();
        asked.fail(&ApiError("refused")).status(RunStatus::Other("needs approval"));
    });
    let failed = trace.named("execute_tool search");
    assert_eq!(failed.len(), 8);
    for call in failed {
        assert_eq!((call.outcome(), call.status().code()), (Outcome::Error, StatusCode::Error));
        assert_eq!(call.attribute("exo.tool.status"), Some("error".into()));
    }
    let asked = trace.named("execute_tool deploy")[0];
    assert_eq!((asked.outcome(), asked.status().description()), (Outcome::Error, "refused"));
    assert_eq!(asked.attribute("exo.tool.status"), Some("needs approval".into()));
}

/// Before an error is told of, the last word counts.
#[test]
fn a_status_may_be_corrected() {
    let trace = capture(|| {
        let mut run = agent("researcher").start();
        run.status(RunStatus::Cancelled).status(RunStatus::Success);
        run.end();
        let mut run = agent("writer").start();
        run.status(RunStatus::Success).fail(&ApiError("no step left"));
        run.end();
    });
    for (name, status) in [("invoke_agent researcher", "success"), ("invoke_agent writer", "error")]
    {
        let span = trace.named(name)[0];
        assert_eq!(span.attribute("exo.agent.status"), Some(status.into()), "{name}");
    }
}

/// A text of the caller's own is written when it is said, and what follows has to take its place.
#[test]
fn a_status_in_words_of_ones_own_may_be_corrected() {
    let own = RunStatus::Other("needs approval");
    type Story = fn(&mut exo_trace::ToolSpan);
    let later: [(&str, Story); 7] = [
        ("success", |call| _ = call.status(RunStatus::Success)),
        ("cancelled", |call| _ = call.status(RunStatus::Cancelled)),
        ("error", |call| _ = call.status(RunStatus::Error)),
        ("error", |call| _ = call.status(RunStatus::Success).fail(&ApiError("refused"))),
        ("error", |call| call.record_error(&ApiError("refused"))),
        ("error", |call| _ = call.returned_error("refused")),
        ("refused", |call| {
            call.fail(&ApiError("refused")).status(RunStatus::Other("refused"));
            call.status(RunStatus::Success);
        }),
    ];
    let trace = capture(|| {
        for (_, story) in later {
            let mut call = tool("deploy").start();
            story(call.status(own));
            call.end();
        }
        let mut run = agent("deployer").start();
        let panics = move || {
            run.status(own);
            panic!("no such host");
        };
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
    });
    let statuses = trace.named("execute_tool deploy").into_iter().zip(later);
    for (call, (status, _)) in statuses {
        assert_eq!(call.attribute("exo.tool.status"), Some(status.into()));
    }
    let run = trace.named("invoke_agent deployer")[0];
    assert_eq!(run.outcome(), Outcome::Panic);
    assert_eq!(run.attribute("exo.agent.status"), Some("error".into()));
}

/// Who got over an error says so with an event.
#[test]
fn a_call_that_has_no_status_to_set_ends_in_the_error_that_was_recorded() {
    let trace = capture(|| {
        let mut call = chat("openai", "gpt-4o").start();
        call.record_error(&ApiError("429"));
        call.usage(Usage::new(500, 150)).finish("stop");
        call.end();
        let mut call = chat("openai", "gpt-5").start();
        call.add_event("retry", attributes! { after_status = 429 });
        call.usage(Usage::new(500, 150)).finish("stop");
    });
    assert_eq!(trace.named("chat gpt-4o")[0].outcome(), Outcome::Error);
    assert_eq!(trace.named("chat gpt-5")[0].outcome(), Outcome::Ended);
}

#[test]
fn an_error_without_a_type_is_of_a_class_until_one_has_a_type() {
    let trace = capture(|| {
        agent("first").start().status(RunStatus::Error);
        tool("second").start().status(RunStatus::Error);
        let mut third = tool("third").start();
        third.status(RunStatus::Error).fail_as("timeout", &ApiError("no answer in 30 s"));
        let mut fourth = tool("fourth").start();
        fourth.fail_as("timeout", &ApiError("no answer in 30 s")).status(RunStatus::Error);
        let mut fifth = tool("fifth").start();
        fifth.status(RunStatus::Error);
        fifth.record_error(&ApiError("refused"));
    });
    let expected = [
        ("invoke_agent first", "_OTHER"),
        ("execute_tool second", "tool_error"),
        ("execute_tool third", "timeout"),
        ("execute_tool fourth", "timeout"),
        ("execute_tool fifth", "typed_outcomes::ApiError"),
    ];
    for (name, class) in expected {
        let span = trace.named(name)[0];
        assert_eq!(span.outcome(), Outcome::Error, "{name}");
        assert_eq!(span.attribute("error.type"), Some(class.into()), "{name}");
    }
}

#[test]
fn a_call_that_is_kept_while_its_future_fails_says_more_than_that() {
    let trace = capture(|| {
        let mut call = chat("openai", "gpt-4o").start();
        let refused = async { Err::<(), _>(ApiError("429")) };
        let error = block_on(call.instrument(refused)).expect_err("it is refused");
        call.response_id("resp_1").fail_as("rate_limit_exceeded", &error);
    });
    let call = trace.named("chat gpt-4o")[0];
    assert_eq!(call.outcome(), Outcome::Error);
    assert_eq!(call.attribute("error.type"), Some("rate_limit_exceeded".into()));
    assert_eq!(call.attribute("gen_ai.response.id"), Some("resp_1".into()));
}

#[test]
fn a_request_that_is_answered_with_a_code_has_failed() {
    let trace = capture(|| {
        let mut refused = mcp_call("tools/call").tool("search").start();
        refused.status_code(-32602);
        refused.end();
        let mut longest = mcp_call("tools/list").start();
        longest.fail(&ApiError("refused")).status_code(i64::MIN);
        mcp_call("prompts/list").start().status_code(0);
        let mut answered = mcp_call("resources/list").start();
        answered.status_code(0);
        answered.end();
    });
    for (name, code) in [("tools/call search", "-32602"), ("tools/list", "-9223372036854775808")] {
        let span = trace.named(name)[0];
        assert_eq!((span.outcome(), span.status().code()), (Outcome::Error, StatusCode::Error));
        for key in ["error.type", "rpc.response.status_code"] {
            assert_eq!(span.attribute(key), Some(code.into()), "{name}");
        }
    }
    assert_eq!(trace.named("prompts/list")[0].outcome(), Outcome::Cancelled);
    let answered = trace.named("resources/list")[0];
    assert_eq!((answered.outcome(), answered.attribute("error.type")), (Outcome::Ended, None));
}

#[test]
fn a_request_without_a_method_shows_no_gap() {
    let trace = capture(|| mcp_call("").tool("").prompt("").start().end());
    assert_eq!(trace.to_text(), "mcp\n");
}

#[test]
fn an_error_among_the_items_is_no_chunk_of_the_answer() {
    let trace = capture(|| {
        let see = |call: &mut exo_trace::ChatSpan, item: &Result<u8, ApiError>| {
            if let Err(error) = item {
                call.fail(error);
            }
        };
        let refused = stream::iter([Err(ApiError("401"))]);
        block_on(chat("openai", "refused").start().stream_with(refused, see).count());
        let broken = stream::iter([Ok(1), Ok(2), Err(ApiError("connection reset"))]);
        block_on(chat("openai", "broken").start().stream_with(broken, see).count());
    });
    let first = "gen_ai.response.time_to_first_chunk";
    for (name, chunks, has_first) in [("chat refused", 0, false), ("chat broken", 2, true)] {
        let span = trace.named(name)[0];
        assert_eq!(span.outcome(), Outcome::Error, "{name}");
        assert_eq!(span.attribute("exo.stream.items"), Some(Value::I64(chunks)), "{name}");
        assert_eq!(span.attribute(first).is_some(), has_first, "{name}");
    }
}
