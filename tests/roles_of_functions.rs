//! A function that is a tool, an agent or a chain says so in its span, whatever its shape.
#![cfg(feature = "enabled")]

use exo_trace::testing::{capture, capture_async};
use exo_trace::{Outcome, Span, Status, Value, traced};
use futures::stream::{self, BoxStream, Stream, StreamExt};

#[traced(tool)]
fn search(query: &str) -> Result<usize, String> {
    if query.is_empty() { Err("an empty query".to_owned()) } else { Ok(query.len()) }
}

#[traced(tool = "web_fetch", attributes(depth = 2))]
async fn fetch() -> u32 {
    7
}

#[traced(tool)]
fn lines() -> impl Stream<Item = u32> {
    stream::iter([1, 2])
}

#[traced(tool)]
fn follow() -> impl Stream<Item = Result<u32, String>> {
    stream::iter([Ok(1), Err("connection reset".to_owned()), Err("again".to_owned())])
}

#[traced(tool, stream)]
async fn tail() -> Result<BoxStream<'static, u32>, String> {
    Ok(stream::iter([1]).boxed())
}

#[traced(agent = "researcher")]
async fn research() {
    assert_eq!(search("ring").ok(), Some(4));
    answer().await;
}

#[traced(chain)]
async fn answer() {
    Span::current().set_attribute("cited", 2);
}

#[traced(tool)]
async fn index_all() {
    std::future::pending().await
}

/// A tool whose value says that it failed.
#[traced(tool)]
fn calculate() -> i64 {
    Span::current().set_status(Status::error("32768 * is no number"));
    0
}

#[tokio::test]
async fn an_agent_calls_tools_and_chains() {
    let trace = capture_async(research()).await;
    let text = r#"invoke_agent researcher gen_ai.operation.name="invoke_agent" exo.agent.name="researcher" gen_ai.agent.name="researcher" exo.agent.status="success"
  execute_tool search gen_ai.operation.name="execute_tool" exo.tool.name="search" gen_ai.tool.name="search" exo.tool.status="success"
  answer openinference.span.kind="CHAIN" cited=2
"#;
    assert_eq!(trace.to_text(), text);
}

#[tokio::test]
async fn every_shape_of_a_tool_says_how_it_came_out() {
    let trace = capture_async(async {
        assert!(search("").is_err());
        assert_eq!(fetch().await, 7);
        assert_eq!(lines().count().await, 2);
        assert_eq!(follow().count().await, 3);
        assert_eq!(tail().await.expect("it is there").count().await, 1);
        assert_eq!(calculate(), 0);
        tokio::select! {
            biased;
            () = index_all() => {}
            () = std::future::ready(()) => {}
        }
    })
    .await;
    let status = |name: &str| {
        let span = trace.named(name)[0];
        let text = |key| match span.attribute(key) {
            Some(Value::Text(text)) => text.to_owned(),
            _ => String::new(),
        };
        (text("exo.tool.status"), text("exo.tool.error"))
    };
    let said = |status: &str, error: &str| (status.to_owned(), error.to_owned());
    assert_eq!(status("execute_tool search"), said("error", "an empty query"));
    assert_eq!(status("execute_tool web_fetch"), said("success", ""));
    assert_eq!(status("execute_tool lines"), said("success", ""));
    assert_eq!(status("execute_tool follow"), said("error", "connection reset"));
    assert_eq!(status("execute_tool tail"), said("success", ""));
    assert_eq!(status("execute_tool calculate"), said("error", "32768 * is no number"));
    assert_eq!(status("execute_tool index_all"), said("cancelled", ""));
}

#[test]
fn a_tool_that_panics_has_failed() {
    #[traced(tool)]
    fn divide(by: u32) -> u32 {
        assert!(by > 0, "by nothing");
        1 / by
    }
    let trace = capture(|| assert!(std::panic::catch_unwind(|| divide(0)).is_err()));
    let span = trace.named("execute_tool divide")[0];
    assert_eq!(span.outcome(), Outcome::Panic);
    assert_eq!(span.attribute("exo.tool.status"), Some("error".into()));
}
