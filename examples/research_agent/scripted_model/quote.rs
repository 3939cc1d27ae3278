//! Quotes a sentence with its file and line: free of Markdown, not too short, not too long.

use crate::passages::passages;
use crate::tools::read_file::Page;
use crate::tools::search::Hit;

/// A quote shorter than this goes on with the next sentence, if the file was read.
const QUOTE_CHARS_MIN: usize = 60;
/// A longer one is cut between words and ends in `…`.
const QUOTE_CHARS_MAX: usize = 180;

/// Returns the sentence of `hit` without its full stop.
pub(super) fn quote(hit: &Hit, pages: &[Page]) -> String {
    let mut text = plain(&hit.text);
    if text.chars().count() < QUOTE_CHARS_MIN
        && let Some(next) = next_sentence(hit, pages)
    {
        text = format!("{text} {}", plain(&next));
    }
    cut(text.trim_end_matches(['.', ':', ' ']))
}

/// Returns "file:line" of `hit`.
pub(super) fn place(hit: &Hit) -> String {
    format!("{}:{}", hit.file, hit.line)
}

/// Returns the sentence that follows `hit` under the same heading of a page that was read.
fn next_sentence(hit: &Hit, pages: &[Page]) -> Option<String> {
    let page = pages.iter().find(|page| page.file == hit.file)?;
    let sentences = passages(&page.lines.join("\n"));
    let at = sentences.iter().position(|one| one.text == hit.text)?;
    let next = sentences.get(at + 1)?;
    (next.under == sentences[at].under).then(|| next.text.clone())
}

/// Drops the marks of Markdown and of comments, and shows the cells of a table row as one line.
fn plain(text: &str) -> String {
    let row = text.trim_start_matches("///").trim_matches(['|', ' ']);
    row.replace("**", "").replace('`', "").replace(" | ", " · ")
}

fn cut(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(QUOTE_CHARS_MAX) else {
        return text.to_owned();
    };
    let words = text[..end].rfind(' ').map_or(&text[..end], |space| &text[..space]);
    format!("{}…", words.trim_end_matches([',', ';', '·', ' ']))
}

#[cfg(test)]
mod tests {
    use super::{Hit, Page, quote};

    fn hit(text: &str) -> Hit {
        Hit { file: "a.md".to_owned(), line: 3, under: String::new(), text: text.to_owned() }
    }

    #[test]
    fn a_short_quote_goes_on_with_the_next_sentence_of_the_file() {
        let lines = ["Full means: count it. The writer", "never waits.", "# Else", "Not this."];
        let lines = lines.map(str::to_owned).to_vec();
        let page = Page { file: "a.md".to_owned(), bytes: 0, line: 3, lines };
        let found = quote(&hit("Full means: count it."), &[page]);
        assert_eq!(found, "Full means: count it. The writer never waits");
        assert_eq!(quote(&hit("Full means: count it."), &[]), "Full means: count it");
    }

    #[test]
    fn markdown_is_dropped_and_length_is_bounded() {
        assert_eq!(quote(&hit("| **a** | `b` |"), &[]), "a · b");
        let long = quote(&hit(&"word ".repeat(100)), &[]);
        assert!(long.ends_with("word…") && long.chars().count() <= 181, "{long}");
    }
}
