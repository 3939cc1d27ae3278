//! The tree on the screen: each span with its process, its time, and its place in the waterfall.

use crate::Tree;
use crate::tree::{Row, text};
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;

const BAR_CELLS: u64 = 16;
/// One for each name of a process, and again from the first.
const COLORS: [&str; 4] = ["36", "33", "35", "32"];
const DIM: &str = "2";

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// No line is wider.
    pub columns: usize,
    /// Whether a terminal looks on.
    pub is_colored: bool,
}

impl Style {
    fn paint(self, color: &str, text: &str) -> String {
        if self.is_colored { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

impl Tree {
    /// Returns the picture of the tree, a line for each span.
    pub fn drawn(&self, style: Style) -> String {
        let widest = |cells: fn(&Row) -> usize| self.rows.iter().map(cells).max().unwrap_or(0);
        let name_cells = widest(|row| cells(&row.branch) + cells(&row.span.name));
        let process_cells = widest(|row| cells(&row.process));
        let facts_at = name_cells + process_cells + BAR_CELLS as usize + 15;
        let line = |row: &Row| {
            let name_cells = name_cells - cells(&row.branch);
            let name = format!("{}{:name_cells$}", style.paint(DIM, &row.branch), row.span.name);
            let at = self.names().iter().position(|process| *process == row.process);
            let color = COLORS[at.unwrap_or(0) % COLORS.len()];
            let process = style.paint(color, &format!("{:process_cells$}", row.process));
            let took = row.span.end_time_unix_nano.saturating_sub(row.span.start_time_unix_nano);
            let (bar, took) = (style.paint(color, &self.bar(row)), duration(took));
            let facts = fit(&self.facts(row), style.columns.saturating_sub(facts_at));
            let line = format!("{name}  {process}  {took:>7}  {bar}  {facts}");
            format!("{}\n", line.trim_end())
        };
        self.rows.iter().map(line).collect()
    }

    /// Returns blank cells up to where a span began, then a cell for each that it lasted, at least one.
    fn bar(&self, row: &Row) -> String {
        let start = self.rows.iter().map(|row| row.span.start_time_unix_nano).min().unwrap_or(0);
        let end = self.rows.iter().map(|row| row.span.end_time_unix_nano).max().unwrap_or(0);
        let cell = (end - start).div_ceil(BAR_CELLS).max(1);
        let from = (row.span.start_time_unix_nano - start) / cell;
        let to = row.span.end_time_unix_nano.saturating_sub(start).div_ceil(cell);
        let (from, to) =
            (from.min(BAR_CELLS - 1), to.clamp(from.min(BAR_CELLS - 1) + 1, BAR_CELLS));
        let (blank, length, rest) =
            (from as usize, (to - from) as usize, (BAR_CELLS - to) as usize);
        format!("{:blank$}{}{:rest$}", "", "█".repeat(length), "")
    }

    /// Returns what matters of a span beside its time.
    fn facts(&self, row: &Row) -> String {
        let said = |key| text(&row.span.attributes, key);
        let failure = row.span.status.as_ref().filter(|said| said.code == StatusCode::Error as i32);
        if let Some(failure) = failure {
            return format!("✗ {}", failure.message);
        }
        if let Some(result) = said("exo.tool.result") {
            return result.to_owned();
        }
        if row.span.kind == SpanKind::Server as i32 {
            // Here the baggage comes in.
            let came = ["user_id", "session_id"].map(|key| said(key).unwrap_or_default());
            return came.join(" ");
        }
        let linked = row.span.links.iter().find_map(|link| {
            let linked = self.rows.iter().find(|row| row.span.span_id == link.span_id)?;
            Some(format!("⇠ linked to {}", linked.process))
        });
        linked.unwrap_or_default()
    }
}

fn cells(text: &str) -> usize {
    text.chars().count()
}

/// Returns the text, cut where it takes more cells.
fn fit(text: &str, cells_max: usize) -> String {
    if cells(text) <= cells_max {
        text.to_owned()
    } else {
        text.chars().take(cells_max.saturating_sub(1)).chain(['…']).collect()
    }
}

/// Returns a length of time in the unit that fits.
fn duration(nanos: u64) -> String {
    match nanos {
        0..100_000 => format!("{:.0} µs", nanos as f64 / 1e3),
        100_000..10_000_000 => format!("{:.1} ms", nanos as f64 / 1e6),
        10_000_000..1_000_000_000 => format!("{:.0} ms", nanos as f64 / 1e6),
        _ => format!("{:.2} s", nanos as f64 / 1e9),
    }
}
