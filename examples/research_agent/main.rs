//! An agent that researches a directory: it plans, calls tools side by side, and streams an answer.
//!
//! `research_agent [QUESTION…] [--dir DIR]`; see `--help`. Without `OPENAI_BASE_URL` a scripted
//! model on a loopback port takes the part of a real one. Each model call and each tool is a span,
//! and the tree of them is printed when the answer is there. With `OTEL_EXPORTER_OTLP_ENDPOINT` set
//! they go to that collector as well.

mod agent;
mod arguments;
mod conversation;
mod endpoint;
mod library;
mod model;
mod passages;
mod reply;
mod screen;
mod scripted_model;
mod spans;
mod tools;
mod words;

use agent::Agent;
use arguments::{Arguments, HELP};
use endpoint::Endpoint;
use library::Library;
use model::Model;
use screen::Screen;
use scripted_model::{Pace, ScriptedModel};
use spans::{LastLine, Spans};
use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tools::Toolbox;

/// How long the program waits for its spans to be delivered.
const DELIVERY: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> ExitCode {
    match obey().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where nobody reads standard error, the exit code still says it.
            let _ = writeln!(io::stderr(), "research_agent: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn obey() -> Result<(), Box<dyn Error>> {
    let arguments = std::env::args_os().skip(1);
    let arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
    match Arguments::parse(arguments)? {
        Arguments::Help => Ok(io::stdout().write_all(HELP.as_bytes())?),
        Arguments::Research { question, directory } => {
            let library = match directory {
                Some(directory) => Library::open(&directory)?,
                None => Library::open_top(Path::new(env!("CARGO_MANIFEST_DIR")))?,
            };
            run(&question, library).await
        }
    }
}

async fn run(question: &str, library: Library) -> Result<(), Box<dyn Error>> {
    let spans = Spans::decide(|name| std::env::var(name).ok());
    let trace = exo_trace::init(spans.config.clone())?;
    let mut screen = Screen::stdout();
    let (endpoint, _scripted) = choose_model(&mut screen).await?;
    screen.begin("question")?;
    screen.stream(question)?;
    screen.remark(&extent(&library))?;
    let agent = Agent::new(Model::new(endpoint)?, Toolbox::new(Arc::new(library)));
    let result = agent.research(question, &mut screen).await;
    let shown = screen.close();

    // The end prints the tree with its figures below, and what became of the spans is known.
    let delivery = trace.shutdown_async(DELIVERY).await;
    let last = spans.last_line(trace.statistics().delivered, &delivery);
    let last = last.map_or(Ok(()), |last| show_last(&last, &mut screen));
    result?;
    Ok(shown.and(last)?)
}

fn extent(library: &Library) -> String {
    match (library.documents().len(), library.left_out()) {
        (1, 0) => "(1 file)".to_owned(),
        (files, 0) => format!("({files} files)"),
        (files, left_out) => format!("({files} files, {left_out} left out)"),
    }
}

/// Shows what a collector got, or how to send the spans of the next run to one.
fn show_last(last: &LastLine, screen: &mut Screen) -> io::Result<()> {
    match last {
        LastLine::Sent(words) => {
            screen.begin("sent")?;
            screen.stream(words)?;
        }
        LastLine::Next(command) => {
            screen.begin("next")?;
            screen.unbroken(command)?;
        }
    }
    screen.close()
}

/// Returns the endpoint that the environment names, or that of a scripted model, which lives as long as it is held.
async fn choose_model(
    screen: &mut Screen,
) -> Result<(Endpoint, Option<ScriptedModel>), Box<dyn Error>> {
    if let Some(endpoint) = Endpoint::from_variables(|name| std::env::var(name).ok())? {
        screen.line(&format!("{} answers at {}", endpoint.model, endpoint.base_url))?;
        return Ok((endpoint, None));
    }
    let scripted = ScriptedModel::start(Pace::LIFELIKE).await?;
    let address = scripted.address();
    screen.line(&format!(
        "no OPENAI_BASE_URL: a scripted model answers on {address} (it quotes what the tools find)"
    ))?;
    Ok((scripted.endpoint()?, Some(scripted)))
}
