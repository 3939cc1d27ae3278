//! One run, told in each dialect: what a reader of that dialect finds.
#![cfg(feature = "enabled")]

use exo_trace::testing::capture;
use exo_trace::{
    Dialect, Dialects, Status, Trace, TraceBackend, TraceConfig, attributes, init, span_sync,
};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

/// An agent asks a model and calls two tools; one fails, and one call site speaks the page's words.
fn run() {
    let agent = span_sync!(
        "invoke_agent {gen_ai.agent.name}",
        gen_ai.operation.name = "invoke_agent",
        gen_ai.agent.name = "researcher",
        gen_ai.conversation.id = "talk 7",
        exo.agent.step = 1
    );
    {
        let chat = span_sync!(
            "chat {gen_ai.request.model}",
            gen_ai.operation.name = "chat",
            gen_ai.provider.name = "openai",
            gen_ai.request.model = "gpt-4o",
            gen_ai.request.temperature = 0.2,
            gen_ai.request.top_k = 40
        );
        chat.set_attribute("gen_ai.usage.input_tokens", 500);
        chat.set_attribute("gen_ai.usage.cache_write.input_tokens", 100);
        chat.set_attribute("gen_ai.usage.output_tokens", 150);
        chat.set_attribute("gen_ai.response.model", "gpt-4o-2024-11-20");
        chat.add_event("first token", attributes! { exo.stream.items = 1 });
    }
    {
        let _search = span_sync!(
            "execute_tool {gen_ai.tool.name}",
            gen_ai.operation.name = "execute_tool",
            gen_ai.tool.name = "search",
            gen_ai.tool.call.id = "call 1"
        );
    }
    {
        let tool = span_sync!("execute_tool {exo.tool.name}", exo.tool.name = "read_file");
        tool.set_status(Status::error("no such file"));
    }
    drop(span_sync!("by hand", gen_ai.system = "anthropic", gen_ai.provider.name = "aws.bedrock"));
    drop(agent);
}

fn told(config: TraceConfig) -> Trace {
    let guard = init(config.backend(TraceBackend::Memory)).expect("nothing else runs");
    let trace = capture(run);
    assert!(guard.shutdown(DEADLINE).is_complete());
    trace
}

/// The pipeline is the process's: one story, one run after the other.
#[test]
fn the_same_run_in_each_dialect_is_its_golden_trace() {
    let config = |dialects: Dialects| TraceConfig::new("dialects").dialects(dialects);
    let both = Dialects::default();
    for (config, golden) in [
        (config(Dialect::Page.into()), include_str!("traces/dialect_page.txt")),
        (config(Dialect::GenAi.into()), include_str!("traces/dialect_gen_ai.txt")),
        (config(Dialect::GenAi141.into()), include_str!("traces/dialect_gen_ai_141.txt")),
        (config(Dialect::OpenInference.into()), include_str!("traces/dialect_openinference.txt")),
        (TraceConfig::new("dialects"), include_str!("traces/dialect_default.txt")),
        (config(both).namespace("acme"), include_str!("traces/dialect_namespace.txt")),
    ] {
        let trace = told(config.clone());
        assert_eq!(trace.to_text(), golden, "{config:?}");
        let chat = trace.named("chat gpt-4o")[0];
        for name in ["gen_ai.system", "gen_ai.provider.name", "llm.provider", "llm.system"] {
            assert_eq!(chat.attribute(name), Some("openai".into()), "{name} of {config:?}");
        }
        let tool = trace.named("execute_tool read_file")[0];
        for name in ["tool.name", "gen_ai.tool.name", "exo.tool.name"] {
            assert_eq!(tool.attribute(name), Some("read_file".into()), "{name} of {config:?}");
        }
        assert_eq!(tool.attribute("exo.tool.error"), Some("no such file".into()));
        assert_eq!(tool.attribute("openinference.span.kind"), Some("TOOL".into()));
        assert_eq!(tool.attribute("code.lineno"), tool.attribute("code.line.number"));
    }
}
