//! What a collector gets of metrics when agents ran: names, units, buckets, dimensions and values.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod metrics_collector;

use exo_trace_export::{Dialect, Dialects, TraceConfig, TraceGuard, init};
use exo_trace_std::__private::begin_measured_named;
use exo_trace_std::{Status, attributes, span_sync, traced};
use metrics_collector::{Collector, Point, alone, chat_that_streams, named, points};
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(60);

fn config(collector: &Collector) -> TraceConfig {
    TraceConfig::new("stories").endpoint(&collector.endpoint).extra("zone", "a")
}

fn begin(config: TraceConfig) -> TraceGuard {
    init(config).expect("nothing records yet")
}

/// In the page's words, as somebody may write it by hand.
fn chat_that_fails() {
    let chat = span_sync!(
        "chat",
        gen_ai.operation.name = "chat",
        "gen_ai.system" = "openai",
        gen_ai.request.model = "scripted-1",
    );
    chat.set_attribute("error.type", "rate_limit");
    chat.set_status(Status::error("slow down"));
}

#[traced(
    crate = exo_trace_std, kind = client, name = "tools/call",
    attributes("mcp.method.name" = "tools/call", "gen_ai.tool.name" = "search")
)]
fn ask_mcp_server() {}

#[traced(
    crate = exo_trace_std,
    attributes("gen_ai.operation.name" = "execute_tool", "gen_ai.tool.name" = "search")
)]
fn search() {
    ask_mcp_server();
}

#[traced(
    crate = exo_trace_std,
    attributes("gen_ai.operation.name" = "execute_tool", "gen_ai.tool.name" = "calculate")
)]
fn calculate() -> Result<(), String> {
    Err("division by zero".to_owned())
}

/// An agent with two model calls and three tools, and one below it with calls of its own.
fn research() {
    let _run = span_sync!("agent_pipeline");
    let _agent = span_sync!(
        "invoke_agent {gen_ai.agent.name}",
        gen_ai.operation.name = "invoke_agent",
        gen_ai.agent.name = "researcher",
        gen_ai.request.model = "scripted-1",
    );
    chat_that_streams();
    {
        let _plain = span_sync!("retry");
        chat_that_fails();
        search();
    }
    assert!(calculate().is_err());
    ask_mcp_server();
    let writer = span_sync!(
        "invoke_agent {gen_ai.agent.name}",
        gen_ai.operation.name = "invoke_agent",
        gen_ai.agent.name = "writer",
    );
    chat_that_streams();
    drop(writer);
    drop(span_sync!(
        "embed",
        gen_ai.operation.name = "embeddings",
        gen_ai.provider.name = "openai"
    ));
}

const PROVIDED: &str =
    "gen_ai.operation.name=chat gen_ai.provider.name=openai gen_ai.request.model=scripted-1";

/// What is told of durations: how many.
fn durations() -> Vec<String> {
    let here = format!("{PROVIDED} server.address=localhost server.port=4317");
    let all = [
        "agent_run_duration s exo.agent.name=researcher exo.agent.run.success=1 gen_ai.request.model=scripted-1 n=1",
        "agent_run_duration s exo.agent.name=writer exo.agent.run.success=1 n=1",
        &format!("gen_ai.client.inference.duration s error.type=rate_limit {PROVIDED} n=1"),
        &format!("gen_ai.client.inference.duration s {here} n=2"),
        &format!("gen_ai.client.inference.time_per_output_chunk s {here} n=80"),
        &format!("gen_ai.client.inference.time_to_first_chunk s {here} n=2"),
        "gen_ai.client.operation.duration s gen_ai.operation.name=embeddings gen_ai.provider.name=openai n=1",
        "gen_ai.execute_tool.duration s error.type=alloc::string::String gen_ai.tool.name=calculate n=1",
        "gen_ai.execute_tool.duration s gen_ai.tool.name=search n=1",
        "gen_ai.invoke_agent.duration s gen_ai.agent.name=researcher gen_ai.request.model=scripted-1 n=1",
        "gen_ai.invoke_agent.duration s gen_ai.agent.name=writer n=1",
        "mcp.client.operation.duration s gen_ai.tool.name=search mcp.method.name=tools/call n=2",
        "tool_step_duration s exo.tool.name=calculate exo.tool.step.success=0 n=1",
        "tool_step_duration s exo.tool.name=search exo.tool.step.success=1 n=1",
    ];
    all.map(str::to_owned).to_vec()
}

