//! Runs the contenders in turn, round after round, so that whatever the machine does meanwhile
//! touches all of them alike.

use super::contenders::Contender;
use super::load::{Load, Mix};
use super::meter::Usage;
use super::process::{self, SinkProcess};
use super::sink::Taken;
use crate::progress::{Part, Progress};
use std::error::Error;

/// One contender's run, and what arrived.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) recorded: u64,
    pub(crate) usage: Usage,
    pub(crate) taken: Taken,
}

/// All runs of one contender with the same attributes.
pub(crate) struct Measured {
    pub(crate) contender: Contender,
    pub(crate) mix: Mix,
    pub(crate) runs: Vec<Run>,
    pub(crate) failure: Option<String>,
}

impl Run {
    pub(crate) fn lost(&self) -> u64 {
        self.recorded.saturating_sub(self.taken.spans)
    }

    pub(crate) fn cpu_nanos(&self) -> f64 {
        self.usage.cpu_nanos as f64 / self.taken.spans as f64
    }

    pub(crate) fn peak_mib(&self) -> f64 {
        self.usage.peak_kib as f64 / 1024.0
    }
}

impl Measured {
    pub(crate) fn is_ours(&self) -> bool {
        self.contender == Contender::ExoTrace
    }

    pub(crate) fn lost(&self) -> u64 {
        self.runs.iter().map(Run::lost).sum()
    }
}

/// Measures every contender with each of the mixes; each run records its spans divided by `shorter`.
pub(crate) fn measure(
    mixes: &[Mix],
    rounds: usize,
    shorter: u64,
    progress: &Progress,
) -> Vec<Measured> {
    let steps = mixes.len() * rounds * Contender::ALL.len();
    let bar = progress.begin("spans exported over OTLP/gRPC", steps);
    let mut all = Vec::new();
    for mix in mixes {
        let mut measured = Contender::ALL.map(|contender| Measured {
            contender,
            mix: *mix,
            runs: Vec::new(),
            failure: None,
        });
        for _ in 0..rounds {
            for one in &mut measured {
                one.run(shorter, &bar);
            }
        }
        all.extend(measured);
    }
    bar.end();
    all
}

impl Measured {
    fn run(&mut self, shorter: u64, bar: &Part) {
        bar.step(self.contender.name());
        match run_once(self.contender, self.mix, shorter) {
            Ok(run) => self.runs.push(run),
            Err(error) => self.failure = Some(error.to_string()),
        }
    }
}

fn run_once(contender: Contender, mix: Mix, shorter: u64) -> Result<Run, Box<dyn Error>> {
    let load = Load { mix, spans: contender.spans() / shorter, pace: contender.pace() };
    let sink = SinkProcess::start()?;
    let usage = process::run(contender, &load, &sink.endpoint)?;
    Ok(Run { recorded: load.spans, usage, taken: sink.finish()? })
}
