//! A span's bar in the waterfall: it starts where the span starts in the trace.
//!
//! The trace runs from its first start to its last end, whichever row they belong to, so a child
//! that outlives its root or began before it is still drawn where it was. A terminal can end a
//! bar at an eighth of a cell but start one only at a whole cell: a bar therefore reaches from the
//! cell in which its span starts to the eighth in which it ends. A span shorter than one cell would
//! look too long that way; it shows its own length instead, and never less than an eighth.

use super::Row;

/// Eighths per cell.
const EIGHTHS: u128 = 8;
const FULL: &str = "█";
/// Indexed by eighths, 0 to 7.
const PARTIAL: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// The stretch of time that a whole bar stands for.
pub(super) struct Window {
    start_unix_nano: u64,
    nanos: u128,
}

/// A bar: blank cells, then blocks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) blank_cells: usize,
    pub(super) blocks: String,
}

impl Window {
    /// Returns the time from the first start to the last end of `rows`.
    pub(super) fn of(rows: &[Row]) -> Self {
        let start_unix_nano = rows.iter().map(|row| row.start_unix_nano).min().unwrap_or(0);
        let nanos = rows.iter().map(|row| end_after(start_unix_nano, row)).max().unwrap_or(0);
        Self { start_unix_nano, nanos }
    }

    /// Returns the bar of `row` in a column of `cells`, which it never leaves.
    pub(super) fn bar(&self, row: &Row, cells: usize) -> Bar {
        let Some(last_cell) = cells.checked_sub(1) else {
            return Bar { blank_cells: 0, blocks: String::new() };
        };
        let cells = cells as u128;
        let start = u128::from(row.start_unix_nano.saturating_sub(self.start_unix_nano));
        let length = u128::from(row.duration_nanos);
        let blank_cells = (start * cells / self.nanos.max(1)).min(last_cell as u128);
        let eighths = if length * cells < self.nanos {
            self.eighths(length, cells).min(EIGHTHS)
        } else {
            let end = self.eighths(start + length, cells).min(cells * EIGHTHS);
            end.saturating_sub(blank_cells * EIGHTHS)
        };
        Bar { blank_cells: blank_cells as usize, blocks: blocks(eighths.max(1) as usize) }
    }

    /// Returns `nanos` in eighths of a cell, rounded to the nearest.
    fn eighths(&self, nanos: u128, cells: u128) -> u128 {
        (nanos * cells * EIGHTHS * 2 + self.nanos) / (2 * self.nanos).max(1)
    }
}

fn end_after(start_unix_nano: u64, row: &Row) -> u128 {
    u128::from(row.start_unix_nano - start_unix_nano) + u128::from(row.duration_nanos)
}

fn blocks(eighths: usize) -> String {
    FULL.repeat(eighths / 8) + PARTIAL[eighths % 8]
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    fn row(start_unix_nano: u64, duration_nanos: u64) -> Row {
        let (name, facts) = (String::new(), Default::default());
        Row { id: 1, parent: None, name, start_unix_nano, duration_nanos, mark: Mark::None, facts }
    }

    /// The bar of the last row in 10 cells, among all rows.
    fn drawn(times: &[(u64, u64)]) -> String {
        let rows: Vec<Row> = times.iter().map(|&(start, length)| row(start, length)).collect();
        let bar = Window::of(&rows).bar(&rows[rows.len() - 1], 10);
        " ".repeat(bar.blank_cells) + &bar.blocks
    }

    #[test]
    fn a_bar_starts_where_its_span_starts() {
        assert_eq!(drawn(&[(1_000, 800)]), "██████████");
        assert_eq!(drawn(&[(1_000, 800), (1_400, 400)]), "     █████");
        assert_eq!(drawn(&[(1_000, 800), (1_160, 250)]), "  ███▏");
    }

    #[test]
    fn a_long_bar_ends_in_the_eighth_in_which_its_span_ends() {
        assert_eq!(drawn(&[(0, 800), (120, 160)]), " ██▌");
    }

    #[test]
    fn a_short_bar_shows_its_length_and_at_least_an_eighth() {
        assert_eq!(drawn(&[(0, 800), (150, 20)]), " ▎");
        assert_eq!(drawn(&[(0, 800), (150, 0)]), " ▏");
        assert_eq!(drawn(&[(0, 800), (800, 0)]), "         ▏");
    }

    #[test]
    fn a_child_outside_its_root_widens_the_window() {
        assert_eq!(drawn(&[(400, 400), (0, 400)]), "█████");
        assert_eq!(drawn(&[(0, 400), (400, 400)]), "     █████");
    }

    #[test]
    fn a_trace_of_no_length_still_shows_a_mark() {
        assert_eq!(drawn(&[(7, 0)]), "▏");
    }

    #[test]
    fn the_ends_of_time_do_not_overflow() {
        assert_eq!(drawn(&[(0, 0), (u64::MAX, u64::MAX)]), "     █████");
        assert_eq!(Window::of(&[]).bar(&row(u64::MAX, u64::MAX), 10).blank_cells, 9);
    }

    #[test]
    fn no_cells_take_no_bar() {
        assert_eq!(Window::of(&[]).bar(&row(0, 1), 0).blocks, "");
    }
}
