//! Goes round over all contenders, turn after turn, so that whatever the machine does meanwhile
//! touches all of them alike.
//!
//! Only one of them works at a time. Each round begins with another one, so that nobody always comes
//! after the same. Every so often all processes are new: where a process has its stack and its rings is
//! luck, and some nanoseconds depend on it.

use crate::child::Process;
use crate::contenders::Name;
use crate::pinned::Threads;
use crate::progress::Progress;
use crate::turn::Turn;

/// What became of one contender.
pub(crate) struct Turns {
    pub(crate) name: Name,
    /// One for each round, in their order; none when it could not run.
    pub(crate) turns: Vec<Turn>,
    pub(crate) failure: Option<String>,
}

/// How many rounds a process lives.
const ROUNDS_EACH: usize = 10;

struct Runner {
    process: Option<Process>,
    threads: Threads,
    turns: Turns,
}

/// Runs so many rounds.
pub(crate) fn run(
    names: &[Name],
    threads: Threads,
    rounds: usize,
    bursts: usize,
    progress: &Progress,
) -> Vec<Turns> {
    let part = match threads {
        Threads::Beside => "bursts on the calling thread",
        Threads::Apart => "bursts, with their threads on another core",
    };
    let bar = progress.begin(part, rounds * names.len());
    let turns = |name| Turns { name, turns: Vec::new(), failure: None };
    let mut runners: Vec<Runner> =
        names.iter().map(|name| Runner { process: None, threads, turns: turns(*name) }).collect();
    for round in 0..rounds {
        if round % ROUNDS_EACH == 0 {
            runners.iter_mut().for_each(|runner| runner.renew(bursts));
        }
        let first = round % runners.len().max(1);
        let (before, from) = runners.split_at_mut(first);
        for runner in from.iter_mut().chain(before) {
            bar.step(runner.turns.name.text());
            if let Some(turn) = runner.turn(bursts) {
                runner.turns.turns.push(turn);
            }
        }
    }
    runners.iter_mut().for_each(Runner::end);
    bar.end();
    runners.into_iter().map(|runner| runner.turns).collect()
}

impl Runner {
    /// Ends its process and starts another, whose first turn is not looked at.
    fn renew(&mut self, bursts: usize) {
        self.end();
        if self.turns.failure.is_none() {
            let started = Process::start(self.turns.name, self.threads);
            self.process = started.map_err(|error| self.turns.failed(error.to_string())).ok();
            self.turn(bursts);
        }
    }

    fn turn(&mut self, bursts: usize) -> Option<Turn> {
        let turn = self.process.as_mut()?.turn(bursts);
        if turn.is_err() {
            self.process = None;
        }
        turn.map_err(|error| self.turns.failed(error.to_string())).ok()
    }

    fn end(&mut self) {
        if let Some(Err(error)) = self.process.take().map(Process::finish) {
            self.turns.failed(error.to_string());
        }
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
