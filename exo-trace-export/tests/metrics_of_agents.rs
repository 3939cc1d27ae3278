//! What metrics count for an agent: each of its calls once, whatever surrounds it and wherever it ran.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

#[allow(dead_code, reason = "other stories look at more of it")]
mod metrics_collector;

use exo_trace_export::{Price, PriceTable, TraceConfig, TraceGuard, init};
use exo_trace_std::{
    Context, Identity, Span, Status, Usage, agent, chat, mcp_call, span_async, span_sync, tool,
    traced,
};
use metrics_collector::{Collector, alone, chat_that_streams, named, points};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

fn begin(collector: &Collector) -> TraceGuard {
    init(TraceConfig::new("stories").endpoint(&collector.endpoint)).expect("nothing records yet")
}

#[test]
fn a_call_around_the_call_of_a_client_library_is_measured_once() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(&collector);
    {
        let _agent = span_sync!("agent", gen_ai.operation.name = "invoke_agent");
        let _ours = span_sync!(
            "chat",
            gen_ai.operation.name = "chat",
            gen_ai.usage.input_tokens = 500,
            gen_ai.usage.output_tokens = 150,
        );
        let _request = span_sync!("request");
        chat_that_streams();
    }
    assert!(trace.shutdown(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let whole =
        |name: &str| named(&told, name).iter().map(|point| point.whole()).collect::<Vec<_>>();
    let calls = whole("gen_ai.invoke_agent.inference_calls");
    assert!(calls[0].ends_with(" n=1 sum=1"), "{calls:?}");
    let tokens = whole("gen_ai.client.inference.operation.input_tokens");
    assert!(tokens.len() == 1 && tokens[0].ends_with(" n=1 sum=500"), "{tokens:?}");
    let of_agent = whole("agent_token_usage");
    assert!(of_agent[0].ends_with("=input n=1 sum=500"), "{of_agent:?}");
}

#[test]
fn a_call_around_a_tool_that_asks_a_model_is_measured_beside_that_call() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(&collector);
    {
        let _agent = span_sync!("agent", gen_ai.operation.name = "invoke_agent");
        let mut outer = chat("openai", "scripted-1").start();
        outer.in_scope(|| {
            let tool = tool("search").start();
            tool.in_scope(|| {
                chat("openai", "scripted-1").start().usage(Usage::new(500, 150));
            });
            tool.end();
        });
        outer.usage(Usage::new(1_000, 20)).finish("stop");
    }
    assert!(trace.shutdown(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let ends = |name: &str, end: &str| {
        let points = named(&told, name);
        assert!(points.iter().any(|point| point.whole().ends_with(end)), "{name}: {points:?}");
    };
    ends("gen_ai.invoke_agent.inference_calls", " n=1 sum=2");
    ends("gen_ai.invoke_agent.tool_calls", " n=1 sum=1");
    ends("gen_ai.client.inference.operation.input_tokens", " n=2 sum=1500");
    ends("agent_token_usage", "=input n=1 sum=1500");
    ends("agent_token_usage", "=output n=1 sum=170");
}

#[test]
fn calls_on_other_threads_are_their_agents_own() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(&collector);
    for _ in 0..20 {
        let _agent = span_sync!("agent", gen_ai.operation.name = "invoke_agent");
        let context = Context::current();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let _inside = context.attach();
                    let _step = span_sync!("step");
                    chat_that_streams();
                });
            }
        });
    }
    assert!(trace.flush(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let calls = named(&told, "gen_ai.invoke_agent.inference_calls")[0].whole();
    assert!(calls.ends_with(" n=20 sum=80"), "{calls}");
    assert_eq!(trace.statistics().unsummed, 0);
}

#[traced(crate = exo_trace_std, tool)]
fn search() {
    let call = mcp_call("tools/call").tool("search").start();
    // It goes into the request: others may say something of the span from here on.
    let _ = call.span_context();
    call.end();
}

#[test]
fn a_tool_that_is_called_over_mcp_is_one_call_of_its_agent() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(&collector);
    {
        let _agent = span_sync!("agent", gen_ai.operation.name = "invoke_agent");
        search();
        // No tool's span is around this one.
        mcp_call("tools/call").tool("fetch").start().end();
    }
    assert!(trace.shutdown(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let calls = named(&told, "gen_ai.invoke_agent.tool_calls")[0].whole();
    assert!(calls.ends_with(" n=1 sum=2"), "{calls}");
}

async fn ask() {
    let mut call = chat("openai", "scripted-1").start();
    call.instrument(tokio::task::yield_now()).await;
    call.usage(Usage::new(500, 150)).finish("stop");
}

/// A run whose calls are below steps on other workers, and that ends right after them.
async fn travel() {
    let run = agent("traveller").start();
    let steps = async {
        let step = || span_async("step", (), ask());
        let calls = (0..4).map(|_| tokio::spawn(Context::current().scope(step())));
        let calls: Vec<_> = calls.collect();
        for call in calls {
            call.await.expect("no task panics");
        }
    };
    run.instrument(steps).await;
    run.end();
}

#[test]
fn calls_of_tasks_on_many_workers_are_their_agents_own() {
    let _alone = alone();
    let collector = Collector::start();
    let trace = begin(&collector);
    let workers = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build();
    let workers = workers.expect("there is room for a runtime");
    workers.block_on(async {
        let runs: Vec<_> = (0..200).map(|_| tokio::spawn(travel())).collect();
        for run in runs {
            run.await.expect("no task panics");
        }
    });
    assert!(trace.flush(DEADLINE).is_complete());
    let told = points(&collector.metrics.try_recv().expect("it was measured"));
    let calls = named(&told, "gen_ai.invoke_agent.inference_calls")[0].whole();
    assert!(calls.ends_with(" n=200 sum=800"), "{calls}");
    let tokens = named(&told, "agent_token_usage");
    assert!(tokens[0].whole().ends_with("=input n=200 sum=400000"), "{}", tokens[0].whole());
    assert_eq!(trace.statistics().unsummed, 0);
}

#[test]
fn for_whom_agents_work_is_on_their_spans_and_divides_no_metric() {
    let _alone = alone();
    for sample_rate in [1.0, 0.0] {
        let collector = Collector::start();
        let config = TraceConfig::new("stories").endpoint(&collector.endpoint);
        let trace = init(config.sample_rate(sample_rate)).expect("nothing records yet");
        for number in 0..20 {
            let whose = Identity::new().session(format!("s-{number}")).user(format!("u-{number}"));
            let whose = whose.conversation(format!("c-{number}")).task(format!("t-{number}"));
            let _attached = whose.attach();
            let run = agent("researcher").start();
            run.in_scope(|| {
                let mut call = chat("openai", "scripted-1").start();
                call.usage(Usage::new(500, 150)).finish("stop");
                tool("search").start().end();
            });
            run.end();
        }
        assert!(trace.shutdown(DEADLINE).is_complete());
        let told = points(&collector.metrics.try_recv().expect("it was measured"));
        let calls = named(&told, "gen_ai.invoke_agent.inference_calls");
        assert!(calls.len() == 1 && calls[0].whole().ends_with(" n=20 sum=20"), "{calls:?}");
        for point in &told {
            let is_for_whom =
                |word: &str| ["=s-", "=u-", "=c-", "=t-"].iter().any(|id| word.contains(id));
            assert!(!point.about.split(' ').any(is_for_whom), "{point:?}");
        }
        let sent = format!("{:?}", collector.traces.try_iter().collect::<Vec<_>>());
        let spans = if sample_rate > 0.0 { 3 } else { 0 };
        // The page and the conventions have a name each for sessions and users.
        for (text, names) in [("s-7", 2), ("u-7", 2), ("c-7", 1), ("t-7", 1)] {
            let quoted = format!("StringValue(\"{text}\")");
            assert_eq!(sent.matches(&quoted).count(), spans * names, "{text}");
        }
    }
}

#[traced(crate = exo_trace_std, tool)]
fn calculate() -> i64 {
    Span::current().set_status(Status::error("32768 * is no number"));
    0
}

#[traced(crate = exo_trace_std, agent = "researcher", attributes(gen_ai.request.model = "m"))]
fn research() {
    Span::current().set_attribute("gen_ai.usage.input_tokens", 1_000_000);
    let _step = span_sync!("step");
    // Of the step, which is no agent.
    Span::current().set_status(Status::error("begun anew"));
    {
        let _part = span_sync!("part");
        assert_eq!(calculate(), 0);
    }
    Span::current().set_attribute("gen_ai.usage.input_tokens", 7);
}

#[test]
fn what_functions_say_of_the_current_span_counts_at_any_sample_rate() {
    let _alone = alone();
    let price = Price { input: 1.0, output: 1.0, ..Price::default() };
    let at_rate = |sample_rate| {
        let collector = Collector::start();
        let config = TraceConfig::new("stories").endpoint(&collector.endpoint);
        let config = config.prices(PriceTable::new().model("m", price)).sample_rate(sample_rate);
        let trace = init(config).expect("nothing records yet");
        research();
        assert!(trace.shutdown(DEADLINE).is_complete());
        let told = points(&collector.metrics.try_recv().expect("it was measured"));
        let about = |name| {
            let points = named(&told, name);
            assert_eq!(points.len(), 1, "{name}");
            points[0].about.clone()
        };
        let durations = ["gen_ai.execute_tool.duration", "gen_ai.invoke_agent.duration"];
        (trace.cost().to_string(), durations.map(about))
    };
    let (cost, about) = at_rate(1.0);
    assert!(cost.contains("$1.00") && about[0].contains("error.type="), "{cost}{about:?}");
    assert!(!about[1].contains("error.type="), "{about:?}");
    assert_eq!(at_rate(0.0), (cost, about));
}
