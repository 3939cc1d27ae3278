//! What is skipped is a parameter.
use exo_trace::traced;

#[traced(extract_args, skip(tokn))]
fn run(topic: &str, token: &str) -> usize {
    topic.len() + token.len()
}

fn main() {}
