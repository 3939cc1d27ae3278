//! The picture of the first screen, made of real spans: names, figures and costs come from what they
//! say, times from a script.

use super::render::{Row, Style, render_line, render_tree};
use super::row_of::row_of;
use super::tokens::sums;
use crate::pipeline::alone;
use crate::{Price, PriceTable, SpanData, TraceBackend, TraceConfig, init};
use exo_trace_std::{
    AgentRun, Span, Status, TraceFuture, Value, attributes, record_agent_run, span_async, span_sync,
};
use std::future::pending;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

/// When each span begins and how long it lasts, in microseconds.
const TIMES: [(u64, u64); 14] = [
    (0, 1_312_000),
    (0, 243_000),
    (3_000, 238_000),
    (245_000, 401_000),
    (245_200, 13_000),
    (245_300, 9_100),
    (245_400, 900),
    (259_000, 385_000),
    (646_000, 141_000),
    (646_200, 2_200),
    (646_300, 41),
    (646_400, 140_000),
    (790_000, 522_000),
    (791_000, 520_000),
];

/// A call: its place in the script, and what it used.
fn chat(above: &Span, place: i64, input: i64, output: i64, first: f64) -> Span {
    let chat = above.child(
        "chat scripted-1",
        attributes! {
            place,
            gen_ai.operation.name = "chat",
            gen_ai.request.model = "scripted-1",
            gen_ai.usage.input_tokens = input,
            gen_ai.usage.output_tokens = output,
            gen_ai.usage.reasoning.output_tokens = output / 2,
        },
    );
    chat.set_attribute("gen_ai.response.time_to_first_chunk", first);
    chat
}

fn tool(above: &Span, name: &'static str, place: i64, result: &str) -> Span {
    let tool = above.child(
        name,
        attributes! {
            place,
            gen_ai.operation.name = "execute_tool",
        },
    );
    if !result.is_empty() {
        tool.set_attribute("exo.tool.result", result);
    }
    tool
}

/// What a run of the research agent leaves.
fn research() {
    // The agent's own account of the run counts no token twice.
    let agent = Span::start(
        "invoke_agent researcher",
        attributes! {
            place = 0,
            gen_ai.operation.name = "invoke_agent",
            gen_ai.agent.name = "researcher",
            gen_ai.usage.input_tokens = 1_962,
            gen_ai.usage.output_tokens = 243,
        },
    );
    let plan = agent.child("plan", attributes! { place = 1 });
    chat(&plan, 2, 418, 46, 0.121).end();
    plan.end();
    let step = agent.child("step 1", attributes! { place = 3 });
    tool(&step, "execute_tool search", 4, "\"ring full\": 7 hits").end();
    tool(&step, "execute_tool search", 5, "\"refused\": 4 hits").end();
    let missing = tool(&step, "execute_tool read_file", 6, "");
    missing.set_attribute("error.type", "not_found");
    missing.set_status(Status::error("NOTES.md"));
    missing.end();
    chat(&step, 7, 702, 61, 0.140).end();
    step.end();
    let step = agent.child("step 2", attributes! { place = 8 });
    tool(&step, "execute_tool read_file", 9, "DESIGN.md, 13.2 kB").end();
    tool(&step, "execute_tool calculator", 10, "32768 * 8 = 262144").end();
    abandoned(&step);
    step.end();
    let answer = agent.child("answer", attributes! { place = 12 });
    let last = chat(&answer, 13, 842, 136, 0.096);
    last.set_attribute("exo.stream.items", 41);
    last.end();
}

/// Drops a tool that is not done.
fn abandoned(above: &Span) {
    let tool = attributes! {
        place = 11,
        gen_ai.operation.name = "execute_tool",
        exo.tool.deadline_ms = 140,
    };
    // Its span begins where it is called: below what is current then.
    let call = async { span_async("execute_tool index_all", tool, pending::<()>()).await };
    let tool = pin!(call.in_span(above));
    assert_eq!(tool.poll(&mut Context::from_waker(Waker::noop())), Poll::Pending);
}

/// Returns the spans of a run by the prices that the example shows.
fn spans(run: impl FnOnce()) -> Vec<SpanData<'static>> {
    let price = Price { input: 0.75, output: 6.0, ..Price::default() };
    let config = TraceConfig::new("test").backend(TraceBackend::Memory);
    let trace = init(config.prices(PriceTable::new().model("scripted-*", price))).unwrap();
    run();
    assert!(trace.flush(DEADLINE).is_complete());
    trace.memory().unwrap().spans()
}

