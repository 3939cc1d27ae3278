//! What an agent does is recorded even where nobody looks: for figures, and for no destination.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::instrumentation::{AgentRun, record_agent_run};
use exo_trace::{Span, TraceBackend, TraceConfig, Usage, agent, chat, init, span_sync, traced};
use std::time::Duration;

#[traced(tool)]
fn search() -> usize {
    drop(span_sync!("plain"));
    7
}

#[test]
fn typed_spans_of_an_unsampled_trace_are_recorded_and_nobody_gets_them() {
    let config = TraceConfig::new("stories").backend(TraceBackend::Memory).sample_rate(0.0);
    let trace = init(config).expect("nothing records yet");
    let _root = span_sync!("root");
    let run = agent("researcher").start();
    run.in_scope(|| {
        assert!(Span::current().span_context().is_some_and(|context| !context.is_sampled()));
        let mut call = chat("openai", "gpt-4o").start();
        call.usage(Usage::new(500, 150)).finish("stop");
        drop(call);
        assert_eq!(search(), 7);
        record_agent_run(AgentRun { agent_name: "writer", ..Default::default() });
    });
    run.end();
    assert!(trace.flush(Duration::from_secs(60)).is_complete());
    let statistics = trace.statistics();
    assert_eq!((statistics.recorded, statistics.unsampled), (4, 4), "{statistics}");
    assert!(trace.memory().expect("it was asked for").spans().is_empty());
    assert!(trace.losses().is_none(), "{}", trace.losses());
}
