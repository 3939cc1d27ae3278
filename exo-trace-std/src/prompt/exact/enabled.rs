//! Tokens counted with the vocabularies of OpenAI's models, chosen by the model's name.
//!
//! Each vocabulary is read on first use, once in the life of the process, by the thread that counts
//! first: a quarter of a second and 46 MB of memory for `o200k_base`, 80 ms and 24 MB for
//! `cl100k_base`. What looks like a command, `<|endoftext|>` for one, is counted as the text it is.
//!
//! A text with a very long run of blanks is not counted: the expression that cuts texts into words
//! gives up on it, and the library that holds it panics then.

use crate::prompt::breakdown::{CountMethod, TokenBreakdown};
use crate::prompt::estimate::compute_token_breakdown;
use crate::prompt::messages::Messages;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use tiktoken_rs::tokenizer::{Tokenizer, get_tokenizer};
use tiktoken_rs::{CoreBPE, cl100k_base, o200k_base, p50k_base, r50k_base};

/// How many bytes of blanks in a row are counted; the expression fails at about ten times as many.
const BLANK_BYTES_MAX: usize = 100_000;

/// Counts how many tokens each role has for a model, or estimates for a model nobody knows.
///
/// [`TokenBreakdown::method`] says which: the name of the encoding, or an estimate. Known are OpenAI's
/// models, also by the names of their versions and of fine-tuned ones. An image is estimated always;
/// a text that holds more than 100,000 blanks in a row makes all of it an estimate.
///
/// ```
/// use exo_trace_std::{CountMethod, Message, compute_token_breakdown_for};
///
/// let messages = [Message::system("You answer briefly."), Message::user("How fast do tides rise?")];
/// let exact = compute_token_breakdown_for("gpt-4o", &messages);
/// assert_eq!(exact.method(), CountMethod::Encoding("o200k_base"));
/// assert_eq!((exact.system_tokens, exact.user_tokens), (4, 6));
///
/// let estimate = compute_token_breakdown_for("my-own-model", &messages);
/// assert_eq!(estimate.method(), CountMethod::Estimate);
/// ```
pub fn compute_token_breakdown_for(
    model: &str,
    messages: &(impl Messages + ?Sized),
) -> TokenBreakdown {
    let exact = Encoding::of_model(model).and_then(|encoding| {
        let method = CountMethod::Encoding(encoding.name);
        TokenBreakdown::count(messages, method, |text| encoding.count(text))
    });
    exact.unwrap_or_else(|| compute_token_breakdown(messages))
}

/// Counts the tokens of a text for a model; `None` where [`compute_token_breakdown_for`] estimates.
///
/// ```
/// assert_eq!(exo_trace_std::count_tokens("gpt-4o", "How fast do tides rise?"), Some(6));
/// assert_eq!(exo_trace_std::count_tokens("my-own-model", "How fast do tides rise?"), None);
/// ```
pub fn count_tokens(model: &str, text: &str) -> Option<u64> {
    Encoding::of_model(model)?.count(text)
}

/// Counts a text with the encoding that a breakdown was counted with.
pub(in crate::prompt) fn count_as(method: CountMethod, text: &str) -> Option<u64> {
    let CountMethod::Encoding(name) = method else { return None };
    ENCODINGS.iter().find(|encoding| encoding.name == name)?.count(text)
}

/// A vocabulary, and how it is read.
struct Encoding {
    name: &'static str,
    read: fn() -> Option<CoreBPE>,
    vocabulary: OnceLock<Option<CoreBPE>>,
}

static ENCODINGS: [Encoding; 4] = [
    Encoding::new("o200k_base", || o200k_base().ok()),
    Encoding::new("cl100k_base", || cl100k_base().ok()),
    Encoding::new("p50k_base", || p50k_base().ok()),
    Encoding::new("r50k_base", || r50k_base().ok()),
];

impl Encoding {
    const fn new(name: &'static str, read: fn() -> Option<CoreBPE>) -> Self {
        Self { name, read, vocabulary: OnceLock::new() }
    }

    /// Encodings that differ only in their commands are one here.
    fn of_model(model: &str) -> Option<&'static Self> {
        let [o200k, cl100k, p50k, r50k] = &ENCODINGS;
        Some(match get_tokenizer(model)? {
            Tokenizer::O200kBase | Tokenizer::O200kHarmony => o200k,
            Tokenizer::Cl100kBase => cl100k,
            Tokenizer::P50kBase | Tokenizer::P50kEdit => p50k,
            Tokenizer::R50kBase | Tokenizer::Gpt2 => r50k,
        })
    }

    fn count(&self, text: &str) -> Option<u64> {
        if longest_blank_bytes(text) > BLANK_BYTES_MAX {
            return None;
        }
        let vocabulary = self.vocabulary.get_or_init(self.read).as_ref()?;
        // No other text is known to make it panic; a caller shall not learn of one in this way.
        let counted = catch_unwind(AssertUnwindSafe(|| vocabulary.count_ordinary(text)));
        counted.ok().map(|tokens| tokens as u64)
    }
}

fn longest_blank_bytes(text: &str) -> usize {
    let mut start = 0;
    let mut longest = 0;
    while let Some(found) = text.get(start..).and_then(|rest| rest.find(char::is_whitespace)) {
        let rest = &text[start + found..];
        let blank = rest.len() - rest.trim_start().len();
        longest = longest.max(blank);
        start += found + blank;
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    #[test]
    fn models_have_the_encodings_their_makers_gave_them() {
        let encoding = |model| Encoding::of_model(model).map(|encoding| encoding.name);
        for model in ["gpt-4o", "gpt-4o-2024-08-06", "o3", "ft:gpt-4o:me::1", "gpt-oss-20b"] {
            assert_eq!(encoding(model), Some("o200k_base"), "{model}");
        }
        assert_eq!(encoding("gpt-4-turbo"), Some("cl100k_base"));
        assert_eq!(encoding("text-embedding-3-small"), Some("cl100k_base"));
        assert_eq!(encoding("text-davinci-003"), Some("p50k_base"));
        assert_eq!(encoding("gpt2"), Some("r50k_base"));
        for model in ["", "claude-sonnet-4-5", "GPT-4o", "gemini-2.5-pro"] {
            assert_eq!(encoding(model), None, "{model}");
        }
    }

    #[test]
    fn every_encoding_counts_and_is_found_by_its_name() {
        for encoding in &ENCODINGS {
            let counted = count_as(CountMethod::Encoding(encoding.name), "hello world");
            assert_eq!(counted, Some(2), "{}", encoding.name);
        }
        assert_eq!(count_as(CountMethod::Encoding("letters"), "hello world"), None);
        assert_eq!(count_as(CountMethod::Estimate, "hello world"), None);
    }

    #[test]
    fn a_command_in_a_text_is_text() {
        assert!(count_tokens("gpt-4o", "<|endoftext|>") > Some(1));
    }

    #[test]
    fn a_desert_of_blanks_makes_it_an_estimate() {
        assert_eq!(longest_blank_bytes("a  b \u{3000}\n c"), 6);
        assert_eq!(longest_blank_bytes(""), 0);
        let desert = " ".repeat(BLANK_BYTES_MAX + 1);
        assert_eq!(count_tokens("gpt-4o", &desert), None);
        let messages = [Message::user("a"), Message::user(desert)];
        let breakdown = compute_token_breakdown_for("gpt-4o", &messages);
        assert_eq!(breakdown, compute_token_breakdown(&messages));
        let longest = " ".repeat(BLANK_BYTES_MAX);
        assert!(count_tokens("gpt-4o", &longest).is_some());
    }
}