fn rows(spans: &[SpanData<'_>]) -> Vec<Row> {
    let row = |(span, sum): (&SpanData<'_>, _)| {
        let Some(Value::I64(place)) = span.attribute("place") else { panic!("{span}") };
        let (start, duration) = TIMES[place as usize];
        let (start_unix_nano, duration_nanos) = (start * 1_000, duration * 1_000);
        Row { start_unix_nano, duration_nanos, ..row_of(span, sum, false) }
    };
    spans.iter().zip(sums(spans)).map(row).collect()
}

#[test]
fn the_spans_of_a_run_give_the_first_screen_to_the_letter() {
    let _alone = alone();
    let rows = rows(&spans(research));
    let drawn = render_tree(&rows, &Style { columns: 104, color: false });
    let path = "/tests/traces/first_screen_104.txt";
    let wanted = std::fs::read_to_string(env!("CARGO_MANIFEST_DIR").to_owned() + path).unwrap();
    assert!(drawn == wanted, "drawn:\n{drawn}\nwanted:\n{wanted}");
}

#[test]
fn a_line_has_what_its_own_span_knows() {
    let _alone = alone();
    let spans = spans(research);
    let line = |name: &str| {
        let span = spans.iter().rfind(|span| span.name() == name).unwrap();
        let row = Row { duration_nanos: 520_000_000, ..row_of(span, None, false) };
        render_line(&row, "4bf92f3577b34da6", &Style { columns: 100, color: false })
    };
    assert_eq!(
        [line("chat scripted-1"), line("invoke_agent researcher")].concat(),
        "\
4bf92f35  chat scripted-1                   520 ms  842 → 136  ttft 96 ms  41 ch.  $0.0014
4bf92f35  invoke_agent researcher           520 ms  $0.0029
"
    );
}

#[test]
fn a_call_around_the_call_of_a_client_library_is_summed_once() {
    let _alone = alone();
    let spans = spans(|| {
        let run = Span::start("run", ());
        let ours = chat(&run, 0, 500, 20, 0.1);
        chat(&ours, 1, 500, 20, 0.1).end();
        ours.end();
        run.end();
    });
    let root = spans.iter().position(|span| span.name() == "run").unwrap();
    let sum = sums(&spans)[root].unwrap();
    assert_eq!((sum.input, sum.output), (500, Some(20)));
}

#[test]
fn a_call_around_other_work_is_summed_with_the_calls_in_it() {
    let _alone = alone();
    let spans = spans(|| {
        let run = Span::start("run", ());
        let around_tool = chat(&run, 0, 500, 20, 0.1);
        let tool = tool(&around_tool, "tool", 1, "");
        chat(&tool, 2, 100, 3, 0.1).end();
        tool.end();
        around_tool.end();
        let around_lookup = chat(&run, 3, 500, 20, 0.1);
        let lookup = attributes! { gen_ai.operation.name = "embeddings" };
        let lookup = around_lookup.child("embeddings", lookup);
        lookup.set_attribute("gen_ai.usage.input_tokens", 10);
        lookup.end();
        around_lookup.end();
        run.end();
    });
    let root = spans.iter().position(|span| span.name() == "run").unwrap();
    let sum = sums(&spans)[root].unwrap();
    assert_eq!((sum.input, sum.output), (1_110, Some(43)));
}

#[test]
fn a_run_recorded_beside_its_calls_is_added_to_nothing() {
    let _alone = alone();
    let used = |agent_name, elapsed_ms| AgentRun {
        agent_name,
        prompt_tokens: 500,
        output_tokens: 20,
        elapsed_ms,
        ..Default::default()
    };
    let spans = spans(|| {
        let run = Span::start("run", ());
        let operation = attributes! { gen_ai.operation.name = "invoke_agent" };
        let hosted = run.child("hosted", operation);
        chat(&run, 0, 500, 20, 0.1).end();
        run.in_scope(|| {
            record_agent_run(used("beside", 60_000.0));
            record_agent_run(used("alone", 0.0));
        });
        hosted.set_attribute("gen_ai.usage.input_tokens", 7);
        hosted.end();
    });
    let sum = |name: &str| {
        let place = spans.iter().position(|span| span.name() == name).unwrap();
        sums(&spans)[place].map(|sum| sum.input)
    };
    assert_eq!(sum("run"), Some(1_007), "the call, who has none beside it, and who ran meanwhile");
    assert_eq!((sum("invoke_agent beside"), sum("hosted")), (Some(500), Some(7)));
}

#[test]
fn a_workflow_and_a_count_below_zero_are_in_no_sum() {
    let _alone = alone();
    let spans = spans(|| {
        let run = Span::start("run", ());
        let flow = run.child("flow", attributes! { gen_ai.operation.name = "invoke_workflow" });
        flow.set_attribute("gen_ai.usage.input_tokens", 7_000);
        flow.end();
        chat(&run, 0, -500, 20, 0.1).end();
        chat(&run, 1, 500, 20, 0.1).end();
        run.end();
    });
    let sums = sums(&spans);
    let sum = |name: &str| sums[spans.iter().position(|span| span.name() == name).unwrap()];
    assert_eq!(sum("flow"), None);
    assert_eq!(sum("run").map(|sum| (sum.input, sum.output)), Some((500, Some(40))));
}

#[test]
fn calls_are_summed_for_whoever_stands_above_them() {
    let _alone = alone();
    let spans = spans(|| {
        let _run = span_sync!("run", arg.topic = "rings");
        let _agent = span_sync!("agent", gen_ai.operation.name = "invoke_agent");
        let _step = span_sync!("step");
        drop(span_sync!(
            "embed",
            gen_ai.operation.name = "embeddings",
            gen_ai.request.model = "scripted-1",
            gen_ai.usage.input_tokens = 2_000,
        ));
        let _failed =
            span_sync!("refused", gen_ai.operation.name = "chat", gen_ai.usage.output_tokens = 5,);
        _failed.record_error("too many requests");
    });
    let facts = |name: &str| {
        let place = spans.iter().position(|span| span.name() == name).unwrap();
        row_of(&spans[place], sums(&spans)[place], false).facts.whole()
    };
    assert_eq!(facts("embed"), "2,000 tok  $0.0015");
    assert_eq!(facts("agent"), "2,000 → 5 tok  $0.0015");
    assert_eq!(facts("run"), "topic=\"rings\"  2,000 → 5 tok  $0.0015");
    assert_eq!(facts("step"), "");
    assert!(facts("refused").ends_with("too many requests"), "{}", facts("refused"));
}
