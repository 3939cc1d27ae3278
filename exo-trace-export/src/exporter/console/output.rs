//! How the console prints: where to, in which form, how wide.

use super::render::{Style, color_wanted, columns_wanted, render_figures};
use super::width;
use crate::Statistics;
use std::io::{self, IsTerminal, Write};

/// How the console backend prints.
///
/// ```
/// use exo_trace_export::exporter::Console;
///
/// let for_a_log = Console::stderr().lines();
/// let wide = Console::stdout().columns(160).attributes(true);
/// assert_ne!(for_a_log, wide);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Console {
    stream: Stream,
    form: Form,
    columns: Option<usize>,
    pub(super) has_attributes: bool,
    pub(super) has_progress: bool,
    has_figures: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Stdout,
    Stderr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Tree,
    Lines,
}

impl Default for Console {
    fn default() -> Self {
        Self::stdout()
    }
}

impl Console {
    /// Prints trees on standard output.
    pub fn stdout() -> Self {
        Self {
            stream: Stream::Stdout,
            form: Form::Tree,
            columns: None,
            has_attributes: false,
            has_progress: false,
            has_figures: true,
        }
    }

    /// Prints trees on standard error.
    pub fn stderr() -> Self {
        Self { stream: Stream::Stderr, ..Self::stdout() }
    }

    /// Prints a tree when a local root ends.
    pub fn tree(self) -> Self {
        Self { form: Form::Tree, ..self }
    }

    /// Prints one line for each span as it ends.
    pub fn lines(self) -> Self {
        Self { form: Form::Lines, ..self }
    }

    /// Prints so many columns wide, whatever the terminal says.
    pub fn columns(self, columns: usize) -> Self {
        Self { columns: Some(columns), ..self }
    }

    /// Prints every attribute, not only what matters for the kind of span.
    pub fn attributes(self, every: bool) -> Self {
        Self { has_attributes: every, ..self }
    }

    /// Prints a line for each span that ends while its trace is still under way, before the tree.
    pub fn progress(self, lines: bool) -> Self {
        Self { has_progress: lines, ..self }
    }

    /// Prints, at the end of `shutdown`, what [`Statistics`] has to say below the
    /// last tree: where the time went if that is known, how many spans there were, and what tracing
    /// them cost. It does unless told otherwise, once, and not where nothing was recorded.
    ///
    /// One line for each span stays what programs read: after [`Console::lines`] it never does.
    pub fn figures(self, lines: bool) -> Self {
        Self { has_figures: lines, ..self }
    }

    /// Tells whether figures stand below the last tree.
    pub(crate) fn wants_figures(&self) -> bool {
        self.has_figures && self.form == Form::Tree
    }

    /// Prints figures.
    pub(crate) fn print_figures(&self, statistics: &Statistics) -> io::Result<()> {
        self.write(&format!("\n{}", render_figures(&statistics.to_string(), &self.style())))
    }

    pub(super) fn form(&self) -> Form {
        self.form
    }

    /// Asks the terminal and the environment how to draw.
    pub(super) fn style(&self) -> Style {
        let is_terminal = match self.stream {
            Stream::Stdout => io::stdout().is_terminal(),
            Stream::Stderr => io::stderr().is_terminal(),
        };
        let width = match self.stream {
            Stream::Stdout => width::of_stdout(),
            Stream::Stderr => width::of_stderr(),
        };
        let variable = |name| std::env::var(name).ok();
        let columns = columns_wanted(self.columns.or(width), variable("COLUMNS").as_deref());
        let (no_color, term) = (variable("NO_COLOR"), variable("TERM"));
        Style { columns, color: color_wanted(is_terminal, no_color.as_deref(), term.as_deref()) }
    }

    /// Writes text out at once.
    pub(super) fn write(&self, text: &str) -> io::Result<()> {
        match self.stream {
            Stream::Stdout => write_all(io::stdout().lock(), text),
            Stream::Stderr => write_all(io::stderr().lock(), text),
        }
    }
}

fn write_all(mut to: impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}
