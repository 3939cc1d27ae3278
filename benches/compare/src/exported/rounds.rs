//! Runs the contenders in turn, round after round, so that whatever the machine does meanwhile
//! touches all of them alike.

use crate::contenders::Contender;
use crate::load::{Load, Mix};
use crate::process::{self, SinkProcess};
use crate::table::{self, Run};
use std::error::Error;
use std::process::ExitCode;

/// Fails when a span was lost or a goal missed.
pub(crate) fn run(rounds: usize) -> Result<ExitCode, Box<dyn Error>> {
    let mut is_sound = true;
    for mix in Mix::ALL {
        let mut runs = Contender::ALL.map(|contender| (contender, Vec::new()));
        for _ in 0..rounds.max(1) {
            for (contender, runs) in &mut runs {
                runs.push(run_once(*contender, mix)?);
            }
        }
        is_sound &= table::print(mix, &runs);
    }
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_once(contender: Contender, mix: Mix) -> Result<Run, Box<dyn Error>> {
    let load = Load { mix, spans: contender.spans() };
    let sink = SinkProcess::start()?;
    let usage = process::run(contender, &load, &sink.endpoint)?;
    Ok(Run { recorded: load.spans, usage, taken: sink.finish()? })
}
