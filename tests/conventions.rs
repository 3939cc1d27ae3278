//! A constant of `semconv` is a key wherever a key is asked for.
#![cfg(feature = "enabled")]
#![deny(deprecated)]

use exo_trace::semconv::{self, status};
use exo_trace::testing::capture;
use exo_trace::{Span, Value, attributes, span_sync, traced};
use std::borrow::Cow;

#[traced(attributes([semconv::EXO_AGENT_STEP] = 3, [semconv::EXO_TASK_ID] = task))]
fn of_a_function(task: &str) -> usize {
    task.len()
}

#[test]
fn in_brackets_wherever_attributes_are_written() {
    let model = String::from("gpt-4o");
    let trace = capture(|| {
        of_a_function("t-1");
        drop(span_sync!("of a macro", [semconv::EXO_AGENT_STEP] = 3));
        let attributes =
            attributes! { [semconv::EXO_AGENT_STEP] = 3, [semconv::SERVER_ADDRESS] = model };
        drop(span_sync("of an array", attributes));
    });
    let expected = "of_a_function exo.agent.step=3 exo.task.id=\"t-1\"\n\
                    of a macro exo.agent.step=3\n\
                    of an array exo.agent.step=3 server.address=\"gpt-4o\"\n";
    assert_eq!(trace.to_text(), expected);
}

#[test]
fn at_run_time_as_a_text_would() {
    let trace = capture(|| {
        let span = Span::start("run", ());
        span.set_attribute(semconv::EXO_AGENT_STATUS, status::SUCCESS);
        span.set_attribute("exo.agent.status", status::CANCELLED);
        span.in_scope(|| Span::current().set_attribute(semconv::EXO_AGENT_STEP, 3));
        let variable = format!("{}.city", semconv::GEN_AI_PROMPT_VARIABLE);
        span.set_attribute(variable, "Bern");
    });
    let [span] = trace.spans() else { panic!("one span: {trace:?}") };
    assert_eq!(span.attribute(semconv::EXO_AGENT_STEP), Some(Value::I64(3)));
    assert_eq!(span.attribute(semconv::EXO_AGENT_STATUS), Some(Value::Text("cancelled")));
    let status = span.attributes().filter(|(key, _)| semconv::EXO_AGENT_STATUS == **key);
    assert_eq!(status.count(), 1);
    assert_eq!(span.attribute("gen_ai.prompt.variable.city"), Some(Value::Text("Bern")));
}

/// Three of the page's names are deprecated by the conventions; whoever follows the page is not warned.
#[test]
fn the_pages_older_names_are_names_like_any_other() {
    let trace = capture(|| {
        let span = span_sync!("ask", [semconv::GEN_AI_SYSTEM] = "openai");
        span.set_attribute(semconv::GEN_AI_USAGE_PROMPT_TOKENS, 500);
        span.set_attribute(semconv::GEN_AI_USAGE_COMPLETION_TOKENS, 150);
    });
    let ask = trace.named("ask")[0];
    assert_eq!(ask.attribute(semconv::GEN_AI_SYSTEM), Some(Value::Text("openai")));
    assert_eq!(ask.attribute("gen_ai.usage.prompt_tokens"), Some(Value::I64(500)));
    assert_eq!(ask.attribute("gen_ai.usage.completion_tokens"), Some(Value::I64(150)));
}

#[test]
fn a_span_is_asked_with_any_text() {
    let trace = capture(|| drop(span_sync!("run", [semconv::EXO_AGENT_STEP] = 3)));
    let run = trace.named("run")[0];
    let owned = String::from("exo.agent.step");
    let texts: [Option<Value<'_>>; 4] = [
        run.attribute("exo.agent.step"),
        run.attribute(&owned),
        run.attribute(Cow::Borrowed("exo.agent.step")),
        run.attribute(semconv::EXO_AGENT_STEP),
    ];
    assert_eq!(texts, [Some(Value::I64(3)); 4]);
}
