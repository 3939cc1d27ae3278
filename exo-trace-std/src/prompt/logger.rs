//! A log of prompts: how many tokens each call of a model sent, and never what they say.
//!
//! Every call is a line through the [`log`] facade under the target `exo.trace.prompt`, an event on
//! the current span, and an entry in a bounded list. None of the three holds a message or an answer.
//!
//! Cost: names are copied, so it allocates, and the answer's letters are counted once. No vocabulary
//! counts on the caller's thread: that is for whoever reads the entries.

use super::breakdown::{CountMethod, TokenBreakdown};
use super::entry::{Execution, ExecutionLogEntry};
use super::estimate::{DEFAULT_CHAR_TOKEN_RATIO, compute_token_breakdown_at, estimate_tokens_at};
use super::exact;
use super::kept::Kept;
use super::line::line;
use super::messages::Messages;
use crate::{Span, attributes};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The target of every line.
const TARGET: &str = "exo.trace.prompt";
/// How many entries are kept, unless the caller says otherwise.
const ENTRIES_MAX: usize = 1_000;

/// Logs calls of models with the tokens of each role.
///
/// ```
/// use exo_trace_std::{PromptLogger, compute_token_breakdown};
/// use serde_json::json;
///
/// let messages = json!([{"role": "user", "content": "How fast do tides rise?"}]);
/// let breakdown = compute_token_breakdown(&messages);
///
/// let logger = PromptLogger::new();
/// let entry = logger.log(&messages, "A metre an hour.", "gpt-4o", breakdown);
/// assert_eq!((entry.breakdown.user_tokens, entry.response_tokens), (5, 4));
/// assert_eq!(logger.entries(), [entry]);
/// ```
#[derive(Debug)]
pub struct PromptLogger {
    entries_max: usize,
    context_window: u64,
    ratio: f64,
    response_bytes_max: usize,
    kept: Mutex<Kept>,
}

impl PromptLogger {
    /// Makes a logger that keeps 1,000 entries and knows no context window.
    pub fn new() -> Self {
        Self {
            entries_max: ENTRIES_MAX,
            context_window: 0,
            ratio: DEFAULT_CHAR_TOKEN_RATIO,
            response_bytes_max: 0,
            kept: Mutex::default(),
        }
    }

    /// Keeps so many entries; 0 keeps none.
    #[must_use]
    pub fn with_capacity(self, entries_max: usize) -> Self {
        Self { entries_max, ..self }
    }

    /// Takes models to have a context window of so many tokens.
    #[must_use]
    pub fn with_context_window(self, context_window: u64) -> Self {
        Self { context_window, ..self }
    }

    /// Estimates at so many letters per token instead of four.
    ///
    /// What it estimates itself, that is; tokens that are counted already stay as they are.
    ///
    /// ```
    /// use exo_trace_std::{Message, PromptLogger, compute_token_breakdown};
    ///
    /// let (logger, asked) = (PromptLogger::new().with_char_token_ratio(2.0), Message::user("Wer?"));
    /// let entry = logger.log(&asked, "Wir.", "gpt-4o", compute_token_breakdown(&asked));
    /// assert_eq!((entry.breakdown.user_tokens, entry.response_tokens), (1, 2), "four letters each");
    /// ```
    #[must_use]
    pub fn with_char_token_ratio(self, ratio: f64) -> Self {
        Self { ratio, ..self }
    }

    /// Counts answers exactly, where the messages were, once the entries are read.
    ///
    /// Until then up to so many bytes of answers are kept in memory, where nothing shows them. An
    /// answer that finds no room stays an estimate, see
    /// [`responses_estimated`](Self::responses_estimated).
    #[must_use]
    pub fn with_exact_responses(self, response_bytes_max: usize) -> Self {
        Self { response_bytes_max, ..self }
    }

    /// Logs a call and its answer in one line, with tokens that are counted already.
    ///
    /// The answer is estimated at the logger's [ratio](Self::with_char_token_ratio), whatever the
    /// breakdown was counted with; [`compute_token_breakdown_at`] takes the same. The answer is not
    /// kept, unless [exactly counted](Self::with_exact_responses) answers are wanted; the messages
    /// never are.
    pub fn log(
        &self,
        messages: &(impl Messages + ?Sized),
        response: &str,
        model: &str,
        breakdown: TokenBreakdown,
    ) -> ExecutionLogEntry {
        let execution = Execution {
            model_name: model,
            context_window: self.context_window,
            breakdown: Some(breakdown),
            ..Execution::default()
        };
        let mut entry = ExecutionLogEntry::new(messages.message_count(), &execution);
        entry.answered(estimate_tokens_at(response, self.ratio), CountMethod::Estimate);
        log::info!(target: TARGET, "{}", line(&entry));
        self.keep(entry, response)
    }

