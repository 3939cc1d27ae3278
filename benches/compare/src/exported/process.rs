//! The processes that a comparison is made of: this program again, with other arguments.

use crate::contenders::Contender;
use crate::load::Load;
use crate::meter::Usage;
use crate::sink::Taken;
use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A collector in a process of its own, until it is asked what it took.
pub(crate) struct SinkProcess {
    child: Child,
    output: BufReader<ChildStdout>,
    pub(crate) endpoint: String,
}

impl SinkProcess {
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        let mut child = this_program().arg("sink").stdin(Stdio::piped()).spawn()?;
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
    let mut process = this_program();
    process.args([contender.name(), load.mix.name(), &spans, endpoint]);
    let output = process.spawn()?.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("{} ended with {}", contender.name(), output.status).into());
    }
    String::from_utf8(output.stdout)?.parse()
}

/// Without the variables that would change what a contender does.
///
/// The file that runs, not what its path names by now: a build in the middle of the rounds would put
/// another program among them.
fn this_program() -> Command {
    let mut program = Command::new("/proc/self/exe");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OTEL_") {
            program.env_remove(name);
        }
    }
    program.stdout(Stdio::piped());
    program
}
