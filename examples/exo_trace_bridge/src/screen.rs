//! What a person sees while it runs: one line on a terminal. Nobody may be listening: that stops nothing.

use exo_trace::device::BridgeStatistics;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use std::io::{self, Write};

pub(crate) struct Screen {
    /// Draws nothing where standard error is no terminal.
    bar: ProgressBar,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}");
        // The template above is a right one.
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Self { bar }
    }

    pub(crate) fn show(&self, statistics: &BridgeStatistics) {
        if !self.bar.is_hidden() {
            self.bar.set_message(format!("{}, {statistics}", HumanBytes(statistics.bytes)));
            self.bar.tick();
        }
    }

    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

pub(crate) fn print(what: &str) {
    let _ = writeln!(io::stdout(), "{what}");
}

pub(crate) fn complain(what: &str) {
    let _ = writeln!(io::stderr(), "exo-trace-bridge: {what}");
}
