//! The progress lines: a label, then words that appear as the work goes on, wrapped at the terminal's width.
//!
//! Colour only where somebody watches. What a model or a tool says is stripped of control
//! characters first: a terminal obeys them.

use crate::tools::{ToolError, ToolOutput};
use std::io::{self, IsTerminal, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Where no terminal and no variable says how wide a line may be, and the widest that reads well.
const COLUMNS_MAX: usize = 100;
const COLUMNS_MIN: usize = 40;
const INDENT: usize = 10;
/// Of one tool's argument, what is shown.
const LABEL_CELLS_MAX: usize = 60;

/// How a piece of text looks on a terminal.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    Plain,
    Dim,
    Red,
    Yellow,
}

/// Lines on their way to a terminal or a pipe.
pub(crate) struct Screen {
    out: Box<dyn Write + Send>,
    is_coloured: bool,
    columns: usize,
    /// Cells taken on the current line, its label's among them.
    column: usize,
    /// Whether the next piece is the first behind a label or at the beginning of a line.
    is_fresh: bool,
    /// The beginning of a word whose end has not been streamed yet.
    word: String,
    /// Tools of the current step in the order of their calls; what finished early waits for its turn.
    finished: Vec<Option<Finished>>,
    shown: usize,
}

struct Finished {
    label: String,
    /// Why there is no result.
    mark: Option<(String, Style)>,
}

impl Screen {
    /// Writes to standard output, in colour if it is a terminal that can and `NO_COLOR` is unset.
    pub(crate) fn stdout() -> Self {
        let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let out = io::stdout();
        let is_able = std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb");
        let is_coloured = is_wanted && is_able && out.is_terminal();
        let terminal = terminal_size::terminal_size_of(&out);
        let terminal = terminal.map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0);
        let said = || std::env::var("COLUMNS").ok()?.trim().parse().ok();
        let columns = terminal.or_else(said).unwrap_or(COLUMNS_MAX);
        Self::new(Box::new(out), is_coloured, columns)
    }

    fn new(out: Box<dyn Write + Send>, is_coloured: bool, columns: usize) -> Self {
        Self {
            out,
            is_coloured,
            columns: columns.clamp(COLUMNS_MIN, COLUMNS_MAX),
            column: 0,
            is_fresh: true,
            word: String::new(),
            finished: Vec::new(),
            shown: 0,
        }
    }

    /// Prints a line without a label.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        self.close()?;
        self.stream(text)?;
        self.close()
    }

    /// Begins a line under `label`.
    pub(crate) fn begin(&mut self, label: &str) -> io::Result<()> {
        self.close()?;
        self.write(&format!("{label:<INDENT$}"), Style::Dim)?;
        self.column = INDENT;
        self.is_fresh = true;
        self.out.flush()
    }

    /// Begins the line of a step that runs `tools` tools.
    pub(crate) fn begin_step(&mut self, number: usize, tools: usize) -> io::Result<()> {
        self.finished = (0..tools).map(|_| None).collect();
        self.shown = 0;
        self.begin(&format!("step {number}"))
    }

    /// Shows the tool in `slot`, once those before it have been shown.
    pub(crate) fn tool(
        &mut self,
        slot: usize,
        label: &str,
        result: &Result<ToolOutput, ToolError>,
    ) -> io::Result<()> {
        let Some(place) = self.finished.get_mut(slot) else {
            return Ok(());
        };
        let mark = mark(result);
        let taken = mark.as_ref().map_or(0, |(reason, _)| reason.width() + 1);
        let cells = (self.columns - INDENT).saturating_sub(taken).min(LABEL_CELLS_MAX);
        *place = Some(Finished { label: short(label, cells), mark });
        while let Some(next) = self.finished.get_mut(self.shown).and_then(Option::take) {
            if self.shown > 0 {
                self.put(&[("·", Style::Dim)])?;
            }
            match &next.mark {
                None => self.put(&[(&next.label, Style::Plain)])?,
                Some((reason, style)) => {
                    self.put(&[
                        (&next.label, Style::Plain),
                        (" ", Style::Plain),
                        (reason, *style),
                    ])?;
                }
            }
            self.shown += 1;
        }
        self.out.flush()
    }

    /// Adds streamed text; a word is shown when it is complete.
    pub(crate) fn stream(&mut self, text: &str) -> io::Result<()> {
        for letter in text.chars() {
            // A word longer than a line is shown in pieces.
            let width = self.word.width() + letter.width().unwrap_or(0);
            if letter.is_whitespace() || width > self.columns - INDENT {
                self.put_word()?;
            }
            if letter == '\n' && !self.is_fresh {
                self.break_line()?;
            }
            if !letter.is_whitespace() && !letter.is_control() {
                self.word.push(letter);
            }
        }
        self.out.flush()
    }

    /// Adds a remark that stands apart from the text before it.
    pub(crate) fn remark(&mut self, text: &str) -> io::Result<()> {
        self.put_word()?;
        let is_short = self.column + 3 + text.width() <= self.columns;
        let distance = if is_short { "  " } else { "" };
        self.put(&[(distance, Style::Plain), (text, Style::Dim)])?;
        self.out.flush()
    }

    /// Adds text that is not broken whatever its width: a command copied in pieces does not run.
    pub(crate) fn unbroken(&mut self, text: &str) -> io::Result<()> {
        self.put_word()?;
        self.column += text.width();
        self.is_fresh = false;
        self.write(text, Style::Plain)
    }

    /// Ends the current line, if there is one.
    pub(crate) fn close(&mut self) -> io::Result<()> {
        self.put_word()?;
        if self.column > 0 {
            self.column = 0;
            self.is_fresh = true;
            writeln!(self.out)?;
        }
        self.out.flush()
    }

    fn put_word(&mut self) -> io::Result<()> {
        let word = std::mem::take(&mut self.word);
        if word.is_empty() {
            return Ok(());
        }
        self.put(&[(&word, Style::Plain)])
    }

    /// Adds pieces that stay together on one line, with a space before them.
    fn put(&mut self, pieces: &[(&str, Style)]) -> io::Result<()> {
        let width: usize = pieces.iter().map(|(text, _)| text.width()).sum();
        if !self.is_fresh && self.column + 1 + width > self.columns {
            self.break_line()?;
        } else if !self.is_fresh {
            write!(self.out, " ")?;
            self.column += 1;
        }
        self.column += width;
        self.is_fresh = false;
        pieces.iter().try_for_each(|(text, style)| self.write(text, *style))
    }

    fn break_line(&mut self) -> io::Result<()> {
        self.column = INDENT;
        self.is_fresh = true;
        write!(self.out, "\n{:INDENT$}", "")
    }

    fn write(&mut self, text: &str, style: Style) -> io::Result<()> {
        let code = match style {
            Style::Plain => "",
            Style::Dim => "\x1b[2m",
            Style::Red => "\x1b[31m",
            Style::Yellow => "\x1b[33m",
        };
        if code.is_empty() || !self.is_coloured {
            return write!(self.out, "{text}");
        }
        write!(self.out, "{code}{text}\x1b[0m")
    }
}

