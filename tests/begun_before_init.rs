//! A span that began before `init` is not there for what begins inside it afterwards.
#![cfg(feature = "enabled")]

mod laws;

use exo_trace::{Span, TraceBackend, TraceConfig, agent, init, span_async, span_sync};
use futures::executor::block_on;
use std::time::Duration;

#[test]
fn what_runs_inside_a_span_from_before_init_is_recorded() {
    let (plain, run) = (Span::start("too early", ()), agent("too early").start());
    let waiting = run.instrument(span_async!("waited", async {}));
    let config = TraceConfig::new("stories").backend(TraceBackend::Memory);
    let trace = init(config).expect("nothing records yet");
    {
        let _now = span_sync!("now");
        plain.in_scope(|| drop(span_sync!("in plain")));
        run.in_scope(|| agent("").start().end());
        block_on(plain.instrument(span_async!("polled in plain", async {})));
        plain.child("of plain", ()).end();
        run.child("of run", ()).end();
        block_on(waiting);
    }
    assert!(trace.flush(Duration::from_secs(60)).is_complete());
    let tree = "now
  in plain
  invoke_agent gen_ai.operation.name=\"invoke_agent\" exo.agent.status=\"success\"
  polled in plain
  of plain
  of run
  waited
";
    assert_eq!(laws::tree_of(trace.memory().expect("the memory backend")), tree);
    assert_eq!(trace.losses().before_init, 2, "the two spans themselves");
    assert!(trace.shutdown(Duration::from_secs(60)).is_complete());
}
