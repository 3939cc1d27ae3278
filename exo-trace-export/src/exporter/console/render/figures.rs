//! The figures below the last tree: a label, and words that go on below the first where a line ends.
//!
//! A wide gap parts words that belong apart; what follows it begins a line where it would be broken.

use super::line::Line;
use super::{Style, cells};

/// Where the words stand.
const WORDS_AT: usize = 10;
/// Blanks that part words.
const GAP: &str = "   ";

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
    let (words, apart) = words.trim_start().split_once(GAP).unwrap_or((words, ""));
    text += &push_words(&mut line, words, style);
    let apart_at = GAP.len() + apart.len() - apart.trim_start().len();
    let apart = apart.trim_start();
    let is_room = line.column() + apart_at + cells::width(apart) <= style.columns;
    if apart.is_empty() || is_room {
        line.skip(apart_at);
        line.push(apart);
    } else {
        text += &std::mem::replace(&mut line, Line::new(style)).finish();
        line.move_to(WORDS_AT);
        text += &push_words(&mut line, apart, style);
    }
    text + &line.finish()
}

/// Adds words to a line; returns the lines that were full before the last.
fn push_words(line: &mut Line, words: &str, style: &Style) -> String {
    let mut text = String::new();
    for word in words.split_whitespace() {
        let is_first = line.column() == WORDS_AT;
        if !is_first && line.column() + 1 + cells::width(word) > style.columns {
            text += &std::mem::replace(line, Line::new(style)).finish();
            line.move_to(WORDS_AT);
        } else if !is_first {
            line.skip(1);
        }
        line.push(word);
    }
    text
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
    fn what_stands_apart_goes_below_as_a_whole() {
        let figures = "time      model 87 % · tools 12 %         prices: prices.toml (invented)\n";
        assert_eq!(render_figures(figures, &Style { columns: 72, color: false }), figures);
        let below = "time      model 87 % · tools 12 %\n          prices: prices.toml (invented)\n";
        assert_eq!(render_figures(figures, &Style { columns: 71, color: false }), below);
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
