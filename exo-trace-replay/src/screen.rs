//! What a person sees while it runs: a live bar on a terminal, else a line for each file.
//!
//! Sums go to standard output, all else to standard error. Nobody may be listening: that stops nothing.

use crate::sum::Sum;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

pub(crate) struct Screen {
    /// Draws nothing where standard error is no terminal.
    bar: ProgressBar,
    start: Instant,
    /// The last complaint: the same is not said twice in a row.
    complaint: RefCell<String>,
}

impl Screen {
    pub(crate) fn new(files: &[PathBuf]) -> Self {
        let bytes =
            files.iter().filter_map(|file| file.metadata().ok()).map(|found| found.len()).sum();
        let bar = ProgressBar::new(bytes);
        let style = ProgressStyle::with_template("{bar:16} {bytes}/{total_bytes} {wide_msg}");
        // The template above is a right one.
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, start: Instant::now(), complaint: RefCell::default() }
    }

    /// Shows that so many bytes more of the files are done.
    pub(crate) fn advance(&self, bytes: u64, lines: u64, sum: &Sum) {
        self.bar.inc(bytes);
        if self.bar.is_hidden() {
            return;
        }
        let sent = sum.accepted + sum.rejected;
        let rate = (sent as f64 / self.start.elapsed().as_secs_f64().max(0.001)) as u64;
        let [lines, spans, rate] = [lines, sent, rate].map(HumanCount);
        let mut message = format!("{lines} lines, {spans} spans, {rate}/s");
        for (count, what) in [(sum.rejected, "rejected"), (sum.failed, "failed")] {
            if count > 0 {
                message.push_str(&format!(", {} {what}", HumanCount(count)));
            }
        }
        self.bar.set_message(message);
    }

    /// Says what became of one file, where no bar says it.
    pub(crate) fn file_done(&self, file: &Path, lines: u64, sum: &Sum) {
        if self.bar.is_hidden() {
            print(&format!("{}: {lines} lines, {sum}", file.display()));
        }
    }

    pub(crate) fn complain(&self, what: &str) {
        if *self.complaint.borrow() != what {
            self.bar.suspend(|| complain(what));
            what.clone_into(&mut self.complaint.borrow_mut());
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
    let _ = writeln!(io::stderr(), "exo-trace-replay: {what}");
}
