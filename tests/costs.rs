//! What runs cost, by prices that the program gives: every call once, whoever made it and wherever.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::__private::begin_measured_named;
use exo_trace::exporter::FileExporter;
use exo_trace::instrumentation::{AgentRun, record_agent_run};
use exo_trace::{
    CostReport, Memory, Price, PriceTable, Span, SpanData, TraceBackend, TraceConfig, TraceGuard,
    Value, attributes, init, span_sync,
};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
/// A call of 1,000 tokens in and 100 out: 0.002 + 0.0008 dollars.
const CALL_USD: f64 = 0.0028;
const COST: &str = "exo.cost.total_usd";

fn prices() -> PriceTable {
    let price = Price { input: 2.0, output: 8.0, cached_input: Some(0.5), cache_write: Some(2.5) };
    PriceTable::new().model("model-*", price)
}

/// Recording is the process's: one story at a time.
struct Story {
    trace: TraceGuard,
    _alone: MutexGuard<'static, ()>,
}

impl Story {
    fn begin() -> Self {
        Self::sampled(1.0)
    }

    fn sampled(rate: f64) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let config = TraceConfig::new("costs").backend(TraceBackend::Memory).prices(prices());
        Self { trace: init(config.sample_rate(rate)).expect("it starts"), _alone: alone }
    }

    fn told(&self) -> (&Memory, CostReport) {
        assert!(self.trace.flush(DEADLINE).is_complete());
        (self.trace.memory().expect("the memory backend"), self.trace.cost())
    }
}

fn cost_of(memory: &Memory, name: &str) -> Option<f64> {
    let spans = memory.named(name);
    let [span] = spans.as_slice() else { panic!("{} spans {name}", spans.len()) };
    let mut said = span.attributes().filter(|(key, _)| *key == COST);
    let cost = said.next().map(|(_, cost)| match cost {
        Value::F64(cost) => cost,
        other => panic!("{other:?}"),
    });
    assert!(said.next().is_none(), "said once: {span}");
    cost
}

fn call(name: &'static str) -> Span {
    usual(Span::start(name, attributes! { gen_ai.operation.name = "chat" }))
}

/// A call as late facts say it.
fn usual(span: Span) -> Span {
    span.set_attribute("gen_ai.request.model", "model-1");
    span.set_attribute("gen_ai.usage.input_tokens", 1_000);
    span.set_attribute("gen_ai.usage.output_tokens", 100);
    span
}

#[test]
fn calls_agents_and_the_run_say_what_they_cost() {
    let story = Story::begin();
    {
        let _run = span_sync!("run");
        let _agent = span_sync!(
            "outer",
            gen_ai.operation.name = "invoke_agent",
            gen_ai.agent.name = "outer"
        );
        call("first call").end();
        let _step = span_sync!("step");
        let inner = span_sync!(
            "inner",
            gen_ai.operation.name = "invoke_agent",
            gen_ai.agent.name = "inner"
        );
        call("second call").end();
        call("third call").end();
        drop(inner);
        drop(span_sync!("tool", gen_ai.operation.name = "execute_tool"));
    }
    let (memory, report) = story.told();
    for (name, cost) in [
        ("first call", Some(CALL_USD)),
        ("inner", Some(2.0 * CALL_USD)),
        ("outer", Some(0.0084)),
        ("run", Some(0.0084)),
        ("step", None),
        ("tool", None),
    ] {
        assert_eq!(cost_of(memory, name), cost, "{name}");
    }
    assert_eq!((report.total_usd, report.calls, report.runs), (0.0084, 3, 1));
    assert_eq!((report.input_tokens, report.output_tokens), (3_000, 300));
    let agents = report.agents.iter().map(|agent| (agent.name.as_str(), agent.total_usd));
    assert_eq!(agents.collect::<Vec<_>>(), [("inner", 2.0 * CALL_USD), ("outer", CALL_USD)]);
    let models = report.models.iter().map(|model| (model.model.as_str(), model.calls));
    assert_eq!(models.collect::<Vec<_>>(), [("model-1", 3)]);
    assert_eq!(
        report.to_string(),
        "\
spent     $0.0084 for 3 calls · 3,000 → 300 tok
model     model-1  $0.0084 for 3 calls
agent     inner  $0.0056 for 2 calls
agent     outer  $0.0028 for 1 call
"
    );
}

