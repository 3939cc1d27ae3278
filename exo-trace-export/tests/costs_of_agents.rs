//! What agents and their calls cost where spans lie within and beside each other: each call once.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace_export::{
    CostReport, Memory, Price, PriceTable, TraceBackend, TraceConfig, TraceGuard, init,
};
use exo_trace_std::instrumentation::{AgentRun, record_agent_run};
use exo_trace_std::{
    Context, Span, Usage, Value, agent, attributes, chat, embeddings, span_sync, tool,
};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

/// Recording is the process's: one story at a time.
struct Story {
    trace: TraceGuard,
    _alone: MutexGuard<'static, ()>,
}

impl Story {
    /// Begins one in which a million tokens cost a dollar.
    fn begin() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let price = Price { input: 1.0, output: 1.0, ..Price::default() };
        let prices = PriceTable::new().model("model-*", price);
        let config = TraceConfig::new("costs").backend(TraceBackend::Memory).prices(prices);
        Self { trace: init(config).expect("nothing records yet"), _alone: alone }
    }

    fn told(&self) -> (&Memory, CostReport) {
        assert!(self.trace.flush(DEADLINE).is_complete());
        (self.trace.memory().expect("the memory backend"), self.trace.cost())
    }
}

fn cost_of(memory: &Memory, name: &str) -> Option<f64> {
    let spans = memory.named(name);
    let [span] = spans.as_slice() else { panic!("{} spans {name}", spans.len()) };
    match span.attribute("exo.cost.total_usd")? {
        Value::F64(cost) => Some(cost),
        other => panic!("{other:?}"),
    }
}

/// A call that used so many tokens, around other work.
fn call_around(model: &'static str, tokens: u64, work: impl FnOnce()) {
    let mut call = chat("openai", model).start();
    call.in_scope(work);
    call.usage(Usage::new(tokens, 0)).finish("stop");
}

fn call(model: &'static str, tokens: u64) {
    call_around(model, tokens, || ());
}

fn lookup(tokens: i64) {
    let lookup = embeddings("openai", "model-lookup").start();
    lookup.set_attribute("gen_ai.usage.input_tokens", tokens);
    lookup.end();
}

#[test]
fn a_call_around_other_work_has_a_bill_of_its_own() {
    let story = Story::begin();
    {
        let _run = span_sync!("run");
        call_around("model-around-lookup", 1_000_000, || lookup(10));
        call_around("model-around-tool", 1_000_000, || {
            let tool = tool("search").start();
            tool.in_scope(|| call("model-in-tool", 100));
            tool.end();
        });
        call_around("model-around-agent", 1_000_000, || {
            let agent = agent("inner").start();
            agent.in_scope(|| call("model-of-agent", 100));
            agent.end();
        });
        // One call, told three times.
        call_around("model-outer", 1_000, || {
            let _request = span_sync!("request");
            call_around("model-middle", 1_000, || call("model-inner", 1_000));
        });
    }
    let (memory, report) = story.told();
    for (name, cost) in [
        ("chat model-around-lookup", Some(1.0)),
        ("embeddings model-lookup", Some(0.000_01)),
        ("chat model-around-tool", Some(1.0)),
        ("chat model-in-tool", Some(0.000_1)),
        ("chat model-around-agent", Some(1.0)),
        ("invoke_agent inner", Some(0.000_1)),
        ("chat model-outer", None),
        ("chat model-middle", None),
        ("chat model-inner", Some(0.001)),
        ("run", Some(3.001_21)),
    ] {
        assert_eq!(cost_of(memory, name), cost, "{name}");
    }
    assert_eq!((report.total_usd, report.calls, report.runs), (3.001_21, 7, 1));
}

#[test]
fn a_tool_that_asks_a_model_on_another_thread_stands_between_the_calls() {
    let story = Story::begin();
    for _ in 0..50 {
        let _run = span_sync!("run");
        call_around("model-outer", 1_000, || {
            let tool = tool("search").start();
            let within = tool.in_scope(Context::current);
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    let _within = within.attach();
                    let _request = span_sync!("request");
                    call("model-inner", 1_000);
                });
            });
            tool.end();
        });
    }
    let (_, report) = story.told();
    assert_eq!((report.total_usd, report.calls, report.stray_calls), (0.1, 100, 0));
}

#[test]
fn an_agent_that_ran_while_others_called_has_its_own_bill() {
    let story = Story::begin();
    {
        let _run = span_sync!("run");
        let mut hosted = agent("hosted").model("model-hosted").start();
        call("model-sibling", 100);
        hosted.usage(Usage::new(1_000_000, 0));
        hosted.end();
        // What was called goes on to whoever is recorded afterwards.
        record_agent_run(AgentRun {
            agent_name: "recorded",
            model: "model-recorded",
            prompt_tokens: 100,
            elapsed_ms: 60_000.0,
            ..Default::default()
        });
    }
    let (memory, report) = story.told();
    for (name, cost) in [
        ("invoke_agent hosted", 1.0),
        ("chat model-sibling", 0.000_1),
        ("invoke_agent recorded", 0.000_1),
        ("run", 1.000_1),
    ] {
        assert_eq!(cost_of(memory, name), Some(cost), "{name}");
    }
    let mut agents: Vec<_> =
        report.agents.iter().map(|agent| (agent.name.as_str(), agent.total_usd)).collect();
    agents.sort_by_key(|(name, _)| *name);
    assert_eq!(agents, [("hosted", 1.0), ("recorded", 0.000_1)]);
    assert_eq!((report.total_usd, report.calls), (1.000_1, 2));
}

#[test]
fn a_count_below_zero_is_no_count_and_a_workflow_has_no_tokens() {
    let story = Story::begin();
    {
        let _run = span_sync!("run");
        for (name, input, output) in [("half", -500, 100), ("nonsense", -500, -100)] {
            let operation = attributes! { gen_ai.operation.name = "chat" };
            let call = Span::start(name, operation);
            call.set_attribute("gen_ai.request.model", "model-1");
            call.set_attribute("gen_ai.usage.input_tokens", input);
            call.set_attribute("gen_ai.usage.output_tokens", output);
            call.end();
        }
        let _flow = span_sync!(
            "flow",
            gen_ai.operation.name = "invoke_workflow",
            gen_ai.request.model = "model-1",
            gen_ai.usage.input_tokens = 7_000,
        );
    }
    let (memory, report) = story.told();
    for (name, cost) in
        [("half", Some(0.000_1)), ("nonsense", None), ("flow", None), ("run", Some(0.000_1))]
    {
        assert_eq!(cost_of(memory, name), cost, "{name}");
    }
    assert_eq!((report.calls, report.calls_without_usage, report.cut_calls), (1, 1, 1));
}
