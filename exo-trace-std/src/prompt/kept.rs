//! The entries that a logger keeps: the newest ones, and answers that are counted when they are read.
//!
//! A vocabulary counts some megabytes a second, and takes a quarter of a second to be read first. So
//! whoever logs leaves the text here, and whoever reads counts it.

use super::breakdown::CountMethod;
use super::entry::ExecutionLogEntry;
use std::collections::VecDeque;
use std::fmt;

/// The newest entries, with what is still to be counted.
#[derive(Debug, Default)]
pub(super) struct Kept {
    entries: VecDeque<(ExecutionLogEntry, Option<Answer>)>,
    pub(super) dropped: u64,
    /// Answers that were to be counted, and stay estimates.
    pub(super) estimated: u64,
    /// How many bytes of answers are here, or with whoever counts them.
    answer_bytes: usize,
}

/// The text of an answer, and what counts it.
pub(super) struct Answer {
    text: Box<str>,
    pub(super) method: CountMethod,
}

impl Kept {
    /// Keeps an entry; the oldest leave when there are more than `entries_max`.
    pub(super) fn keep(
        &mut self,
        entry: ExecutionLogEntry,
        answer: Option<Answer>,
        entries_max: usize,
    ) {
        self.answer_bytes += answer.as_ref().map_or(0, Answer::len_bytes);
        self.entries.push_back((entry, answer));
        while self.entries.len() > entries_max {
            let left = self.entries.pop_front().and_then(|(_, answer)| answer);
            self.answer_bytes -= left.as_ref().map_or(0, Answer::len_bytes);
            self.dropped += 1;
        }
    }

    /// Returns an answer to be kept, if all that are kept have no more than `bytes_max` then.
    pub(super) fn answer(
        &mut self,
        text: &str,
        method: CountMethod,
        bytes_max: usize,
    ) -> Option<Answer> {
        if text.len() > bytes_max.saturating_sub(self.answer_bytes) {
            self.estimated += 1;
            return None;
        }
        Some(Answer { text: text.into(), method })
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &ExecutionLogEntry> {
        self.entries.iter().map(|(entry, _)| entry)
    }

    /// Returns the answers that are still to be counted, each with the number of its entry.
    pub(super) fn take_answers(&mut self) -> Vec<(u64, Answer)> {
        let numbered = (self.dropped..).zip(&mut self.entries);
        numbered.filter_map(|(number, (_, answer))| Some((number, answer.take()?))).collect()
    }

    /// Takes down how many tokens an answer has, if that could be counted.
    pub(super) fn counted(&mut self, number: u64, answer: &Answer, tokens: Option<u64>) {
        self.answer_bytes -= answer.len_bytes();
        let Some(tokens) = tokens else {
            self.estimated += 1;
            return;
        };
        let place = number.checked_sub(self.dropped).and_then(|place| usize::try_from(place).ok());
        if let Some((entry, _)) = place.and_then(|place| self.entries.get_mut(place)) {
            entry.answered(tokens, answer.method);
        }
    }
}

impl Answer {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn len_bytes(&self) -> usize {
        self.text.len()
    }
}

/// Its words are nobody's business.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({} bytes)", self.len_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::entry::Execution;

    const LETTERS: CountMethod = CountMethod::Encoding("letters");

    fn entry(model: &str) -> ExecutionLogEntry {
        ExecutionLogEntry::new(1, &Execution { model_name: model, ..Execution::default() })
    }

    fn log(kept: &mut Kept, model: &str, text: &str) {
        let answer = kept.answer(text, LETTERS, 10);
        kept.keep(entry(model), answer, 2);
    }

    #[test]
    fn an_answer_is_counted_into_its_own_entry_or_into_none() {
        let mut kept = Kept::default();
        log(&mut kept, "first", "four");
        log(&mut kept, "second", "three");
        let answers = kept.take_answers();
        assert!(kept.take_answers().is_empty(), "one reader counts each");
        log(&mut kept, "third", "");
        for (number, answer) in &answers {
            kept.counted(*number, answer, Some(answer.text().len() as u64));
        }
        let tokens = kept.entries().map(|entry| (entry.model_name.as_str(), entry.response_tokens));
        assert_eq!(tokens.collect::<Vec<_>>(), [("second", 5), ("third", 0)]);
        assert_eq!((kept.answer_bytes, kept.dropped, kept.estimated), (0, 1, 0));
    }

    #[test]
    fn answers_have_a_bound_and_leave_with_their_entries() {
        let mut kept = Kept::default();
        log(&mut kept, "first", "seven or");
        log(&mut kept, "second", "too long");
        assert_eq!((kept.answer_bytes, kept.estimated), (8, 1));
        log(&mut kept, "third", "two");
        assert_eq!((kept.answer_bytes, kept.estimated), (0, 2), "the first was there until then");
        log(&mut kept, "fourth", "room again");
        assert_eq!((kept.answer_bytes, kept.estimated), (10, 2));
        let [(_, answer)] = &kept.take_answers()[..] else { panic!("one is to be counted") };
        assert_eq!(format!("{answer:?}"), "Answer(10 bytes)");
        kept.counted(3, answer, None);
        assert_eq!((kept.answer_bytes, kept.estimated), (0, 3), "it could not be counted");
    }
}