#[test]
fn calls_on_other_threads_are_in_the_sums_above_them() {
    let story = Story::begin();
    const RUNS: usize = 200;
    for _ in 0..RUNS {
        let run = Span::start("run", ());
        let agent = run.child("agent", attributes! { gen_ai.operation.name = "invoke_agent" });
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let step = agent.child("step", ());
                    usual(step.child("call", attributes! { gen_ai.operation.name = "chat" })).end();
                    step.end();
                });
            }
        });
        agent.end();
        run.end();
    }
    let (memory, report) = story.told();
    for name in ["run", "agent"] {
        let spans = memory.named(name);
        assert_eq!(spans.len(), RUNS);
        for span in spans {
            assert_eq!(span.attribute(COST), Some(Value::F64(0.0084)), "{span}");
        }
    }
    assert_eq!((report.runs, report.stray_calls), (RUNS as u64, 0));
}

#[test]
fn a_call_that_ends_after_its_run_is_in_the_report_alone() {
    let story = Story::begin();
    let run = Span::start("run", ());
    let late = usual(run.child("late", attributes! { gen_ai.operation.name = "chat" }));
    usual(run.child("in time", attributes! { gen_ai.operation.name = "chat" })).end();
    run.end();
    assert!(story.trace.flush(DEADLINE).is_complete());
    late.end();
    let (memory, report) = story.told();
    assert_eq!(cost_of(memory, "run"), Some(CALL_USD));
    assert_eq!((report.total_usd, report.runs, report.stray_calls), (2.0 * CALL_USD, 1, 1));
}

#[test]
fn a_call_below_a_span_that_never_ends_is_outside_its_run() {
    let story = Story::begin();
    let run = Span::start("never ends", ());
    usual(run.child("call", attributes! { gen_ai.operation.name = "chat" })).end();
    assert_eq!(story.told().1.stray_calls, 0, "it may still end");
    assert!(story.trace.shutdown(DEADLINE).is_complete());
    assert_eq!((story.trace.cost().runs, story.trace.cost().stray_calls), (0, 1));
}

#[test]
fn cached_tokens_are_part_of_the_input_and_reasoning_is_part_of_the_output() {
    let story = Story::begin();
    let cached = call("cached");
    cached.set_attribute("gen_ai.usage.cache_read.input_tokens", 600);
    cached.set_attribute("gen_ai.usage.cache_write.input_tokens", 100);
    cached.set_attribute("gen_ai.usage.reasoning.output_tokens", 90);
    cached.end();
    let nonsense = call("nonsense");
    nonsense.set_attribute("gen_ai.usage.cache_read.input_tokens", 5_000);
    nonsense.end();
    let (memory, report) = story.told();
    // 300 × 2.0 + 600 × 0.5 + 100 × 2.5 + 100 × 8.0, and 1,000 × 0.5 + 100 × 8.0.
    assert_eq!(cost_of(memory, "cached"), Some(0.001_95));
    assert_eq!(cost_of(memory, "nonsense"), Some(0.001_3));
    assert_eq!(report.cut_calls, 1);
    let [model] = report.models.as_slice() else { panic!("{report}") };
    assert_eq!((model.input_tokens, model.output_tokens), (2_000, 200));
    assert_eq!((model.cached_input_tokens, model.cache_write_tokens), (1_600, 100));
}