    /// Logs a call of which more is known than of [`log`](Self::log)'s, and no answer, in one line.
    ///
    /// The summary of the Python package's lines is [`ExecutionLogEntry::format_summary`]. Tokens are
    /// estimated at the logger's ratio, unless the execution brings a breakdown: each text is read once, on this thread.
    pub fn log_execution(
        &self,
        messages: &(impl Messages + ?Sized),
        execution: Execution<'_>,
    ) -> ExecutionLogEntry {
        let mut entry = ExecutionLogEntry::new(messages.message_count(), &execution);
        if execution.breakdown.is_none() {
            entry.breakdown = compute_token_breakdown_at(messages, self.ratio);
        }
        if entry.context_window == 0 {
            entry.context_window = self.context_window;
        }
        entry.answered(0, CountMethod::Estimate);
        log::info!(target: TARGET, "{}", line(&entry));
        self.keep(entry, "")
    }

    /// Returns the entries that are kept, the oldest first.
    ///
    /// Counts the answers that are [to be counted](Self::with_exact_responses); another thread that
    /// reads meanwhile sees estimates, and none that logs waits.
    pub fn entries(&self) -> Vec<ExecutionLogEntry> {
        let answers = self.kept().take_answers();
        for (number, answer) in answers {
            let tokens = exact::count_as(answer.method, answer.text());
            self.kept().counted(number, &answer, tokens);
        }
        self.kept().entries().cloned().collect()
    }

    /// Returns how many entries were dropped to make room for newer ones.
    pub fn entries_dropped(&self) -> u64 {
        self.kept().dropped
    }

    /// Returns how many answers were to be counted exactly and stay estimates: there was no room for
    /// them, or the vocabulary gave up on them.
    pub fn responses_estimated(&self) -> u64 {
        self.kept().estimated
    }

    fn keep(&self, entry: ExecutionLogEntry, response: &str) -> ExecutionLogEntry {
        tell_current_span(&entry);
        let method = entry.breakdown.method();
        let is_wanted = self.response_bytes_max > 0 && method != CountMethod::Estimate;
        let mut kept = self.kept();
        let answer = if is_wanted && !response.is_empty() {
            kept.answer(response, method, self.response_bytes_max)
        } else {
            None
        };
        kept.keep(entry.clone(), answer, self.entries_max);
        entry
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing between the two ends of a change can panic.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for PromptLogger {
    fn default() -> Self {
        Self::new()
    }
}

/// The conventions' names are for what the provider reports; what is counted here has its own.
fn tell_current_span(entry: &ExecutionLogEntry) {
    let TokenBreakdown { system_tokens, user_tokens, assistant_tokens, .. } = entry.breakdown;
    let TokenBreakdown { tool_tokens, other_tokens, total_tokens, .. } = entry.breakdown;
    let method = entry.breakdown.method().as_str();
    Span::current().add_event(
        "exo.prompt",
        attributes! {
            gen_ai.request.model = entry.model_name.as_str(),
            exo.prompt.messages = entry.message_count,
            exo.prompt.system_tokens = system_tokens,
            exo.prompt.user_tokens = user_tokens,
            exo.prompt.assistant_tokens = assistant_tokens,
            exo.prompt.tool_tokens = tool_tokens,
            exo.prompt.other_tokens = other_tokens,
            exo.prompt.total_tokens = total_tokens,
            exo.prompt.response_tokens = entry.response_tokens,
            exo.prompt.method = method,
            exo.prompt.response_method = entry.response_method.as_str(),
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    #[test]
    fn the_oldest_entries_leave_and_are_counted() {
        let logger = PromptLogger::new().with_capacity(2);
        for model in ["first", "second", "third"] {
            logger.log(&Message::user("hi"), "", model, TokenBreakdown::default());
        }
        let models = logger.entries().into_iter().map(|entry| entry.model_name);
        assert_eq!(models.collect::<Vec<_>>(), ["second", "third"]);
        assert_eq!(logger.entries_dropped(), 1);
    }

    #[test]
    fn no_room_keeps_no_entry_and_counts_it() {
        let logger = PromptLogger::new().with_capacity(0);
        let entry = logger.log_execution(&Message::user("hi"), Execution::default());
        assert_eq!((entry.message_count, entry.breakdown.user_tokens), (1, 1));
        assert!(logger.entries().is_empty());
        assert_eq!(logger.entries_dropped(), 1);
    }

    #[test]
    fn an_execution_takes_what_the_logger_knows_unless_it_knows_better() {
        let logger = PromptLogger::new().with_context_window(128_000).with_char_token_ratio(1.0);
        let message = Message::user("hi");
        let entry = logger.log_execution(&message, Execution::default());
        assert_eq!((entry.context_window, entry.breakdown.user_tokens), (128_000, 2));
        let counted = TokenBreakdown::default().with("user", 9);
        let execution =
            Execution { context_window: 8_000, breakdown: Some(counted), ..Execution::default() };
        let entry = logger.log_execution(&message, execution);
        assert_eq!((entry.context_window, entry.breakdown), (8_000, counted));
    }
}
