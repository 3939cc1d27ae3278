//! A key that almost is a known name is refused, with the name.
use exo_trace::traced;

#[traced(attributes(gen_ai.request.modle = "gpt-4o"))]
fn run() {
    let _span = exo_trace::span_sync!("x", exo.agent.nam = "a");
    let _ = exo_trace::attributes! { "genai.request.model" = "gpt-4o" };
}

fn main() {}