#[test]
fn what_the_span_says_itself_is_believed_and_not_said_twice() {
    let story = Story::begin();
    {
        let _run = span_sync!("run");
        let billed = call("billed");
        billed.set_attribute(COST, 0.5);
        billed.end();
        // It sums up calls that nobody saw.
        let agent =
            usual(Span::start("summary", attributes! { gen_ai.operation.name = "invoke_agent" }));
        agent.set_attribute("gen_ai.agent.name", "summary");
        agent.end();
        // And this one calls that were seen.
        let agent =
            usual(Span::start("twice", attributes! { gen_ai.operation.name = "invoke_agent" }));
        usual(agent.child("seen", attributes! { gen_ai.operation.name = "chat" })).end();
        agent.end();
    }
    let (memory, report) = story.told();
    assert_eq!(cost_of(memory, "billed"), Some(0.5));
    assert_eq!(cost_of(memory, "summary"), Some(CALL_USD));
    assert_eq!(cost_of(memory, "twice"), Some(CALL_USD));
    assert_eq!(cost_of(memory, "run"), Some(0.5056));
    assert_eq!((report.total_usd, report.calls), (0.5056, 3));
}

#[test]
fn a_call_around_the_call_of_a_client_library_counts_once() {
    let story = Story::begin();
    for _ in 0..50 {
        let run = Span::start("run", ());
        let ours = usual(run.child("ours", attributes! { gen_ai.operation.name = "chat" }));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let request = ours.child("request", ());
                usual(request.child("theirs", attributes! { gen_ai.operation.name = "chat" }))
                    .end();
                request.end();
            });
        });
        ours.end();
        run.end();
    }
    let (memory, report) = story.told();
    for (name, cost) in [("run", Some(CALL_USD)), ("ours", None), ("theirs", Some(CALL_USD))] {
        let spans = memory.named(name);
        assert_eq!(spans.len(), 50);
        for span in spans {
            assert_eq!(span.attribute(COST), cost.map(Value::F64), "{span}");
        }
    }
    assert_eq!((report.calls, report.runs, report.stray_calls), (50, 50, 0));
    assert_eq!((report.input_tokens, report.calls_without_usage), (50_000, 0));
}

#[test]
fn a_run_recorded_beside_its_calls_takes_them_and_is_not_priced_again() {
    let story = Story::begin();
    let record = |agent_name, elapsed_ms| {
        record_agent_run(AgentRun {
            agent_name,
            model: "model-1",
            prompt_tokens: 1_000,
            output_tokens: 100,
            elapsed_ms,
            ..Default::default()
        });
    };
    {
        let _run = span_sync!("run");
        call("first").end();
        {
            let _step = span_sync!("step");
            call("second").end();
        }
        // Longer than any call took, on however loaded a machine.
        record("beside", 60_000.0);
        record("alone", 0.0);
        call("third").end();
        record("again", 60_000.0);
    }
    let (memory, report) = story.told();
    for (name, cost) in [
        ("first", CALL_USD),
        ("invoke_agent beside", 2.0 * CALL_USD),
        ("invoke_agent alone", CALL_USD),
        ("invoke_agent again", CALL_USD),
        ("run", 4.0 * CALL_USD),
    ] {
        assert_eq!(cost_of(memory, name), Some(cost), "{name}");
    }
    assert_eq!((report.total_usd, report.calls, report.runs), (4.0 * CALL_USD, 4, 1));
    let mut agents: Vec<_> =
        report.agents.iter().map(|agent| (agent.name.as_str(), agent.calls)).collect();
    agents.sort_unstable();
    assert_eq!(agents, [("again", 1), ("alone", 1), ("beside", 2)]);
}

