//! The processes of one run: a collector, and a contender that sends to it.

use super::contenders::Contender;
use super::load::Load;
use super::meter::Usage;
use super::sink::Taken;
use crate::program;
use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};

/// A collector in a process of its own, until it is asked what it took.
pub(crate) struct SinkProcess {
    child: Child,
    output: BufReader<ChildStdout>,
    pub(crate) endpoint: String,
}

impl SinkProcess {
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        let mut child = program::again().arg("sink").stdin(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or("the sink has no output")?;
        let mut output = BufReader::new(output);
        let mut endpoint = String::new();
        output.read_line(&mut endpoint)?;
        Ok(Self { child, output, endpoint: endpoint.trim().to_owned() })
    }

    /// Ends it, and returns what it took.
    pub(crate) fn finish(mut self) -> Result<Taken, Box<dyn Error>> {
        drop(self.child.stdin.take());
        let mut line = String::new();
        self.output.read_to_string(&mut line)?;
        self.child.wait()?;
        line.parse()
    }
}

/// Runs a contender in a process of its own; its spans go to `endpoint`.
pub(crate) fn run(
    contender: Contender,
    load: &Load,
    endpoint: &str,
) -> Result<Usage, Box<dyn Error>> {
    let spans = load.spans.to_string();
    let mut process = program::again();
    process.args(["exported", contender.name(), load.mix.name(), &spans, endpoint]);
    let output = process.spawn()?.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("{} ended with {}", contender.name(), output.status).into());
    }
    String::from_utf8(output.stdout)?.parse()
}
