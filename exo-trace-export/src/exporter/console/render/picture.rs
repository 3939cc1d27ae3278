//! The picture a newcomer judges the console by, rebuilt from rows and compared to the letter.
//!
//! `first_screen_104.txt` is the drawn picture itself, whose last line takes 104 cells; in 100 columns
//! the bar gives way and in 80 the chunks too, as the other two files show.

use super::{Facts, Mark, Row, Style, render_tree};

macro_rules! trace {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/traces/", $name))
    };
}

const START_UNIX_NANO: u64 = 1_760_000_000_000_000_000;

/// `(parent, name, start µs, duration µs, mark, facts)`; a parent is an index in this list, and facts end
/// in chunks and cost.
type Span = (Option<u64>, &'static str, u64, u64, Mark, &'static str);

#[rustfmt::skip]
const SPANS: [Span; 14] = [
    (None, "invoke_agent researcher", 0, 1_312_000, Mark::None, "1,962 → 243 tok  $0.0029"),
    (Some(0), "plan", 0, 243_000, Mark::None, ""),
    (Some(1), "chat scripted-1", 3_000, 238_000, Mark::None, "418 → 46  ttft 121 ms  $0.0006"),
    (Some(0), "step 1", 245_000, 401_000, Mark::None, ""),
    (Some(3), "execute_tool search", 245_200, 13_000, Mark::None, "\"ring full\": 7 hits"),
    (Some(3), "execute_tool search", 245_300, 9_100, Mark::None, "\"refused\": 4 hits"),
    (Some(3), "execute_tool read_file", 245_400, 900, Mark::Error, "not_found: NOTES.md"),
    (Some(3), "chat scripted-1", 259_000, 385_000, Mark::None, "702 → 61  ttft 140 ms  $0.0009"),
    (Some(0), "step 2", 646_000, 141_000, Mark::None, ""),
    (Some(8), "execute_tool read_file", 646_200, 2_200, Mark::None, "DESIGN.md, 13.2 kB"),
    (Some(8), "execute_tool calculator", 646_300, 41, Mark::None, "32768 * 8 = 262144"),
    (Some(8), "execute_tool index_all", 646_400, 140_000, Mark::Cancelled, "cancelled: deadline 140 ms"),
    (Some(0), "answer", 790_000, 522_000, Mark::None, ""),
    (Some(12), "chat scripted-1", 791_000, 520_000, Mark::None, "842 → 136  ttft 96 ms  41 ch.  $0.0014"),
];

fn research_agent() -> Vec<Row> {
    let row = |(id, (parent, name, start, duration, mark, facts)): (usize, Span)| Row {
        id: id as u64,
        parent,
        name: name.to_owned(),
        start_unix_nano: START_UNIX_NANO + start * 1_000,
        duration_nanos: duration * 1_000,
        mark,
        facts: parted(facts),
    };
    SPANS.into_iter().enumerate().map(row).collect()
}

fn parted(facts: &str) -> Facts {
    let (facts, cost) = facts.split_once("  $").unwrap_or((facts, ""));
    let (text, aside) =
        facts.split_once("  41 ch.").map_or((facts, ""), |(text, _)| (text, "41 ch."));
    let cost = if cost.is_empty() { String::new() } else { format!("${cost}") };
    Facts { text: text.to_owned(), aside: aside.to_owned(), cost, more: String::new() }
}

fn assert_drawn(columns: usize, wanted: &str) {
    let drawn = render_tree(&research_agent(), &Style { columns, color: false });
    assert!(drawn == wanted, "drawn:\n{drawn}\nwanted:\n{wanted}");
}

#[test]
fn the_picture_is_drawn_to_the_letter_where_it_fits() {
    assert_drawn(104, trace!("first_screen_104.txt"));
}

#[test]
fn a_hundred_columns_shrink_the_bar_and_cut_nothing() {
    assert_drawn(100, trace!("first_screen_100.txt"));
}

#[test]
fn eighty_columns_shrink_the_bar_and_leave_the_chunks_out() {
    assert_drawn(80, trace!("first_screen_80.txt"));
}

#[test]
fn rows_that_arrive_as_their_spans_end_give_the_same_picture() {
    let mut rows = research_agent();
    rows.sort_by_key(|row| row.start_unix_nano + row.duration_nanos);
    let drawn = render_tree(&rows, &Style { columns: 104, color: false });
    assert_eq!(drawn, trace!("first_screen_104.txt"));
}

#[test]
fn color_adds_red_yellow_and_dim_and_nothing_else() {
    let drawn = render_tree(&research_agent(), &Style { columns: 104, color: true });
    let painted = |code: &str| drawn.matches(&format!("\u{1b}[{code}m")).count();
    assert_eq!([painted("31"), painted("33"), painted("2"), painted("0")], [1, 1, 13, 15]);
    assert_eq!(drawn.matches('\u{1b}').count(), 30);
    assert!(drawn.contains("\u{1b}[31m✗\u{1b}[0m") && drawn.contains("\u{1b}[33m⊘\u{1b}[0m"));
}
