//! Runs and steps that are recorded when they are over: true times, how they came out, what was wrong.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::instrumentation::{
    AgentRun, RunStatus, ToolStep, record_agent_run, record_tool_step,
};
use exo_trace::testing::capture;
use exo_trace::{Outcome, Trace, TraceBackend, TraceConfig, TraceGuard, init, span_sync};
use std::sync::LazyLock;
use std::time::Duration;

/// What counts the losses; it runs before anything is captured.
static TRACE: LazyLock<TraceGuard> = LazyLock::new(|| {
    let config = TraceConfig::new("recorded afterwards").backend(TraceBackend::Memory);
    init(config).expect("recording starts")
});

fn captured(f: impl FnOnce()) -> Trace {
    LazyLock::force(&TRACE);
    capture(f)
}

#[test]
fn a_run_ends_now_and_began_as_long_ago_as_was_measured() {
    let trace = captured(|| {
        let _root = span_sync!("root");
        record_agent_run(AgentRun {
            agent_name: "researcher",
            step: Some(1),
            model: "gpt-4o",
            prompt_tokens: 500,
            output_tokens: 150,
            elapsed_ms: 1_250.0,
            ..Default::default()
        });
    });
    let root = trace.named("root")[0];
    let run = trace.named("invoke_agent researcher")[0];
    assert_eq!(run.parent_span_id(), Some(root.span_id()));
    assert!(run.start_unix_nano() < root.start_unix_nano(), "it began before anyone looked");
    assert!(run.end_unix_nano() <= root.end_unix_nano());
    let off = run.duration().abs_diff(Duration::from_millis(1_250));
    assert!(off < Duration::from_millis(1), "{:?}", run.duration());
}

#[test]
fn what_is_known_is_written_and_nothing_else() {
    let trace = captured(|| {
        record_agent_run(AgentRun { agent_name: "worker", ..Default::default() });
        record_tool_step(ToolStep {
            tool_name: "search",
            status: "timeout".into(),
            call_id: "call_1",
            ..Default::default()
        });
        record_tool_step(ToolStep {
            tool_name: "read_file",
            error: Some("no such file"),
            ..Default::default()
        });
        record_agent_run(AgentRun { status: RunStatus::Cancelled, ..Default::default() });
        record_agent_run(AgentRun { status: RunStatus::Error, ..Default::default() });
    });
    let text = r#"invoke_agent worker gen_ai.operation.name="invoke_agent" exo.agent.name="worker" gen_ai.agent.name="worker" exo.agent.status="success"
execute_tool search gen_ai.operation.name="execute_tool" exo.tool.name="search" gen_ai.tool.name="search" gen_ai.tool.call.id="call_1" exo.tool.status="timeout"
execute_tool read_file [error] gen_ai.operation.name="execute_tool" exo.tool.name="read_file" gen_ai.tool.name="read_file" exo.tool.error="no such file" error.type="tool_error" exo.tool.status="error" status=error("no such file")
invoke_agent [cancelled] gen_ai.operation.name="invoke_agent" exo.agent.status="cancelled"
  · cancelled
invoke_agent [error] gen_ai.operation.name="invoke_agent" error.type="_OTHER" exo.agent.status="error" status=error
"#;
    assert_eq!(trace.to_text(), text);
}

#[test]
fn a_time_that_is_none_becomes_zero_and_is_counted() {
    let trace = captured(|| {
        for elapsed_ms in [-1.0, f64::NAN, f64::INFINITY] {
            record_tool_step(ToolStep { tool_name: "search", elapsed_ms, ..Default::default() });
        }
    });
    assert_eq!(TRACE.losses().times_refused, 3);
    assert_eq!(trace.spans().len(), 3);
    for step in trace.spans() {
        assert!(step.duration() < Duration::from_secs(1), "{:?}", step.duration());
        assert_eq!(step.outcome(), Outcome::Ended);
    }
}