#[test]
fn the_model_that_answered_has_the_price_and_a_refused_call_has_none() {
    let story = Story::begin();
    let call_of = |name: &'static str, asked: &str, answered: &str| {
        let span = call(name);
        span.set_attribute("gen_ai.request.model", asked);
        span.set_attribute("gen_ai.response.model", answered);
        span.end();
    };
    call_of("deployment", "my-deployment", "model-1-2026-01-01");
    call_of("alias", "model-1", "something-else");
    drop(span_sync!(
        "refused",
        gen_ai.operation.name = "chat",
        gen_ai.request.model = "model-1",
        error.type = "rate_limited",
    ));
    drop(span_sync!("tool", gen_ai.usage.input_tokens = 7));
    let (memory, report) = story.told();
    assert_eq!(cost_of(memory, "deployment"), Some(CALL_USD));
    assert_eq!(cost_of(memory, "alias"), Some(CALL_USD));
    assert_eq!((cost_of(memory, "refused"), cost_of(memory, "tool")), (None, None));
    assert_eq!((report.calls, report.calls_without_usage, report.unpriced_calls), (2, 1, 0));
}

#[test]
fn every_way_out_has_the_cost() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("spans.jsonl");
    let story = Story::begin();
    assert!(story.trace.shutdown(DEADLINE).is_complete());
    let file = FileExporter::new(&path);
    let config = TraceConfig::new("costs").backend(TraceBackend::Memory).prices(prices());
    let trace = init(config.exporter(file)).expect("it starts again");
    call("call").end();
    assert!(trace.shutdown(DEADLINE).is_complete());
    let written = std::fs::read_to_string(path).expect("a file");
    let attribute = r#"{"key":"exo.cost.total_usd","value":{"doubleValue":0.0028}}"#;
    assert!(written.contains(attribute), "{written}");
    let spans = trace.memory().expect("the memory backend").spans();
    let line = spans.first().map(SpanData::to_string).unwrap_or_default();
    assert!(line.contains(r#""exo.cost.total_usd":0.0028"#), "{line}");
}

#[test]
fn a_trace_that_is_not_sampled_costs_as_much() {
    let story = Story::sampled(0.0);
    for _ in 0..10 {
        let _plain = span_sync!("plain");
        let agent = attributes! {
            gen_ai.operation.name = "invoke_agent",
            gen_ai.agent.name = "unseen",
        };
        let _agent = begin_measured_named("agent", agent).enter();
        let call = attributes! {
            gen_ai.operation.name = "chat",
            gen_ai.request.model = "model-1",
            gen_ai.usage.input_tokens = 1_000,
            gen_ai.usage.output_tokens = 100,
        };
        drop(begin_measured_named("call", call).enter());
    }
    let (memory, report) = story.told();
    assert!(memory.spans().is_empty());
    assert_eq!((report.total_usd, report.calls, report.runs), (10.0 * CALL_USD, 10, 10));
    let agents = report.agents.iter().map(|agent| (agent.name.as_str(), agent.calls));
    assert_eq!(agents.collect::<Vec<_>>(), [("unseen", 10)]);
}

/// Not a test of its own: the program that the next one runs.
#[test]
fn the_program() {
    if std::env::var_os("EXO_TRACE_COSTS").is_none() {
        return;
    }
    let story = Story::begin();
    for _ in 0..3 {
        let unknown = call("unknown");
        unknown.set_attribute("gen_ai.request.model", "nobody-knows");
        unknown.end();
    }
    for number in 0..500 {
        let unknown = call("unknown");
        unknown.set_attribute("gen_ai.request.model", format!("made-up-{number}").as_str());
        unknown.end();
    }
    let (memory, report) = story.told();
    assert_eq!((report.calls, report.unpriced_calls, report.total_usd), (503, 503, 0.0));
    assert_eq!(memory.named("unknown")[0].attribute(COST), None, "no cost is not a cost of zero");
}

#[test]
fn an_unknown_model_is_said_once_by_its_name() {
    let program = std::env::current_exe().expect("this test's own path");
    let mut command = Command::new(program);
    command.args(["--exact", "the_program", "--nocapture"]).env("EXO_TRACE_COSTS", "1");
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("nobody-knows").count(), 1, "{said}");
    assert_eq!(said.matches("exo-trace: model").count(), 64, "{said}");
    assert_eq!(said.matches("further models").count(), 1, "{said}");
}
