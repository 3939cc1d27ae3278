//! Every name of the page is at the root, and at the page's own module path.
#![cfg(feature = "enabled")]

/// `from exo.trace import …`, as the page writes it.
mod at_the_root {
    pub(crate) use exo_trace::{BaggagePropagator, DictCarrier, set_baggage};
    pub(crate) use exo_trace::{PromptLogger, TokenBreakdown, compute_token_breakdown};
    pub(crate) use exo_trace::{SpanConsumer, TraceBackend, TraceConfig, extract_metadata};
    pub(crate) use exo_trace::{register_consumer, span_async, span_sync, traced};
}

/// `from exo.trace.prompt_logger import …`.
mod in_prompt_logger {
    pub(crate) use exo_trace::prompt_logger::{
        PromptLogger, TokenBreakdown, compute_token_breakdown,
    };
}

/// `from exo.trace.decorator import …`.
mod in_decorator {
    pub(crate) use exo_trace::decorator::{extract_metadata, span_async, span_sync, traced};
}

/// `from exo.trace.instrumentation import …`.
mod in_instrumentation {
    pub(crate) use exo_trace::instrumentation::{
        Timer, build_agent_attributes, build_tool_attributes, record_agent_run, record_tool_step,
    };
}

/// `from exo.trace.propagation import …`.
mod in_propagation {
    pub(crate) use exo_trace::propagation::{BaggagePropagator, DictCarrier};
    pub(crate) use exo_trace::propagation::{SpanConsumer, register_consumer};
    pub(crate) use exo_trace::propagation::{clear_baggage, get_baggage, set_baggage};
}

/// The rest of the consumers' register, which the page leaves to the package.
mod of_the_package {
    pub(crate) use exo_trace::propagation::{
        clear_consumers, get_consumer, list_consumers, unregister_consumer,
    };
}

use exo_trace::testing::{capture, capture_async};
use exo_trace::{Callsite, CallsiteFacts, SpanData, SpanKind, attributes};
use std::any::type_name;

#[at_the_root::traced(name = "research_task")]
async fn research(topic: &str) -> String {
    format!("Results for {topic}")
}

#[in_decorator::traced]
fn process_data(data: &str) -> String {
    data.to_uppercase()
}

struct LogConsumer;

