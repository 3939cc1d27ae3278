//! A line of the console: pieces at columns, which never grow past the last one.
//!
//! Whatever is pushed is escaped and cut to the cells that are left, so no caller can make a line
//! wrap. Gaps are written only when something follows them: a line ends in no blanks.

use anstyle::AnsiColor;

use super::{Mark, Style, cells, duration};

/// Cells of `ms` and `µs`; a lone `s` is padded to them so that the numbers line up.
pub(super) const UNIT_CELLS: usize = 2;

/// Text of at most so many display cells.
pub(super) struct Line {
    text: String,
    used: usize,
    at: usize,
    columns: usize,
    color: bool,
}

impl Line {
    /// Starts an empty line.
    pub(super) fn new(style: &Style) -> Self {
        Self { text: String::new(), used: 0, at: 0, columns: style.columns, color: style.color }
    }

    /// Moves to `column`, unless the line is there or past it.
    pub(super) fn move_to(&mut self, column: usize) {
        self.at = self.at.max(column);
    }

    /// Moves on by `cells`.
    pub(super) fn skip(&mut self, cells: usize) {
        self.at += cells;
    }

    /// Returns the column at which the next piece starts.
    pub(super) fn column(&self) -> usize {
        self.at
    }

    /// Appends `piece` without colour.
    pub(super) fn push(&mut self, piece: &str) {
        self.push_in(anstyle::Style::new(), piece);
    }

    /// Appends `piece` dimmed, for what only guides the eye.
    pub(super) fn push_dim(&mut self, piece: &str) {
        self.push_in(anstyle::Style::new().dimmed(), piece);
    }

    /// Appends the sign of `mark`, in its colour.
    pub(super) fn push_mark(&mut self, mark: Mark) {
        match mark {
            Mark::None => {}
            Mark::Error | Mark::Panicked => self.push_in(AnsiColor::Red.on_default(), "✗"),
            Mark::Cancelled => self.push_in(AnsiColor::Yellow.on_default(), "⊘"),
        }
    }

    /// Appends a duration whose number ends `number_cells` from here, and the unit's column.
    pub(super) fn push_duration(&mut self, nanos: u64, number_cells: usize) {
        let text = duration(nanos);
        let (number, unit) = number_and_unit(&text);
        let own_cells = cells::width(number);
        let unit_at = self.at + number_cells.max(own_cells) + 1;
        self.skip(number_cells.saturating_sub(own_cells));
        self.push(number);
        self.move_to(unit_at);
        self.push(unit);
        self.move_to(unit_at + UNIT_CELLS);
    }

    /// Returns the text with its newline.
    pub(super) fn finish(mut self) -> String {
        self.text.push('\n');
        self.text
    }

    fn push_in(&mut self, style: anstyle::Style, piece: &str) {
        let shown = cells::fit(piece, self.columns.saturating_sub(self.at));
        let end = self.at + cells::width(&shown);
        // Blanks at the end are a gap like any other.
        let shown = shown.trim_end_matches(' ');
        if !shown.is_empty() {
            self.text.extend(std::iter::repeat_n(' ', self.at - self.used));
            let style = if self.color { style } else { anstyle::Style::new() };
            self.text.push_str(&format!("{style}{shown}{style:#}"));
            self.used = self.at + cells::width(shown);
        }
        self.at = end;
    }
}

/// Returns the cells of the number in a duration's text: 4 for `1.31 s`.
pub(super) fn number_cells(nanos: u64) -> usize {
    cells::width(number_and_unit(&duration(nanos)).0)
}

fn number_and_unit(duration: &str) -> (&str, &str) {
    duration.rsplit_once(' ').unwrap_or((duration, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { columns: 20, color: false };
    const COLORED: Style = Style { columns: 20, color: true };

    #[test]
    fn pieces_stand_at_their_columns() {
        let mut line = Line::new(&PLAIN);
        line.push("日本");
        line.move_to(6);
        line.push("b");
        line.move_to(3);
        line.push("c");
        line.move_to(15);
        assert_eq!(line.finish(), "日本  bc\n");
    }

    #[test]
    fn nothing_passes_the_last_column() {
        let mut line = Line::new(&PLAIN);
        line.move_to(15);
        line.push("seven cells");
        line.move_to(30);
        line.push("beyond");
        assert_eq!(line.finish(), format!("{}seve…\n", " ".repeat(15)));
    }

    #[test]
    fn the_numbers_of_durations_line_up() {
        let shown = |nanos| {
            let mut line = Line::new(&PLAIN);
            line.push_duration(nanos, 4);
            line.move_to(9);
            line.push("|");
            line.finish()
        };
        assert_eq!(shown(1_312_000_000), "1.31 s   |\n");
        assert_eq!(shown(243_000_000), " 243 ms  |\n");
        assert_eq!(shown(41_000), "  41 µs  |\n");
    }

    #[test]
    fn color_is_written_only_when_wanted() {
        let shown = |style| {
            let mut line = Line::new(style);
            line.push_dim("└─ ");
            line.push_mark(Mark::Panicked);
            line.push_mark(Mark::Cancelled);
            line.push_mark(Mark::None);
            line.finish()
        };
        assert_eq!(shown(&PLAIN), "└─ ✗⊘\n");
        let colored = "\u{1b}[2m└─\u{1b}[0m \u{1b}[31m✗\u{1b}[0m\u{1b}[33m⊘\u{1b}[0m\n";
        assert_eq!(shown(&COLORED), colored);
    }
}
