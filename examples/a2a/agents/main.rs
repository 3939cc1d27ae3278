//! Three agents in three processes answer one question, and what they do is one trace.
//!
//! `a2a [--writer COMMAND] [QUESTION…]`. The planner starts this program twice more, as a librarian and
//! as a writer; they speak Agent2Agent over HTTP on loopback, and all spans come back to the planner:
//!
//! ```text
//! invoke_agent planner                    planner     9.2 ms  ████████████████
//! ├ plan                                  planner       3 µs  █
//! ├ invoke_agent librarian                planner     2.2 ms  ████
//! │ └ POST                                planner     2.1 ms  ████
//! │   └ POST /                            librarian   1.7 ms  ████              ada s-42
//! │     └ invoke_agent librarian          librarian   1.6 ms  ████
//! │       ├ execute_tool search           librarian   1.5 ms  ████              README.md: 1
//! …
//! trace 703e0a57748c8bba3f68a449b72bef1b: 25 spans of 3 processes, 1 root, 0 orphans, baggage on 25
//! ```
//!
//! The command of a writer in another language starts it instead of ours: it says where it listens in
//! one line, finds the librarian in `A2A_LIBRARIAN`, and stops when its standard input ends.

mod ask;
mod librarian;
mod message;
mod planner;
mod process;
mod serve;
mod trace;
mod writer;

use exo_trace::exporter::{Sender, Sent};
use exo_trace::{Protocol, TraceConfig};
use exo_trace_a2a::{Style, Tree};
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;
use tokio::runtime::Runtime;

/// Whatever goes wrong: nobody here does anything about it but say so.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

const QUESTION: &str = "What happens when a ring is full?";
const DELIVERY: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    match obey() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where nobody reads standard error, the exit code still says it.
            let _ = writeln!(io::stderr(), "a2a: {error}");
            ExitCode::FAILURE
        }
    }
}

fn obey() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1).peekable();
    let runtime = Runtime::new()?;
    match arguments.peek().map(String::as_str) {
        Some("--as-librarian") => return runtime.block_on(serve::serve(librarian::Librarian)),
        Some("--as-writer") => return runtime.block_on(serve::serve(writer::Writer)),
        _ => {}
    }
    let program = std::env::current_exe()?.to_string_lossy().into_owned();
    let librarian = [program.clone(), "--as-librarian".to_owned()];
    let mut writer = vec![program, "--as-writer".to_owned()];
    if arguments.next_if_eq("--writer").is_some() {
        let command = arguments.next().unwrap_or_default();
        writer = command.split_whitespace().map(str::to_owned).collect();
    }
    let question = arguments.collect::<Vec<_>>().join(" ");
    let question = if question.is_empty() { QUESTION } else { &question };

    let (answered, collector) = runtime.block_on(planner::run(question, &librarian, &writer))?;
    let tree = Tree::of(collector.requests());
    let is_colored = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let picture = tree.drawn(Style { columns: columns.unwrap_or(100), is_colored });
    writeln!(io::stdout(), "\n{picture}\n{tree}")?;
    pass_on(collector.bodies())?;
    if tree.is_whole() { answered } else { Err("the trace is not whole".into()) }
}

/// Says a line with a word before it.
pub(crate) fn say(what: &str, words: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{what:<10}{words}")
}

/// Sends everything to the collector that the environment names as well, and says what came of it.
fn pass_on(bodies: Vec<Vec<u8>>) -> Result<(), Error> {
    let named = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    if !named.iter().any(|name| std::env::var_os(name).is_some_and(|url| !url.is_empty())) {
        let endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317";
        return Ok(say("next", &format!("{endpoint} cargo run --release --example a2a"))?);
    }
    let mut sender = Sender::new(&TraceConfig::default())?;
    if sender.protocol() == Protocol::HttpJson {
        // What the agents sent is protobuf.
        sender = Sender::new(&TraceConfig::default().protocol(Protocol::HttpProtobuf))?;
    }
    for body in bodies {
        match sender.send(body, DELIVERY, |_| {}) {
            Sent::Accepted { rejected: 0, .. } => {}
            sent => return Err(format!("{}: {sent:?}", sender.endpoint()).into()),
        }
    }
    let (endpoint, protocol) = (sender.endpoint(), sender.protocol());
    Ok(say("sent", &format!("all spans to {endpoint} ({protocol}), accepted"))?)
}
