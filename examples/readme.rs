//! One agent, one tool called twice at the same time, and both are seen: the README's program.
//!
//! ```text
//! 1 and 5 lines speak of liability
//!
//! trace a90b6dc13cf68fb5541a7bea52c22d14
//! research                 213 µs  ████████████████████████ topic="liability"
//! ├─ execute_tool search   206 µs  ███████████████████████▉
//! └─ execute_tool search   131 µs          ███████████████▋
//!
//! time      tools 97 % · own code 3 %
//! spans     3 recorded = 3 delivered + 0 lost · 0 errors · 0 cancelled
//! cost      tracing took 0.1 µs on your threads and 30.5 µs on its own: 14.38 % of this run
//! ```

use exo_trace::{TraceBackend, TraceConfig, traced};

#[traced(extract_args)]
async fn research(topic: &str) -> std::io::Result<String> {
    let (mit, apache) = tokio::join!(search("LICENSE-MIT", topic), search("LICENSE-APACHE", topic));
    Ok(format!("{} and {} lines speak of {topic}", mit?, apache?))
}

#[traced(tool)]
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
