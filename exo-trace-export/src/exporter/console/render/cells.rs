//! Text from anywhere, cut to display cells: what a terminal shows, not what a string holds.
//!
//! A name may hold a newline, an escape sequence, an emoji of five code points or a thousand
//! accents on one letter. Text is therefore read in grapheme clusters: one that would move the
//! cursor or has no width of its own is escaped, so what remains is as wide as it says, and a text
//! of so many cells has a bound in bytes.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Longer clusters show as `�`; the longest emoji in use takes 41 bytes.
const CLUSTER_BYTES_MAX: usize = 64;

/// Returns how many display cells `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Returns `text` escaped and, if it takes more than `cells`, cut to them with `…` at the end.
///
/// Reads no further than the cut, however long the text is.
pub(super) fn fit(text: &str, cells: usize) -> String {
    let mut shown = String::new();
    let mut used = 0;
    let mut keep_bytes = 0;
    for cluster in text.graphemes(true) {
        let printed = printable(cluster);
        used += printed.width();
        if used > cells {
            shown.truncate(keep_bytes);
            shown.push_str(if cells > 0 { "…" } else { "" });
            return shown;
        }
        shown.push_str(&printed);
        if used < cells {
            keep_bytes = shown.len();
        }
    }
    shown
}

fn printable(cluster: &str) -> Cow<'_, str> {
    if cluster.len() > CLUSTER_BYTES_MAX {
        return Cow::Borrowed("\u{fffd}");
    }
    if cluster.width() == 0 || cluster.contains(moves_cursor) {
        return Cow::Owned(cluster.chars().flat_map(char::escape_default).collect());
    }
    Cow::Borrowed(cluster)
}

fn moves_cursor(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_fits_is_left_alone() {
        assert_eq!(fit("plan", 4), "plan");
        assert_eq!(fit("", 4), "");
        assert_eq!(fit("", 0), "");
    }

    #[test]
    fn a_cut_leaves_room_for_the_ellipsis() {
        assert_eq!(fit("planner", 4), "pla…");
        assert_eq!(fit("planner", 1), "…");
        assert_eq!(fit("planner", 0), "");
    }

    #[test]
    fn a_wide_character_is_never_halved() {
        assert_eq!(fit("日本語", 6), "日本語");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日…");
    }

    #[test]
    fn an_emoji_of_several_code_points_stays_whole() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        assert_eq!(fit(family, 2), family);
        assert_eq!(fit(&family.repeat(2), 3), format!("{family}…"));
        assert_eq!(fit("\u{2764}\u{fe0f}\u{2764}\u{fe0f}", 3), "\u{2764}\u{fe0f}…");
    }

    #[test]
    fn an_accent_stays_on_its_letter_and_an_orphan_is_spelled_out() {
        assert_eq!(fit("e\u{301}e\u{301}", 2), "e\u{301}e\u{301}");
        assert_eq!(fit("\u{301}a", 20), "\\u{301}a");
    }

    #[test]
    fn what_would_move_the_cursor_is_spelled_out() {
        assert_eq!(fit("a\r\nb\tc", 20), "a\\r\\nb\\tc");
        assert_eq!(fit("\u{1b}[2J", 20), "\\u{1b}[2J");
        assert_eq!(fit("\u{2028}\u{9b}", 20), "\\u{2028}\\u{9b}");
        assert_eq!(fit("\u{202e}evil", 20), "\\u{202e}evil");
    }

    #[test]
    fn text_of_few_cells_has_few_bytes() {
        assert_eq!(fit(&format!("a{}b", "\u{301}".repeat(100_000)), 9), "\u{fffd}b");
        assert_eq!(fit(&"\u{200b}".repeat(100_000), 9), "\\u{200b}…");
    }
}
