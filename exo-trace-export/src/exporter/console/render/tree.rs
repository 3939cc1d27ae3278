//! The waterfall tree: a name under its parent, a duration, a bar where the span ran, its facts.
//!
//! The name column is as wide as its widest name and at most two fifths of the line; the bar
//! shrinks first when columns are few, and gives up to a third of itself to facts that then are whole;
//! they take what is left. A tree deeper than half the name
//! column shows its innermost branches and counts the levels it leaves out: `…93 │  └─ name`.

use super::bar::Window;
use super::forest::{self, Place};
use super::line::{self, Line};
use super::{Row, Style, cells};

const NAME_PERCENT: usize = 40;
const BAR_CELLS_MIN: usize = 6;
const BAR_CELLS_MAX: usize = 24;
/// Cells of `999`, so that a tree of short numbers looks no different.
const NUMBER_CELLS_MIN: usize = 3;
/// Between a duration and its bar.
const GAP_CELLS: usize = 2;
/// Cells behind a duration's number up to its bar: a blank, the unit, the gap.
const TIME_CELLS: usize = 1 + line::UNIT_CELLS + GAP_CELLS;
/// Cells of `├─ `.
const BRANCH_CELLS: usize = 3;

/// Returns the tree of `rows`, one line each, with a newline after every line.
///
/// A row whose parent is not among `rows` is a local root; there may be several. Siblings stand by
/// start time, and rows that start together keep their order. No line is wider than
/// `style.columns` display cells.
pub(crate) fn render_tree(rows: &[Row], style: &Style) -> String {
    let places = forest::places(rows);
    let name_cells_max = style.columns * NAME_PERCENT / 100;
    let label = |at| Label::new(rows, &places, at, name_cells_max);
    let labels: Vec<Label> = (0..places.len()).map(label).collect();
    let sheet = Sheet::new(rows, &labels, style);
    let line = |(place, label): (&Place, &Label)| sheet.line(&rows[place.row], label);
    places.iter().zip(&labels).map(line).collect()
}

/// A row's branches and name, cut to the name column.
struct Label {
    branches: String,
    name: String,
}

impl Label {
    fn new(rows: &[Row], places: &[Place], at: usize, cells_max: usize) -> Self {
        let branches = branches(places, at, cells_max / 2 / BRANCH_CELLS);
        let room = cells_max.saturating_sub(cells::width(&branches));
        Self { branches, name: cells::fit(&rows[places[at].row].name, room) }
    }

    fn cells(&self) -> usize {
        cells::width(&self.branches) + cells::width(&self.name)
    }
}

/// Returns the tree lines before a name, at most about `branches_max` of them.
fn branches(places: &[Place], at: usize, branches_max: usize) -> String {
    let depth = places[at].depth;
    if depth <= branches_max {
        return innermost(places, at, depth);
    }
    // The count takes the place of whole branches, so that tree lines stay in line.
    let mut count_cells = BRANCH_CELLS;
    loop {
        let shown = branches_max.saturating_sub(count_cells / BRANCH_CELLS);
        let count = format!("…{} ", depth - shown);
        if cells::width(&count) <= count_cells {
            return format!("{count:count_cells$}{}", innermost(places, at, shown));
        }
        count_cells += BRANCH_CELLS;
    }
}

/// Returns the `shown` tree lines next to the name: the own branch and those of the rows above.
fn innermost(places: &[Place], at: usize, shown: usize) -> String {
    let mut segments = Vec::with_capacity(shown);
    let mut above = Some(at);
    while let Some(here) = above.filter(|_| segments.len() < shown) {
        segments.push(match (here == at, places[here].last) {
            (true, true) => "└─ ",
            (true, false) => "├─ ",
            (false, true) => "   ",
            (false, false) => "│  ",
        });
        above = places[here].parent;
    }
    segments.into_iter().rev().collect()
}

/// Where the columns of one tree begin.
struct Sheet<'a> {
    style: &'a Style,
    window: Window,
    mark_at: usize,
    number_at: usize,
    number_cells: usize,
    bar_cells: usize,
}

impl<'a> Sheet<'a> {
    fn new(rows: &[Row], labels: &[Label], style: &'a Style) -> Self {
        let name_cells = labels.iter().map(Label::cells).max().unwrap_or(0);
        let number_cells = rows.iter().map(|row| line::number_cells(row.duration_nanos));
        let number_cells = number_cells.max().unwrap_or(0).max(NUMBER_CELLS_MIN);
        let number_at = name_cells + 3;
        let room = style.columns.saturating_sub(number_at + number_cells + TIME_CELLS + 1);
        Self {
            style,
            window: Window::of(rows),
            mark_at: name_cells + 1,
            number_at,
            number_cells,
            bar_cells: bar_cells_beside(rows, room, bar_cells(style.columns)),
        }
    }

