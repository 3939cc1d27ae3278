//! What statistics say of a process that only continues the traces of others.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace_export::{TraceBackend, TraceConfig, init};
use exo_trace_std::{Context, SpanContext, span_sync};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

#[test]
fn a_request_that_continues_another_process_s_trace_is_a_run() {
    let config = TraceConfig::new("service").backend(TraceBackend::Memory);
    let trace = init(config).expect("nothing records yet");
    for request in 1..=3 {
        let caller = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b{request}-01");
        let caller = SpanContext::from_traceparent(&caller).expect("it is valid");
        let _attached = Context::of(caller).attach();
        let _request = span_sync!("request");
        let _chat = span_sync!("chat", gen_ai.operation.name = "chat");
    }
    assert!(trace.flush(DEADLINE).is_complete());
    let spans = trace.memory().expect("it was asked for").spans();
    let requests = spans.iter().filter(|span| span.is_parent_remote());
    let of_requests: Duration = requests.map(|span| span.duration()).sum();
    let statistics = trace.statistics();
    // One after the other: no two of them overlap.
    assert_eq!(statistics.run_time, of_requests);
    assert!(statistics.model_time <= statistics.run_time && !of_requests.is_zero());
    assert!(statistics.to_string().contains("own code"), "{statistics}");
    assert!(trace.shutdown(DEADLINE).is_complete());
}