/// What is told of everything that is no duration, whole.
fn amounts() -> Vec<String> {
    let here = format!("{PROVIDED} server.address=localhost server.port=4317");
    let (unknown, of_run) = (
        "gen_ai.token.modality=unknown",
        "exo.agent.name=researcher exo.agent.run.success=1 gen_ai.request.model=scripted-1",
    );
    let unknown_here = format!("{PROVIDED} {unknown} server.address=localhost server.port=4317");
    let writer = "exo.agent.name=writer exo.agent.run.success=1";
    let used = "gen_ai.client.inference.usage";
    let mut all = vec![
        format!("agent_run_counter 1 {of_run} =1"),
        format!("agent_run_counter 1 {writer} =1"),
        format!("agent_token_usage token {of_run} gen_ai.token.type=input n=1 sum=500"),
        format!("agent_token_usage token {of_run} gen_ai.token.type=output n=1 sum=150"),
        format!("agent_token_usage token {writer} gen_ai.token.type=input n=1 sum=500"),
        format!("agent_token_usage token {writer} gen_ai.token.type=output n=1 sum=150"),
        format!("gen_ai.client.inference.operation.input_tokens {{token}} {here} n=2 sum=1000"),
        format!("gen_ai.client.inference.operation.output_tokens {{token}} {here} n=2 sum=300"),
        "gen_ai.invoke_agent.inference_calls {inference_call} gen_ai.agent.name=researcher n=1 sum=2".to_owned(),
        "gen_ai.invoke_agent.inference_calls {inference_call} gen_ai.agent.name=writer n=1 sum=1".to_owned(),
        "gen_ai.invoke_agent.tool_calls {tool_call} gen_ai.agent.name=researcher n=1 sum=3".to_owned(),
        "gen_ai.invoke_agent.tool_calls {tool_call} gen_ai.agent.name=writer n=1 sum=0".to_owned(),
        "tool_step_counter 1 exo.tool.name=calculate exo.tool.step.success=0 =1".to_owned(),
        "tool_step_counter 1 exo.tool.name=search exo.tool.step.success=1 =1".to_owned(),
    ];
    for (name, tokens) in [
        ("cache_read.input_tokens", 800),
        ("cache_write.input_tokens", 0),
        ("input_tokens", 1_000),
        ("output_tokens", 300),
        ("reasoning.output_tokens", 0),
    ] {
        all.push(format!("{used}.{name} {{token}} {PROVIDED} {unknown} =0"));
        all.push(format!("{used}.{name} {{token}} {unknown_here} ={tokens}"));
    }
    all.sort();
    all
}

#[test]
fn the_run_of_an_agent_is_told_in_the_words_of_the_page_and_of_the_conventions() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(config(&collector));
    research();
    assert!(trace.flush(DEADLINE).is_complete());
    let request = collector.metrics.try_recv().expect("a flush sends what was measured");
    let resource = &request.resource_metrics[0].resource.as_ref().expect("a resource").attributes;
    assert!(resource.iter().any(|pair| pair.key == "zone"), "as on the spans: {resource:?}");
    let told = points(&request);
    let of = |is_time| {
        let told = told.iter().filter(move |point| (point.unit == "s") == is_time);
        told.map(if is_time { Point::without_sum } else { Point::whole }).collect::<Vec<_>>()
    };
    assert_eq!(of(true), durations());
    assert_eq!(of(false), amounts());
    let chunks = named(&told, "gen_ai.client.inference.time_per_output_chunk")[0].whole();
    assert!(chunks.ends_with(" n=80 sum=20"), "as the streams say it: {chunks}");
    assert_eq!(trace.statistics().unsummed, 0);
    assert!(trace.shutdown(DEADLINE).is_complete());
    let last = collector.metrics.try_recv().expect("a shutdown sends it once more");
    assert_eq!(points(&last).len(), told.len());
}

#[test]
fn buckets_end_where_the_conventions_say() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(config(&collector));
    research();
    assert!(trace.shutdown(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let bounds = |name: &str| named(&told, name)[0].bounds.clone();
    let doubling = |first: f64, count| (0..count).map(move |n| first * f64::from(1 << n));
    assert!(bounds("gen_ai.client.inference.duration").into_iter().eq(doubling(0.01, 14)));
    assert!(bounds("gen_ai.execute_tool.duration").into_iter().eq(doubling(0.01, 14)));
    assert!(bounds("gen_ai.invoke_agent.duration").into_iter().eq(doubling(0.1, 13)));
    let tokens = bounds("gen_ai.client.inference.operation.input_tokens");
    assert!(tokens.into_iter().eq((0..14).map(|n| f64::from(1 << (2 * n)))));
    let mcp = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];
    assert_eq!(bounds("mcp.client.operation.duration"), mcp);
}

/// Returns the names of all metrics of a run, each once.
fn names_of(config: TraceConfig, collector: &Collector) -> Vec<String> {
    let trace = begin(config);
    research();
    assert!(trace.shutdown(DEADLINE).is_complete());
    let told = collector.metrics.try_iter().flat_map(|request| points(&request));
    let mut names: Vec<_> = told.map(|point| point.name).collect();
    names.dedup();
    names
}

