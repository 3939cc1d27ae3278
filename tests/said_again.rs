//! What is said of a typed span again and again: the last word counts, and takes no more room than one.
#![cfg(feature = "enabled")]

use exo_trace::testing::capture;
use exo_trace::{RunStatus, Usage, Value, agent, chat, embeddings};
use futures::executor::block_on;
use futures::stream::{self, StreamExt};

/// Chunks say who answers, each anew.
#[test]
fn a_stream_that_repeats_who_answers_in_every_chunk_says_it_once() {
    let trace = capture(|| {
        let chunks = stream::iter(0..20_000);
        let answer = chat("openai", "gpt-4o").start().stream_with(chunks, |call, chunk| {
            call.response_model(format!("gpt-4o-2024-08-{:02}", chunk % 28 + 1));
            call.response_id(format!("chatcmpl-{chunk}"));
            call.usage(Usage::new(500, *chunk)).finish(format!("reason {chunk}"));
        });
        assert_eq!(block_on(answer.count()), 20_000);
    });
    let call = trace.named("chat gpt-4o")[0];
    assert_eq!(call.dropped_attributes_count(), 0);
    assert_eq!(call.attribute("gen_ai.response.model"), Some("gpt-4o-2024-08-08".into()));
    assert_eq!(call.attribute("gen_ai.response.id"), Some("chatcmpl-19999".into()));
    assert_eq!(call.attribute("gen_ai.usage.output_tokens"), Some(Value::I64(19_999)));
    let reasons = call.attribute("gen_ai.response.finish_reasons");
    assert_eq!(reasons, Some(["reason 19999"].as_slice().into()));
}

/// A text of the program's and one made at run time are kept in different ways.
#[test]
fn the_last_word_of_an_answer_counts_whether_it_is_a_literal_or_not() {
    let trace = capture(|| {
        let mut call = chat("openai", "made, literal").start();
        call.response_model(String::from("first")).response_model("last");
        call.finish_all(&["length", "length"]).finish(String::from("length")).finish("stop");
        drop(call);
        let mut call = chat("openai", "literal, made").start();
        call.response_model("first").response_model(String::from("last"));
        call.finish("length").finish_all(&["length", "length"]).finish(String::from("stop"));
    });
    for call in trace.spans() {
        let reasons = call.attribute("gen_ai.response.finish_reasons");
        assert_eq!(reasons, Some(["stop"].as_slice().into()), "{}", call.name());
        let model = call.attribute("gen_ai.response.model");
        assert_eq!(model, Some("last".into()), "{}", call.name());
    }
}

#[test]
fn a_run_that_counts_its_tokens_two_hundred_times_says_the_last_count() {
    let trace = capture(|| {
        let mut run = agent("researcher").start();
        for step in 1..=200 {
            run.usage(Usage::new(step * 1_000, step)).finish_reasons(&["tool_calls"]);
        }
        run.finish_reasons(&["stop"]);
        run.end();
        let mut call = embeddings("openai", "text-embedding-3-small").start();
        (1..=200).for_each(|tokens| _ = call.input_tokens(tokens).response_model("small"));
        call.end();
    });
    let run = trace.named("invoke_agent researcher")[0];
    assert_eq!(run.attribute("gen_ai.usage.input_tokens"), Some(Value::I64(200_000)));
    assert_eq!(run.attribute("gen_ai.usage.output_tokens"), Some(Value::I64(200)));
    let reasons = run.attribute("gen_ai.response.finish_reasons");
    assert_eq!(reasons, Some(["stop"].as_slice().into()));
    let call = trace.named("embeddings text-embedding-3-small")[0];
    assert_eq!(call.attribute("gen_ai.usage.input_tokens"), Some(Value::I64(200)));
    assert!(trace.spans().iter().all(|span| span.dropped_attributes_count() == 0));
}

/// The typed word and the attribute it stands for are one fact.
#[test]
fn a_typed_word_and_an_attribute_of_its_name_overrule_each_other() {
    let trace = capture(|| {
        let mut run = agent("typed last").start();
        run.set_attribute("gen_ai.usage.input_tokens", 1);
        run.set_attribute("exo.agent.status", "undecided");
        run.usage(Usage::new(2, 3)).status(RunStatus::Other("decided"));
        run.end();
        let mut run = agent("typed first").start();
        run.usage(Usage::new(1, 3)).status(RunStatus::Other("undecided"));
        run.set_attribute("gen_ai.usage.input_tokens", 2);
        run.set_attribute("exo.agent.status", "decided");
        run.end();
    });
    for run in trace.spans() {
        let tokens = run.attribute("gen_ai.usage.input_tokens");
        assert_eq!(tokens, Some(Value::I64(2)), "{}", run.name());
        assert_eq!(run.attribute("exo.agent.status"), Some("decided".into()), "{}", run.name());
    }
}
