//! The page's pipeline of four functions is one trace: three children, in order, below their root.
#![cfg(feature = "enabled")]

use exo_trace::testing::capture_async;
use exo_trace::{Trace, traced};
use std::collections::HashMap;
use std::time::Duration;

#[traced(name = "agent_pipeline", extract_args)]
async fn run_pipeline(input: String) -> String {
    let context = prepare_context(&input).await;
    let response = call_llm(context).await;
    execute_tools(response).await
}

#[traced(name = "prepare_context")]
async fn prepare_context(input: &str) -> HashMap<String, String> {
    HashMap::from([(String::from("question"), input.trim().to_owned())])
}

#[traced(name = "call_llm")]
async fn call_llm(context: HashMap<String, String>) -> String {
    tokio::task::yield_now().await;
    format!("word_count {}", context["question"])
}

#[traced(name = "execute_tools")]
async fn execute_tools(response: String) -> String {
    match response.split_once(' ') {
        Some(("word_count", text)) => text.split(' ').count().to_string(),
        _ => response,
    }
}

async fn captured() -> Trace {
    capture_async(async {
        assert_eq!(run_pipeline(String::from(" how full is a ring ")).await, "5");
    })
    .await
}

#[tokio::test]
async fn the_pipeline_is_the_golden_trace() {
    let golden = include_str!("traces/page_pipeline.txt");
    assert_eq!(captured().await.to_text(), golden);
}

#[tokio::test]
async fn the_steps_are_children_of_the_pipeline_one_after_the_other() {
    let trace = captured().await;
    let pipeline = trace.named("agent_pipeline")[0];
    let steps = trace.children_of(pipeline);
    let names: Vec<_> = steps.iter().map(|step| step.name()).collect();
    assert_eq!(names, ["prepare_context", "call_llm", "execute_tools"]);
    for pair in steps.windows(2) {
        assert!(pair[0].end_unix_nano() <= pair[1].start_unix_nano());
    }
    let total: Duration = steps.iter().map(|step| step.duration()).sum();
    assert!(total <= pipeline.duration(), "{total:?} of {:?}", pipeline.duration());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pipelines_side_by_side_do_not_mix() {
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..16 {
        running.spawn(captured());
    }
    while let Some(trace) = running.join_next().await {
        let golden = include_str!("traces/page_pipeline.txt");
        assert_eq!(trace.expect("no pipeline panics").to_text(), golden);
    }
}
