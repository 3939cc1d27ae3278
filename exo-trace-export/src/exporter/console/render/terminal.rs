//! What the terminal allows: how many columns a line may take and whether colour is welcome.
//!
//! The answers of the operating system come in as arguments, so every rule is tested without a
//! terminal and without touching the process environment.

const COLUMNS_MIN: usize = 40;
const COLUMNS_MAX: usize = 400;
const COLUMNS_UNKNOWN: usize = 100;

/// How rows are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// Display cells that no line exceeds.
    pub(crate) columns: usize,
    /// Whether marks and tree lines are coloured; the glyphs are the same without.
    pub(crate) color: bool,
}

/// Returns whether colour is welcome.
///
/// `no_color` and `term` are the environment's `NO_COLOR` and `TERM`. Any non-empty `NO_COLOR`
/// refuses colour, and so does the terminal `dumb`.
///
/// Source: <https://no-color.org>.
pub(crate) fn color_wanted(is_terminal: bool, no_color: Option<&str>, term: Option<&str>) -> bool {
    is_terminal && no_color.is_none_or(str::is_empty) && term != Some("dumb")
}

/// Returns the columns to draw in, 40 to 400.
///
/// The terminal's own width counts first, then `columns_env` (the environment's `COLUMNS`), then
/// 100. A width of zero is a terminal that does not know, and text that is no number is not heard.
pub(crate) fn columns_wanted(terminal_width: Option<usize>, columns_env: Option<&str>) -> usize {
    let known = |columns: &usize| *columns > 0;
    terminal_width
        .filter(known)
        .or_else(|| columns_env?.trim().parse().ok().filter(known))
        .unwrap_or(COLUMNS_UNKNOWN)
        .clamp(COLUMNS_MIN, COLUMNS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn color_needs_a_terminal_that_is_not_dumb() {
        assert!(color_wanted(true, None, Some("xterm-256color")));
        assert!(color_wanted(true, None, None));
        assert!(!color_wanted(true, None, Some("dumb")));
        assert!(!color_wanted(false, None, Some("xterm-256color")));
    }

    #[test]
    fn no_color_counts_only_when_it_holds_something() {
        assert!(color_wanted(true, Some(""), None));
        assert!(!color_wanted(true, Some("1"), None));
        assert!(!color_wanted(true, Some("0"), None));
        assert!(!color_wanted(true, Some(" "), None));
    }

    #[test]
    fn the_terminal_is_asked_before_the_environment() {
        assert_eq!(columns_wanted(Some(132), Some("80")), 132);
        assert_eq!(columns_wanted(None, Some(" 80 ")), 80);
        assert_eq!(columns_wanted(None, None), 100);
    }

    #[test]
    fn a_width_of_zero_or_of_words_is_not_heard() {
        assert_eq!(columns_wanted(Some(0), Some("90")), 90);
        assert_eq!(columns_wanted(Some(0), Some("0")), 100);
        assert_eq!(columns_wanted(None, Some("wide")), 100);
        assert_eq!(columns_wanted(None, Some("-80")), 100);
    }

    #[test]
    fn columns_stay_between_40_and_400() {
        assert_eq!(columns_wanted(Some(7), None), 40);
        assert_eq!(columns_wanted(None, Some("4000")), 400);
    }
}
