//! Goes round over all contenders, turn after turn, so that whatever the machine does meanwhile
//! touches all of them alike.
//!
//! Only one of them works at a time. Each round begins with another one, so that nobody always comes
//! after the same.

use crate::child::Process;
use crate::contenders::Name;
use crate::progress::Progress;
use crate::turn::Turn;

/// What became of one contender.
pub(crate) struct Turns {
    pub(crate) name: Name,
    /// One for each round, in their order; none when it could not run.
    pub(crate) turns: Vec<Turn>,
    pub(crate) failure: Option<String>,
}

struct Runner {
    process: Option<Process>,
    turns: Turns,
}

/// Runs so many rounds; the first, in which every process is new, is left out.
pub(crate) fn run(names: &[Name], rounds: usize, bursts: usize, progress: &Progress) -> Vec<Turns> {
    let bar = progress.begin("bursts on the calling thread", (rounds + 1) * names.len());
    let mut runners: Vec<Runner> = names.iter().copied().map(Runner::start).collect();
    for round in 0..=rounds {
        let first = round % runners.len().max(1);
        let (before, from) = runners.split_at_mut(first);
        for runner in from.iter_mut().chain(before) {
            bar.step(runner.turns.name.text());
            runner.turn(bursts);
        }
        if round == 0 {
            runners.iter_mut().for_each(|runner| runner.turns.turns.clear());
        }
    }
    bar.end();
    runners.into_iter().map(Runner::finish).collect()
}

impl Runner {
    fn start(name: Name) -> Self {
        let mut turns = Turns { name, turns: Vec::new(), failure: None };
        let process = Process::start(name).map_err(|error| turns.failed(error.to_string())).ok();
        Self { process, turns }
    }

    fn turn(&mut self, bursts: usize) {
        let Some(process) = &mut self.process else { return };
        match process.turn(bursts) {
            Ok(turn) => self.turns.turns.push(turn),
            Err(error) => {
                self.turns.failed(error.to_string());
                self.process = None;
            }
        }
    }

    fn finish(self) -> Turns {
        let mut turns = self.turns;
        if let Some(Err(error)) = self.process.map(Process::finish) {
            turns.failed(error.to_string());
        }
        turns
    }
}

impl Turns {
    fn failed(&mut self, why: String) {
        self.turns.clear();
        self.failure = Some(why);
    }

    /// Returns how many spans were lost in all rounds.
    pub(crate) fn missing(&self) -> u64 {
        self.turns.iter().map(|turn| turn.missing).sum()
    }
}
