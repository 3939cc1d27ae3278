//! Rows as a Markdown table whose columns stand below each other, for a terminal and a page alike.

/// Returns the lines of a table, none without rows; the first column is text, the others are aligned as
/// figures are.
pub(crate) fn lines(header: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let header: Vec<String> = header.iter().map(|&cell| cell.to_owned()).collect();
    let widths: Vec<usize> = (0..header.len())
        .map(|column| {
            let cells = rows.iter().chain([&header]).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0).max(3)
        })
        .collect();
    let rule = widths.iter().enumerate().map(|(column, width)| {
        if column == 0 { "-".repeat(*width) } else { format!("{}:", "-".repeat(width - 1)) }
    });
    let rule: Vec<String> = rule.collect();
    let below = rows.iter().map(|row| line(row, &widths));
    [line(&header, &widths), line(&rule, &widths)].into_iter().chain(below).collect()
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
        if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
    });
    format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows =
            [vec!["span ≤".to_owned(), "1.0".to_owned()], vec!["x".to_owned(), "10.25".to_owned()]];
        assert_eq!(
            lines(&["", "ns"], &rows),
            [
                "|        |    ns |",
                "| ------ | ----: |",
                "| span ≤ |   1.0 |",
                "| x      | 10.25 |",
            ]
        );
    }
}
