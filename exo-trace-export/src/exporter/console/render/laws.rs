//! What holds for any rows at all: one line each, none too wide, none that moves the cursor.

use proptest::collection::vec;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::bar::Window;
use super::{Facts, Mark, Row, Style, forest, render_line, render_tree};

/// Pieces that break careless layouts: wide, joined, combining, right-to-left, unseen or in charge.
const AWKWARD: [&str; 24] = [
    "日",
    "한",
    "ｶﾞ",
    "\u{1f468}\u{200d}\u{1f469}",
    "\u{2764}\u{fe0f}",
    "1\u{fe0f}\u{20e3}",
    "\u{1f1e9}",
    "\u{1f3fd}",
    "\u{301}",
    "\u{fe0f}",
    "\u{200d}",
    "\u{20e3}",
    "\u{644}\u{627}",
    "\u{202e}",
    "\u{2028}",
    "\u{200b}",
    "\u{600}",
    "\n",
    "\r\n",
    "\t",
    "\u{1b}[31m",
    "\u{9b}",
    "…",
    " ",
];

fn text() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(&AWKWARD[..]).prop_map(str::to_owned);
    let piece = prop_oneof![awkward, any::<char>().prop_map(String::from), "[a-z ]{0,20}"];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn time() -> impl Strategy<Value = u64> {
    prop_oneof![0..2_000_000_u64, any::<u64>(), Just(u64::MAX)]
}

fn mark() -> impl Strategy<Value = Mark> {
    prop::sample::select(&[Mark::None, Mark::Error, Mark::Panicked, Mark::Cancelled][..])
}

fn facts() -> impl Strategy<Value = Facts> {
    let cost = prop::sample::select(&["", "", "$0.0015", "$12,345,678.90"][..]);
    let said = (text(), text(), cost, text());
    said.prop_map(|(text, aside, cost, more)| Facts { text, aside, cost: cost.to_owned(), more })
}

fn row() -> impl Strategy<Value = Row> {
    let parent = prop::option::weighted(0.8, 0..24_u64);
    (0..24_u64, parent, text(), time(), time(), mark(), facts()).prop_map(
        |(id, parent, name, start_unix_nano, duration_nanos, mark, facts)| Row {
            id,
            parent,
            name,
            start_unix_nano,
            duration_nanos,
            mark,
            facts,
        },
    )
}

/// Takes out the colours; every other escape character was spelled out before.
fn without_color(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let plain = pieces.next().unwrap().to_owned();
    pieces.fold(plain, |plain, piece| plain + piece.split_once('m').unwrap().1)
}

proptest! {
    #[test]
    fn every_row_is_one_line_within_the_columns(rows in vec(row(), 0..24), columns in 0..200_usize) {
        let text = render_tree(&rows, &Style { columns, color: false });
        prop_assert_eq!(text.lines().count(), rows.len());
        for line in text.split_terminator('\n') {
            prop_assert!(line.width() <= columns, "{} > {columns}: {line:?}", line.width());
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        }
    }

    #[test]
    fn every_row_is_printed_once_after_its_parent(rows in vec(row(), 0..24)) {
        let places = forest::places(&rows);
        let mut printed: Vec<usize> = places.iter().map(|place| place.row).collect();
        printed.sort_unstable();
        prop_assert_eq!(printed, (0..rows.len()).collect::<Vec<_>>());
        for (at, place) in places.iter().enumerate() {
            prop_assert!(place.parent.is_none_or(|parent| parent < at));
            prop_assert_eq!(place.depth, place.parent.map_or(0, |parent| places[parent].depth + 1));
        }
    }

    #[test]
    fn every_name_is_seen_once(mut rows in vec(row(), 0..24)) {
        rows.iter_mut().enumerate().for_each(|(at, row)| row.name = format!("row-{at}-"));
        rows.iter_mut().for_each(|row| row.facts = Facts::default());
        let text = render_tree(&rows, &Style { columns: 400, color: false });
        for row in &rows {
            prop_assert_eq!(text.matches(&row.name).count(), 1);
        }
    }

    #[test]
    fn every_bar_is_seen_and_stays_in_its_column(rows in vec(row(), 1..24), cells in 1..400_usize) {
        // The last row may lie outside the window, so the column holds by itself.
        let window = Window::of(&rows[..rows.len() - 1]);
        for bar in rows.iter().map(|row| window.bar(row, cells)) {
            prop_assert!(bar.blocks.width() >= 1);
            prop_assert!(bar.blank_cells + bar.blocks.width() <= cells, "{bar:?}");
        }
    }

    #[test]
    fn color_changes_no_letter(rows in vec(row(), 0..12), columns in 0..200_usize) {
        let colored = render_tree(&rows, &Style { columns, color: true });
        let plain = render_tree(&rows, &Style { columns, color: false });
        prop_assert_eq!(without_color(&colored), plain);
    }

    #[test]
    fn an_ended_span_is_one_line_within_the_columns(
        row in row(), trace_id_hex in text(), columns in 0..200_usize,
    ) {
        let line = render_line(&row, &trace_id_hex, &Style { columns, color: false });
        prop_assert_eq!(line.matches('\n').count(), 1);
        prop_assert!(line.trim_end_matches('\n').width() <= columns, "{line:?}");
    }
}