fn mark(result: &Result<ToolOutput, ToolError>) -> Option<(String, Style)> {
    match result {
        Ok(_) => None,
        Err(late @ ToolError::DeadlinePassed(_)) => Some((format!("⊘ {late}"), Style::Yellow)),
        Err(error) => Some((format!("✗ {}", error.kind().replace('_', " ")), Style::Red)),
    }
}

fn short(label: &str, cells: usize) -> String {
    let mut label: String = label.chars().filter(|letter| !letter.is_control()).collect();
    if label.width() > cells {
        while label.width() >= cells {
            label.pop();
        }
        label.push('…');
    }
    label
}

#[cfg(test)]
mod tests {
    use super::Screen;
    use crate::tools::{ToolError, ToolOutput};
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Paper {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn screen(is_coloured: bool) -> (Paper, Screen) {
        let paper = Paper::default();
        (paper.clone(), Screen::new(Box::new(paper), is_coloured, 100))
    }

    fn output() -> Result<ToolOutput, ToolError> {
        Ok(ToolOutput { fact: String::new(), content: String::new() })
    }

    #[test]
    fn tools_are_shown_in_the_order_of_their_calls_as_soon_as_that_is_known() {
        let (paper, mut screen) = screen(false);
        screen.begin_step(1, 3).unwrap();
        let missing = Err(ToolError::NotFound("NOTES.md".to_owned()));
        screen.tool(1, "read_file NOTES.md", &missing).unwrap();
        assert_eq!(paper.text(), "step 1    ");
        screen.tool(0, "search \"a\"", &output()).unwrap();
        assert_eq!(paper.text(), "step 1    search \"a\" · read_file NOTES.md ✗ not found");
        let late = Err(ToolError::DeadlinePassed(Duration::from_millis(140)));
        screen.tool(2, "index_all", &late).unwrap();
        screen.close().unwrap();
        assert!(paper.text().ends_with(" · index_all ⊘ gave up after 140 ms\n"));
    }

    #[test]
    fn streamed_text_wraps_between_words_whatever_its_pieces() {
        let (paper, mut screen) = screen(false);
        screen.begin("answer").unwrap();
        for piece in ["lo", "ng ", "words", &" of text".repeat(20), "\nnext\n\x1b[31m line"] {
            screen.stream(piece).unwrap();
        }
        screen.close().unwrap();
        let text = paper.text();
        assert!(text.starts_with("answer    long words of text of"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        assert!(text.ends_with("\n          next\n          [31m line\n"), "{text}");
    }

    #[test]
    fn a_narrow_terminal_gets_narrow_lines_whatever_is_said() {
        let paper = Paper::default();
        let mut screen = Screen::new(Box::new(paper.clone()), false, 40);
        screen.line(&"no label ".repeat(9)).unwrap();
        screen.begin_step(1, 1).unwrap();
        screen.tool(0, &"環".repeat(90), &output()).unwrap();
        screen.begin("answer").unwrap();
        screen.stream(&"語".repeat(90)).unwrap();
        screen.close().unwrap();
        let text = paper.text();
        assert!(
            text.starts_with("no label no label no label no label no\n          label"),
            "{text}"
        );
        assert!(text.lines().all(|line| super::UnicodeWidthStr::width(line) <= 40), "{text}");
    }

    #[test]
    fn a_command_stays_whole() {
        let paper = Paper::default();
        let mut screen = Screen::new(Box::new(paper.clone()), false, 40);
        screen.begin("next").unwrap();
        screen.unbroken("cargo run --release --example research_agent").unwrap();
        screen.close().unwrap();
        assert_eq!(paper.text(), "next      cargo run --release --example research_agent\n");
    }

    #[test]
    fn marks_are_coloured_on_a_terminal_alone() {
        let (paper, mut screen) = screen(true);
        screen.begin_step(1, 1).unwrap();
        let missing = Err(ToolError::NotFound("NOTES.md".to_owned()));
        screen.tool(0, "read_file", &missing).unwrap();
        assert!(paper.text().contains("\x1b[31m✗ not found\x1b[0m"));
    }
}
