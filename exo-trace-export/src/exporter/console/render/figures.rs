//! The figures below the last tree: a label, and words that go on below the first where a line ends.

use super::line::Line;
use super::{Style, cells};

/// Where the words stand.
const WORDS_AT: usize = 10;

/// Returns lines of a label and words, none wider than `style.columns`.
pub(crate) fn render_figures(figures: &str, style: &Style) -> String {
    figures.lines().map(|figure| render_figure(figure, style)).collect()
}

fn render_figure(figure: &str, style: &Style) -> String {
    let (label, words) = figure.split_once(' ').unwrap_or((figure, ""));
    let mut text = String::new();
    let mut line = Line::new(style);
    line.push_dim(label);
    line.move_to(WORDS_AT);
    for word in words.split_whitespace() {
        let is_first = line.column() == WORDS_AT;
        if !is_first && line.column() + 1 + cells::width(word) > style.columns {
            text += &std::mem::replace(&mut line, Line::new(style)).finish();
            line.move_to(WORDS_AT);
        } else if !is_first {
            line.skip(1);
        }
        line.push(word);
    }
    text + &line.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURES: &str = "\
spans     14 recorded = 14 delivered + 0 lost · 1 error · 1 cancelled
cost      tracing took 0.4 µs on your threads and 0.1 ms on its own: 0.01 % of this run
";

    #[test]
    fn figures_that_fit_stand_as_they_are() {
        assert_eq!(render_figures(FIGURES, &Style { columns: 100, color: false }), FIGURES);
        let dim = render_figures(FIGURES, &Style { columns: 100, color: true });
        assert!(dim.starts_with("\u{1b}[2mspans\u{1b}[0m     14 recorded"), "{dim:?}");
    }

    #[test]
    fn no_figure_is_wider_than_the_terminal() {
        let narrow = "\
spans     14 recorded = 14 delivered + 0
          lost · 1 error · 1 cancelled
cost      tracing took 0.4 µs on your
          threads and 0.1 ms on its own:
          0.01 % of this run
";
        assert_eq!(render_figures(FIGURES, &Style { columns: 40, color: false }), narrow);
    }
}
