//! One agent, one tool called twice at the same time, and both are seen: the README's program.
//!
//! ```text
//! 1 and 5 lines speak of liability
//!
//! trace e3382043165b4b668de48962103b03c1
//! research                 413 µs  ████████████████████████ topic="liability"
//! ├─ execute_tool search   390 µs   ██████████████████████▊ file="LICENSE-MIT"
//! └─ execute_tool search   284 µs        ████████████████▊  file="LICENSE-APACHE"
//! ```

use exo_trace::{TraceBackend, TraceConfig, traced};

#[traced(extract_args)]
async fn research(topic: &str) -> std::io::Result<String> {
    let (mit, apache) = tokio::join!(search("LICENSE-MIT", topic), search("LICENSE-APACHE", topic));
    Ok(format!("{} and {} lines speak of {topic}", mit?, apache?))
}

#[traced(name = "execute_tool search", extract_args, skip(topic))]
async fn search(file: &str, topic: &str) -> std::io::Result<usize> {
    let text = tokio::fs::read_to_string(file).await?;
    Ok(text.lines().filter(|line| line.to_lowercase().contains(topic)).count())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _trace = exo_trace::init(TraceConfig::new("my-agent").backend(TraceBackend::Console))?;
    println!("{}", research("liability").await?);
    Ok(())
}
