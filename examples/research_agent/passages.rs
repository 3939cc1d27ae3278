//! Cuts a text file into sentences that know their line and the heading they stand under.
//!
//! Prose in Markdown wraps in the middle of a sentence, so a search over lines would quote half
//! of one. Headings, list items, table rows and lines of code end a sentence as a full stop does.

/// Words after which a sentence is cut although it goes on: some tables have no full stop at all.
const PASSAGE_WORDS_MAX: usize = 80;

/// A sentence shorter than this says nothing worth quoting ("See below.").
const PASSAGE_WORDS_MIN: usize = 3;

/// One sentence, or one row or line of code, of a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Passage {
    /// Line of the file the passage begins on, counted from one.
    pub(crate) line: usize,
    /// The nearest heading above, empty before the first.
    pub(crate) under: String,
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

/// How well a passage reads as an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Kind {
    #[default]
    Prose,
    /// A sentence that asks.
    Question,
    /// A row of a table.
    Row,
    /// A line in a fence, or indented by four spaces.
    Code,
}

/// Returns the passages of `text` in order.
pub(crate) fn passages(text: &str) -> Vec<Passage> {
    let mut cutter = Cutter::default();
    let mut is_fenced = false;
    for (line, content) in (1..).zip(text.lines()) {
        let trimmed = content.trim();
        if trimmed.starts_with("```") {
            is_fenced = !is_fenced;
            cutter.begin(Kind::Code);
        } else if is_fenced || cutter.is_indented_code(content) {
            cutter.begin(Kind::Code);
            cutter.add(line, trimmed);
        } else if trimmed.starts_with('#') {
            cutter.begin(Kind::Prose);
            cutter.under = trimmed.trim_matches(['#', ' ']).to_owned();
        } else {
            cutter.begin_block(trimmed);
            cutter.add(line, item_text(trimmed));
        }
    }
    cutter.end_sentence();
    cutter.passages
}

/// Returns `content` without the marker of a list item.
fn item_text(content: &str) -> &str {
    let unnumbered = content.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let numbered =
        (unnumbered.len() < content.len()).then(|| unnumbered.strip_prefix(". ")).flatten();
    ["- ", "* ", "+ ", "> "]
        .iter()
        .find_map(|marker| content.strip_prefix(marker))
        .or(numbered)
        .unwrap_or(content)
}

#[derive(Default)]
struct Cutter {
    passages: Vec<Passage>,
    under: String,
    sentence: Vec<String>,
    begins_on: usize,
    kind: Kind,
    /// Below a list item four spaces continue the item.
    is_list: bool,
}

impl Cutter {
    fn begin(&mut self, kind: Kind) {
        self.end_sentence();
        self.kind = kind;
    }

    /// Ends the sentence before an empty line, a row or an item; any other line goes on with it.
    fn begin_block(&mut self, content: &str) {
        let is_item = item_text(content).len() < content.len();
        if content.starts_with('|') {
            self.begin(Kind::Row);
        } else if is_item || content.is_empty() || self.kind != Kind::Prose {
            self.begin(Kind::Prose);
        }
        self.is_list = is_item
            || (self.is_list && content.is_empty())
            || (self.is_list && !self.sentence.is_empty());
    }

    fn is_indented_code(&self, content: &str) -> bool {
        let is_indented = content.starts_with("    ") || content.starts_with('\t');
        let may_begin = self.sentence.is_empty() || self.kind == Kind::Code;
        is_indented && may_begin && !self.is_list && !content.trim().is_empty()
    }

    fn add(&mut self, line: usize, content: &str) {
        for word in content.split_whitespace() {
            let ends = self.sentence.last().is_some_and(|last| ends_sentence(last));
            if (ends && begins_sentence(word)) || self.sentence.len() == PASSAGE_WORDS_MAX {
                self.end_sentence();
            }
            if self.sentence.is_empty() {
                self.begins_on = line;
            }
            self.sentence.push(word.to_owned());
        }
    }

    fn end_sentence(&mut self) {
        let words = std::mem::take(&mut self.sentence);
        let spoken = words.iter().filter(|word| word.contains(char::is_alphanumeric));
        if spoken.count() >= PASSAGE_WORDS_MIN {
            self.passages.push(Passage {
                line: self.begins_on,
                under: self.under.clone(),
                text: words.join(" "),
                kind: match words.last() {
                    Some(last) if self.kind == Kind::Prose && last.ends_with('?') => Kind::Question,
                    _ => self.kind,
                },
            });
        }
    }
}

fn ends_sentence(word: &str) -> bool {
    let bare = word.trim_end_matches([')', '*', '"', '”', '`', '_']);
    bare.ends_with(['.', '!', '?']) && !matches!(bare, "e.g." | "i.e." | "etc." | "cf." | "vs.")
}

fn begins_sentence(word: &str) -> bool {
    !word.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{Kind, passages};

    #[test]
    fn a_sentence_that_wraps_is_one_passage_with_its_first_line() {
        let text = "# Rings\n\nA full ring refuses the\nnewest record, e.g. yours. The writer\nnever waits.\n";
        let found = passages(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text, "A full ring refuses the newest record, e.g. yours.");
        assert_eq!((found[0].line, found[0].under.as_str()), (3, "Rings"));
        assert_eq!((found[1].line, found[1].text.as_str()), (4, "The writer never waits."));
    }

    #[test]
    fn items_rows_and_code_end_a_sentence() {
        let text = "- one two three\n- four five six\n1. seven eight nine\n| a b | c d |\n|---|---|\n```\nlet x = 1;\nlet y = 2;\n```\n";
        let found = passages(text);
        assert_eq!([2, 3, 4].map(|at| found[at].kind), [Kind::Prose, Kind::Row, Kind::Code]);
        let found: Vec<_> = found.into_iter().map(|one| one.text).collect();
        let expected = [
            "one two three",
            "four five six",
            "seven eight nine",
            "| a b | c d |",
            "let x = 1;",
            "let y = 2;",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn indented_lines_are_code_except_below_an_item() {
        let text = "- an item of words\n\n    that goes on here\nEnd of the item.\n\nSome prose asks why?\n\n    let x = 1;\n    let y = 2;\n";
        let found: Vec<_> = passages(text).into_iter().map(|one| one.kind).collect();
        assert_eq!(found, [Kind::Prose, Kind::Prose, Kind::Question, Kind::Code, Kind::Code]);
    }

    #[test]
    fn text_without_a_full_stop_is_cut_in_bounded_pieces() {
        let found = passages(&"word ".repeat(200));
        assert_eq!(found.len(), 3);
    }
}
