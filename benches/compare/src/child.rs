//! A contender in a process of its own: it works when a line asks for a turn, and answers with one.
//!
//! Nobody's threads stand beside another's bursts, and no allocator is shared. Between its turns a
//! process waits for its input; what it then still does in the background is its own doing.

use crate::contender::{BARE, SPAN, TWO};
use crate::contenders::Name;
use crate::exported::memory_kib;
use crate::pinned::Threads;
use crate::program;
use crate::turn::{self, Turn};
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// Answers each line, a number of bursts, with a turn, until there is no more.
pub(crate) fn run(name: Name, threads: Threads) -> Result<(), Box<dyn Error>> {
    let mut contender = threads.around(|| name.set_up())?;
    if threads == Threads::Apart {
        // Asked of everybody, and only there.
        contender.ways.retain(|way| [BARE, SPAN, TWO].contains(&way.name));
    }
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lines() {
        let (ways, missing) = turn::take(&mut contender, line?.trim().parse()?);
        let turn = Turn { ways, missing, resident_kib: memory_kib("VmRSS:")? };
        writeln!(output, "{}", serde_json::to_string(&turn)?)?;
        output.flush()?;
    }
    Ok(())
}

/// Such a process, seen from the one that asks.
pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    pub(crate) fn start(name: Name, threads: Threads) -> Result<Self, Box<dyn Error>> {
        let arguments = ["turns", name.text(), threads.text()];
        let mut child = program::again().args(arguments).stdin(Stdio::piped()).spawn()?;
        let input = child.stdin.take().ok_or("it has no input")?;
        let output = BufReader::new(child.stdout.take().ok_or("it has no output")?);
        Ok(Self { child, input, output })
    }

    /// Asks for one turn and waits for it.
    pub(crate) fn turn(&mut self, bursts: usize) -> Result<Turn, Box<dyn Error>> {
        let mut line = String::new();
        let asked = writeln!(self.input, "{bursts}");
        if asked.is_err() || self.output.read_line(&mut line)? == 0 {
            return Err(format!("it ended with {}", self.child.wait()?).into());
        }
        Ok(serde_json::from_str(&line)?)
    }

    /// Lets it end.
    pub(crate) fn finish(self) -> Result<(), Box<dyn Error>> {
        let Self { mut child, input, output } = self;
        drop(input);
        let status = child.wait()?;
        drop(output);
        if status.success() { Ok(()) } else { Err(format!("it ended with {status}").into()) }
    }
}
