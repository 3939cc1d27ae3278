//! The `lines` mode: one line per span as it ends, for logs and for long-running programs.
//!
//! Spans of many traces mix here, so every line opens with the first digits of its trace id, and
//! the columns are fixed, since no later line is known when one is written.

use super::line::Line;
use super::{Row, Style, cells};

const TRACE_ID_DIGITS: usize = 8;
/// Cells of the number in most durations, such as the `1.31` of `1.31 s`.
const NUMBER_CELLS: usize = 4;
const NAME_PERCENT: usize = 30;

/// Returns one line, with its newline, for a span that has ended.
///
/// The line opens with the first 8 digits of `trace_id_hex`. The name takes at most 30 % of the
/// columns. No line is wider than `style.columns`.
pub(crate) fn render_line(row: &Row, trace_id_hex: &str, style: &Style) -> String {
    let mut line = Line::new(style);
    line.push_dim(&trace_id_hex.chars().take(TRACE_ID_DIGITS).collect::<String>());
    let name_at = TRACE_ID_DIGITS + 2;
    line.move_to(name_at);
    let name_cells = style.columns * NAME_PERCENT / 100;
    line.push(&cells::fit(&row.name, name_cells));
    line.move_to(name_at + name_cells + 1);
    line.push_mark(row.mark);
    line.move_to(name_at + name_cells + 3);
    line.push_duration(row.duration_nanos, NUMBER_CELLS);
    line.skip(2);
    let room = style.columns.saturating_sub(line.column());
    line.push(&row.facts.within(room));
    line.finish()
}

#[cfg(test)]
mod tests {
    use super::super::Mark;
    use super::*;

    const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn row(name: &str, duration_nanos: u64, mark: Mark, facts: &str) -> Row {
        let (name, facts) = (name.to_owned(), facts.into());
        Row { id: 2, parent: Some(1), name, start_unix_nano: 5, duration_nanos, mark, facts }
    }

    #[test]
    fn the_lines_of_several_spans_line_up() {
        let rows = [
            row("chat scripted-1", 238_000_000, Mark::None, "418 → 46  ttft 121 ms"),
            row("execute_tool read_file", 900_000, Mark::Error, "not_found: NOTES.md"),
            row("execute_tool index_everything_there_is", 140_000_000, Mark::Cancelled, ""),
            row("invoke_agent researcher", 1_312_000_000, Mark::None, "1,962 → 243 tok"),
        ];
        let style = Style { columns: 80, color: false };
        let text: String = rows.iter().map(|row| render_line(row, TRACE_ID, &style)).collect();
        let wanted = "\
4bf92f35  chat scripted-1             238 ms  418 → 46  ttft 121 ms
4bf92f35  execute_tool read_file   ✗  900 µs  not_found: NOTES.md
4bf92f35  execute_tool index_ever… ⊘  140 ms
4bf92f35  invoke_agent researcher    1.31 s   1,962 → 243 tok
";
        assert_eq!(text, wanted);
    }

    #[test]
    fn a_long_duration_moves_the_facts_but_keeps_them() {
        let style = Style { columns: 80, color: false };
        let line = render_line(&row("a", u64::MAX, Mark::None, "facts"), TRACE_ID, &style);
        assert!(line.ends_with("5124095 h 34 m   facts\n"), "{line}");
    }
}