    fn line(&self, row: &Row, label: &Label) -> String {
        let mut line = Line::new(self.style);
        line.push_dim(&label.branches);
        line.push(&label.name);
        line.move_to(self.mark_at);
        line.push_mark(row.mark);
        line.move_to(self.number_at);
        line.push_duration(row.duration_nanos, self.number_cells);
        line.skip(GAP_CELLS);
        let facts_at = line.column() + self.bar_cells + 1;
        let bar = self.window.bar(row, self.bar_cells);
        line.skip(bar.blank_cells);
        line.push(&bar.blocks);
        line.move_to(facts_at);
        line.push(&row.facts.within(self.style.columns.saturating_sub(facts_at)));
        line.finish()
    }
}

/// Returns the cells of the bar: 24 from 100 columns on, 12 at 80, and three fewer for every five
/// columns in between and below.
fn bar_cells(columns: usize) -> usize {
    (columns * 3 / 5).saturating_sub(36).clamp(BAR_CELLS_MIN, BAR_CELLS_MAX)
}

/// Returns `full` cells, or as many fewer as keep facts whole, where `room` is for bar and facts together.
///
/// At most a third: facts that need more are cut in any case. For what a span cost, the bar gives all
/// it has.
fn bar_cells_beside(rows: &[Row], room: usize, full: usize) -> usize {
    let least = (full * 2 / 3).max(BAR_CELLS_MIN);
    let facts_max = [least, BAR_CELLS_MIN].map(|bar| room.saturating_sub(bar));
    let wanted = rows.iter().filter_map(|row| row.facts.cells_wanted(facts_max[0], facts_max[1]));
    let widest = wanted.max().unwrap_or(0);
    full.min(room.saturating_sub(widest)).max(BAR_CELLS_MIN)
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    fn row(id: u64, parent: Option<u64>, name: &str, facts: &str) -> Row {
        let (name, facts) = (name.to_owned(), facts.into());
        let start_unix_nano = 1_000 + id;
        Row { id, parent, name, start_unix_nano, duration_nanos: 800, mark: Mark::None, facts }
    }

    fn chain(length: u64) -> Vec<Row> {
        let link = |id: u64| row(id, id.checked_sub(1), "link", "");
        (0..length).map(link).collect()
    }

    #[test]
    fn no_rows_give_no_text() {
        assert_eq!(render_tree(&[], &Style { columns: 100, color: true }), "");
    }

    #[test]
    fn the_bar_shrinks_first() {
        assert_eq!([400, 100, 90, 80, 70, 40, 0].map(bar_cells), [24, 24, 18, 12, 6, 6, 6]);
    }

    #[test]
    fn a_bar_gives_way_to_facts_that_become_whole_and_to_no_others() {
        let beside =
            |facts: usize| bar_cells_beside(&[row(1, None, "call", &"x".repeat(facts))], 60, 24);
        assert_eq!([0, 36, 37, 44, 45, 900].map(beside), [24, 24, 23, 16, 24, 24]);
    }

    #[test]
    fn a_deep_tree_counts_the_levels_it_leaves_out() {
        let mut rows = chain(14);
        rows.extend([row(20, Some(4), "late", ""), row(21, Some(3), "late", "")]);
        let text = render_tree(&rows, &Style { columns: 60, color: false });
        let lines: Vec<&str> =
            text.lines().map(|line| line.split("   8").next().unwrap()).collect();
        assert_eq!(lines[4].trim_end(), "         ├─ link");
        assert_eq!(lines[5].trim_end(), "…2    │  ├─ link");
        assert_eq!(lines[12].trim_end(), "…9       └─ link");
        assert_eq!(lines[13].trim_end(), "…11      └─ link");
        assert_eq!(lines[14].trim_end(), "…2    │  └─ late");
        assert_eq!(lines[15].trim_end(), "         └─ late");
    }

    #[test]
    fn ten_thousand_levels_and_ten_thousand_siblings_are_lines_like_any_other() {
        let style = Style { columns: 100, color: true };
        assert_eq!(render_tree(&chain(10_000), &style).lines().count(), 10_000);
        let mut rows = chain(10_000);
        rows.iter_mut().skip(1).for_each(|row| row.parent = Some(0));
        assert_eq!(render_tree(&rows, &style).lines().count(), 10_000);
    }

    #[test]
    fn names_and_facts_from_anywhere_stay_on_their_line() {
        let rows = [
            row(1, None, "日本語の長い名前でも列は揃ったまま", "two\nlines"),
            row(2, Some(1), "cafe\u{301}", "\u{1b}[31mred and long enough to be cut"),
        ];
        let text = render_tree(&rows, &Style { columns: 60, color: false });
        let wanted = "\
日本語の長い名前でも列…   800 ns  ██████ two\\nlines
└─ cafe\u{301}                   800 ns  ██████ \\u{1b}[31mred and …
";
        assert_eq!(text, wanted);
    }
}
