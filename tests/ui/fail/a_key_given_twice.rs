//! Each key stands once in a list.
use exo_trace::traced;

#[traced(attributes(source = "a", "source" = "b"))]
fn run() {}

#[traced(extract_args, attributes(arg.topic = 1))]
fn record(topic: &str) -> usize {
    topic.len()
}

fn main() {}