impl in_propagation::SpanConsumer for LogConsumer {
    fn consume(&self, _: &SpanData<'_>) {}
}

fn is_a_consumer<C: at_the_root::SpanConsumer>(_: &C) {}

#[test]
fn the_helpers_are_the_same_at_the_root_and_in_their_module() {
    let timer: exo_trace::Timer = in_instrumentation::Timer::new();
    let trace = capture(|| {
        in_instrumentation::record_agent_run(exo_trace::AgentRun {
            agent_name: "researcher",
            elapsed_ms: timer.stop() * 1000.0,
            ..Default::default()
        });
        let step = exo_trace::ToolStep { tool_name: "search", ..Default::default() };
        in_instrumentation::record_tool_step(step);
    });
    assert_eq!(trace.spans().len(), 2);
    let agent = in_instrumentation::build_agent_attributes("researcher", Some(1), "gpt-4o");
    assert_eq!(agent, exo_trace::build_agent_attributes("researcher", Some(1), "gpt-4o"));
    let tool = in_instrumentation::build_tool_attributes("search", "success");
    assert_eq!(tool, exo_trace::build_tool_attributes("search", "success"));
}

#[test]
fn traced_is_one_word_at_two_places() {
    let trace = capture(|| {
        assert_eq!(process_data("a"), "A");
        assert_eq!(futures::executor::block_on(research("rings")), "Results for rings");
    });
    assert_eq!(trace.to_text(), "process_data\nresearch_task\n");
}

#[test]
fn the_context_managers_are_functions_and_macros_at_both_places() {
    let trace = futures::executor::block_on(capture_async(async {
        drop(at_the_root::span_sync("sync", attributes! { step = 1 }));
        drop(in_decorator::span_sync("sync", ()));
        drop(at_the_root::span_sync!("sync", step = 3));
        drop(in_decorator::span_sync!("sync"));
        at_the_root::span_async("async", (), async {}).await;
        in_decorator::span_async("async", (), async {}).await;
        at_the_root::span_async!("async", {}).await;
        in_decorator::span_async!("async", step = 8, {}).await;
    }));
    let expected = "sync step=1\nsync\nsync step=3\nsync\nasync\nasync\nasync\nasync step=8\n";
    assert_eq!(trace.to_text(), expected);
}

#[test]
fn prompts_are_counted_and_logged_in_the_pages_words() {
    let messages = serde_json::json!([{"role": "user", "content": "hello world"}]);
    let breakdown: in_prompt_logger::TokenBreakdown =
        at_the_root::compute_token_breakdown(&messages);
    assert_eq!(breakdown, in_prompt_logger::compute_token_breakdown(&messages));
    let at_the_root::TokenBreakdown { system_tokens, user_tokens, assistant_tokens, .. } =
        breakdown;
    assert_eq!((system_tokens, user_tokens, assistant_tokens), (0, 2, 0));
    assert_eq!((breakdown.tool_tokens, breakdown.total_tokens), (0, 2));
    let logger: in_prompt_logger::PromptLogger = at_the_root::PromptLogger::new();
    logger.log(&messages, "hello", "gpt-4o", breakdown);
    assert_eq!(logger.entries().len(), 1);
}

#[test]
fn extract_metadata_tells_where_a_call_site_stands() {
    static SITE: Callsite = Callsite::new(&CallsiteFacts {
        name: "fetch_data",
        kind: SpanKind::Client,
        function: concat!(module_path!(), "::fetch_data"),
        module: module_path!(),
        file: file!(),
        line: line!(),
        scope_name: "tests",
        scope_version: "1.0.0",
        attributes: &[],
    });
    let at_the_root: Vec<_> = at_the_root::extract_metadata(&SITE).collect();
    let in_decorator: Vec<_> = in_decorator::extract_metadata(&SITE).collect();
    assert_eq!(at_the_root, in_decorator);
    let keys: Vec<_> = at_the_root.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["code.function.name", "code.file.path", "code.line.number"]);
}

#[test]
fn a_configuration_is_said_in_the_pages_words() {
    use at_the_root::{TraceBackend, TraceConfig};
    let config = TraceConfig::new("my-agent-app")
        .backend(TraceBackend::Otlp)
        .endpoint("http://localhost:4317")
        .sample_rate(1.0)
        .enabled(true);
    assert_ne!(config, TraceConfig::new("my-agent-app"));
    let backends = [TraceBackend::Otlp, TraceBackend::Memory, TraceBackend::Console];
    assert_eq!(backends.map(TraceBackend::as_str), ["otlp", "memory", "console"]);
}

#[test]
fn baggage_is_set_and_sent_at_both_places() {
    at_the_root::set_baggage("user_id", "u-123");
    in_propagation::set_baggage("session_id", "s-456");
    assert_eq!(in_propagation::get_baggage("user_id").as_deref(), Some("u-123"));
    let mut carrier: in_propagation::DictCarrier = at_the_root::DictCarrier::new();
    let propagator: in_propagation::BaggagePropagator = at_the_root::BaggagePropagator::new();
    propagator.inject(&mut carrier);
    assert_eq!(carrier.get("Baggage"), Some("user_id=u-123,session_id=s-456"));
    in_propagation::clear_baggage();
    assert_eq!(in_propagation::get_baggage("user_id"), None);
}

#[test]
fn consumers_are_registered_at_both_places_and_known_by_their_type() {
    let name = type_name::<LogConsumer>();
    is_a_consumer(&LogConsumer);
    at_the_root::register_consumer(LogConsumer);
    assert_eq!(of_the_package::list_consumers(), [name]);
    in_propagation::register_consumer(LogConsumer);
    assert_eq!(of_the_package::list_consumers(), [name], "the same name replaces in place");
    assert!(of_the_package::get_consumer(name).is_some());
    assert!(of_the_package::unregister_consumer(name));
    of_the_package::clear_consumers();
    assert!(of_the_package::list_consumers().is_empty());
}