#[test]
fn metrics_have_the_names_of_the_chosen_dialects() {
    let _alone = alone();
    let collector = Collector::start();
    let names = |dialects: &[Dialect]| {
        names_of(
            config(&collector).dialects(dialects.iter().copied().collect::<Dialects>()),
            &collector,
        )
    };
    let of_page = [
        "agent_run_counter",
        "agent_run_duration",
        "agent_token_usage",
        "tool_step_counter",
        "tool_step_duration",
    ];
    assert_eq!(names(&[Dialect::Page]), of_page);
    let of_141 = [
        "gen_ai.client.operation.duration",
        "gen_ai.client.operation.time_per_output_chunk",
        "gen_ai.client.operation.time_to_first_chunk",
        "gen_ai.client.token.usage",
    ];
    assert_eq!(names(&[Dialect::GenAi141]), of_141);
    assert_eq!(names(&[Dialect::OpenInference]), Vec::<String>::new());
    let both = names(&[Dialect::GenAi, Dialect::GenAi141]);
    assert!(of_141.iter().all(|name| both.iter().any(|known| known == name)), "{both:?}");
    assert!(both.iter().any(|name| name == "gen_ai.client.inference.duration"));
}

#[traced(
    crate = exo_trace_std, kind = client,
    attributes("gen_ai.operation.name" = "invoke_agent", "gen_ai.agent.name" = "elsewhere")
)]
fn ask_agent_elsewhere() {}

#[test]
fn an_agent_elsewhere_is_a_call_and_runs_nothing_here() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(config(&collector).dialects(Dialect::GenAi));
    ask_agent_elsewhere();
    assert!(trace.shutdown(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let told: Vec<_> = told.iter().map(Point::without_sum).collect();
    assert_eq!(told, ["gen_ai.client.operation.duration s gen_ai.operation.name=invoke_agent n=1"]);
}

#[test]
fn the_namespace_stands_before_the_page_s_dimensions() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(config(&collector).namespace("acme").dialects(Dialect::Page));
    search();
    assert!(trace.shutdown(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let about = &named(&told, "tool_step_counter")[0].about;
    assert_eq!(about, "acme.tool.name=search acme.tool.step.success=1");
}

#[test]
fn a_run_that_nobody_sampled_is_measured_and_not_seen() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(config(&collector).sample_rate(0.0));
    let _root = span_sync!("unsampled");
    let agent = attributes! {
        gen_ai.operation.name = "invoke_agent", gen_ai.agent.name = "unseen",
    };
    let agent = begin_measured_named("invoke_agent", agent).enter();
    let chat = attributes! { gen_ai.operation.name = "chat" };
    drop(begin_measured_named("chat", chat).enter());
    drop(agent);
    assert!(trace.shutdown(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let calls = named(&told, "gen_ai.invoke_agent.inference_calls")[0].whole();
    assert!(calls.ends_with("gen_ai.agent.name=unseen n=1 sum=1"), "{calls}");
    assert_eq!(collector.traces.try_iter().count(), 0);
}

#[test]
fn plain_spans_alone_send_no_metrics() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(config(&collector).metrics_every(Duration::from_millis(1)));
    (0..100).for_each(|n| drop(span_sync!("plain", n)));
    assert!(trace.flush(DEADLINE).is_complete());
    assert!(trace.shutdown(DEADLINE).is_complete());
    assert_eq!(collector.metrics.try_iter().count(), 0);
    assert!(collector.traces.try_iter().count() > 0);

    let trace = begin(config(&collector).metrics(false));
    research();
    assert!(trace.shutdown(DEADLINE).is_complete());
    assert_eq!(collector.metrics.try_iter().count(), 0, "nobody wants them");
}

#[test]
fn names_without_end_end_in_one_series_for_all_that_are_over() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(config(&collector));
    for n in 0..2_100 {
        let name = format!("tool-{n}");
        drop(span_sync!("tool", gen_ai.operation.name = "execute_tool", gen_ai.tool.name = name));
    }
    assert!(trace.shutdown(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let steps = named(&told, "tool_step_counter");
    assert_eq!(steps.len(), 2_001);
    let over = steps.iter().find(|point| point.about == "otel.metric.overflow=true");
    assert!(over.expect("a series of its own").whole().ends_with(" =100"));
}

#[test]
fn a_collector_that_says_nothing_to_metrics_holds_nobody_up() {
    let _alone = alone();
    let collector = Collector::silent_to_metrics();
    let trace = begin(config(&collector));
    research();
    let began = Instant::now();
    let flushed = trace.flush(Duration::from_secs(2));
    assert!(flushed.is_complete(), "the spans are there: {flushed}");
    let delivery = trace.shutdown(Duration::from_secs(2));
    assert!(delivery.is_complete(), "{delivery}");
    assert!(began.elapsed() < DEADLINE / 4, "{:?}", began.elapsed());
}
