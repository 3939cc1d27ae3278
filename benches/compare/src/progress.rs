//! Says on standard error how far the rounds are: a bar for a terminal, else a line for each part.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

const STYLE: &str = "{elapsed:>5} {bar:24} {pos:>4}/{len} {prefix}: {msg}";
const REDRAW: Duration = Duration::from_millis(500);

/// Where it is said.
pub(crate) struct Progress {
    is_terminal: bool,
}

/// One part of a run.
pub(crate) struct Part {
    bar: ProgressBar,
    what: &'static str,
    since: Instant,
    is_terminal: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { is_terminal: std::io::stderr().is_terminal() }
    }

    /// Begins a part of so many steps.
    pub(crate) fn begin(&self, what: &'static str, steps: usize) -> Part {
        let bar =
            if self.is_terminal { ProgressBar::new(steps as u64) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        bar.set_prefix(what);
        if !self.is_terminal {
            eprintln!("{what}: {steps} steps");
        }
        Part { bar, what, since: Instant::now(), is_terminal: self.is_terminal }
    }
}

impl Part {
    /// Says what is done next. Drawn here and not by a thread, which would draw into a measurement.
    pub(crate) fn step(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        self.bar.inc(1);
    }

    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
        let took = self.since.elapsed().as_secs_f64();
        if self.is_terminal || took > REDRAW.as_secs_f64() {
            eprintln!("{}: {took:.0} s", self.what);
        }
    }
}
