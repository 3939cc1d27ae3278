//! What does tracing cost on this machine, and what do others charge for the same work?
//!
//! One command asks all of it: bursts on the calling thread against a floor and beside the rivals,
//! questions about the whole, spans exported over OTLP/gRPC, and memory. From the root of the repository:
//!
//! ```text
//! cargo run --release --manifest-path benches/compare/Cargo.toml              # all, some ten minutes
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --quick   # within two minutes
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- --write   # all, into BENCHMARKS.md
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- exported 9 # these alone, nine rounds
//! cargo run --release --manifest-path benches/compare/Cargo.toml -- steady 90  # memory, 90 million spans
//! ```
//!
//! It fails when a contender lost something or could not run; a goal that is missed is printed. For a
//! profiler, `compare sink` says its endpoint and takes spans until its input ends, `compare exported
//! <contender> <mix> <spans> <endpoint>` is one run, and `compare turns <contender> <beside|apart>` answers each line of
//! its input, a number of bursts, with a turn.

mod child;
mod contender;
mod contenders;
mod exported;
mod extent;
mod figures;
mod goals;
mod grid;
mod machine;
mod messages;
mod off;
mod packages;
mod pinned;
mod plot;
mod program;
mod progress;
mod report;
mod rounds;
mod spread;
mod table;
mod turn;
mod whole;

use contenders::Name;
use extent::Extent;
use figures::Figures;
use machine::Machine;
use pinned::Threads;
use progress::Progress;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;
use whole::Question;

const COMMAND: &str = "cargo run --release --manifest-path benches/compare/Cargo.toml";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["turns", name, threads] => {
            child::run(Name::named(name)?, Threads::named(threads)?).map(|()| ExitCode::SUCCESS)
        }
        ["whole", name, millis] => {
            let lasting = Duration::from_millis(millis.parse()?);
            Question::named(name)?.answer(lasting).map(|()| ExitCode::SUCCESS)
        }
        ["sink"] => exported::sink(),
        ["exported", contender, mix, spans, endpoint] => {
            exported::once(contender, mix, spans, endpoint)
        }
        ["exported"] => exported_only(extent::FULL.exported_rounds),
        ["exported", rounds] => exported_only(rounds.parse()?),
        ["steady"] => exported::steady(None),
        ["steady", millions] => exported::steady(Some(millions)),
        flags if flags.iter().all(|flag| ["--quick", "--write"].contains(flag)) => compare(flags),
        _ => Err(format!("unknown arguments {arguments:?}, expected --quick, --write, or nothing")
            .into()),
    }
}

/// Runs everything, prints the page and keeps it.
fn compare(flags: &[&str]) -> Result<ExitCode, Box<dyn Error>> {
    let machine = Machine::look();
    if let Some(warning) = machine.warning() {
        eprintln!("warning: {warning}");
    }
    let extent = if flags.contains(&"--quick") { &extent::QUICK } else { &extent::FULL };
    let figures = measure(extent, &Progress::new());
    let how = if flags.is_empty() {
        COMMAND.to_owned()
    } else {
        format!("{COMMAND} -- {}", flags.join(" "))
    };
    let page = table::page(&figures, &machine, &how);
    println!("{}", page.join("\n"));
    let directory = report::keep(&figures, &machine, &page)?;
    println!("\nwritten to {}: table.md, plot.svg, figures.json", directory.display());
    if flags.contains(&"--write") {
        report::publish(&directory, &page)?;
        println!("written to BENCHMARKS.md and benches/costs.svg");
    }
    Ok(ending(&figures))
}

/// Measures and prints what exported spans cost, and nothing else.
fn exported_only(rounds: usize) -> Result<ExitCode, Box<dyn Error>> {
    let exported = exported::measure(extent::FULL.mixes, rounds, 1, &Progress::new());
    println!("{}", exported::lines(&exported).join("\n"));
    let figures = Figures { exported, ..Figures::default() };
    Ok(ending(&figures))
}

/// Names who lost something or could not run; with one, the run is void.
fn ending(figures: &Figures) -> ExitCode {
    let complaints = figures.complaints();
    complaints.iter().for_each(|complaint| eprintln!("{complaint}"));
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn measure(extent: &Extent, progress: &Progress) -> Figures {
    let turns = rounds::run(&Name::ALL, Threads::Beside, extent.rounds, extent.bursts, progress);
    let compared: Vec<Name> = [Name::ExoTrace].into_iter().chain(Name::rivals()).collect();
    let apart =
        rounds::run(&compared, Threads::Apart, extent.rounds_apart, extent.bursts, progress);
    let apart = Some(Box::new(Figures { turns: apart, ..Figures::default() }));
    let answers = whole::ask(extent.answers, extent.lasting, progress);
    let exported =
        exported::measure(extent.mixes, extent.exported_rounds, extent.exported_shorter, progress);
    let off = extent.asks_off.then(|| {
        let part = progress.begin("instructions with spans and without", 1);
        part.step("ci/off.sh");
        let said = off::ask();
        part.end();
        said
    });
    Figures { turns, apart, exported, answers, off }
}
