//! A worker as a process of its own that cannot outlive whoever started it.
//!
//! Its standard input stays open as long as the planner lives, and a worker stops at its end; one that
//! does not is killed.

use crate::Error;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// The variable that tells a worker where the librarian answers.
pub(crate) const LIBRARIAN: &str = "A2A_LIBRARIAN";
const START: Duration = Duration::from_secs(30);
const STOP: Duration = Duration::from_secs(15);

/// A worker that runs.
pub(crate) struct WorkerProcess {
    child: Child,
    pub(crate) url: String,
}

impl WorkerProcess {
    /// Starts a program and waits for the line that says where it answers. What the environment says of
    /// OpenTelemetry is meant for the planner: a worker sends its spans to `collector`.
    pub(crate) async fn start(
        program: &[String],
        collector: &str,
        librarian: &str,
    ) -> Result<Self, Error> {
        let (name, arguments) = program.split_first().ok_or("no program to start")?;
        let mut command = Command::new(name);
        let inherited = std::env::vars_os().map(|(name, _)| name);
        inherited.filter(|name| name.to_string_lossy().starts_with("OTEL_")).for_each(|name| {
            command.env_remove(name);
        });
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", collector).env(LIBRARIAN, librarian);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.args(arguments).spawn()?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut url = String::new();
        let line = timeout(START, BufReader::new(stdout).read_line(&mut url)).await;
        line.map_err(|_| format!("{name} said nothing for {START:?}, expected its URL"))??;
        match url.trim() {
            "" => Err(format!("{name} said nothing, expected its URL").into()),
            url => Ok(Self { child, url: url.to_owned() }),
        }
    }

    /// Returns the number that the system knows it by.
    pub(crate) fn id(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Ends its input, so that it delivers its spans and stops.
    pub(crate) async fn stop(mut self) -> Result<(), Error> {
        drop(self.child.stdin.take());
        let status = timeout(STOP, self.child.wait()).await??;
        if status.success() { Ok(()) } else { Err(format!("a worker ended: {status}").into()) }
    }
}
