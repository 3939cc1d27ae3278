//! Every form of key and value that the grammar has.
#![deny(unused)]

use exo_trace::{Key, traced};

const AGENT_STEP: Key = Key::new("exo.agent.step");

#[traced(
    name = "research {topic}",
    attributes(
        source = "api",
        gen_ai.request.model = model,
        "my key" = -1.5,
        [AGENT_STEP] = 3,
        shown = %topic,
        told = ?limit,
        length = topic.len() + 1,
        topic,
    ),
    kind = "client",
)]
fn research(topic: &str, model: String, limit: Option<u8>) -> (String, Option<u8>) {
    (format!("{topic} {model}"), limit)
}

fn main() {
    let topic = "rust";
    assert_eq!(research(topic, "gpt-4o".to_owned(), None).0, "rust gpt-4o");
    let _span = exo_trace::span_sync!("step", exo.agent.step = 1, topic, size = topic.len(),);
}
