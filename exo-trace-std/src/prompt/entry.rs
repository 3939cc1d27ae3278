//! One logged call of a model: who called which model, with how many tokens, for how long.

use super::breakdown::{CountMethod, TokenBreakdown};
use super::pricing;
use std::fmt::Write;

/// What [`PromptLogger::log_execution`](crate::PromptLogger::log_execution) is told besides the
/// messages; what is not given stays out.
///
/// ```
/// use exo_trace_std::Execution;
///
/// let execution = Execution { agent_name: "researcher", duration_s: 1.25, ..Default::default() };
/// assert_eq!(execution.model_name, "");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Execution<'a> {
    /// The agent that called.
    pub agent_name: &'a str,
    /// The model that was called.
    pub model_name: &'a str,
    /// How many tokens the model takes; 0 stands for the logger's own window.
    pub context_window: u64,
    /// The tools the model was offered.
    pub tool_names: &'a [&'a str],
    /// How long the call took, in seconds.
    pub duration_s: f64,
    /// Tokens that are counted already, to take instead of an estimate.
    pub breakdown: Option<TokenBreakdown>,
}

/// One logged call of a model.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ExecutionLogEntry {
    /// The agent that called, or nothing.
    pub agent_name: String,
    /// The model that was called, or nothing.
    pub model_name: String,
    /// How many messages were sent.
    pub message_count: usize,
    /// The tools the model was offered.
    pub tool_names: Vec<String>,
    /// Tokens per role.
    pub breakdown: TokenBreakdown,
    /// Tokens of the answer; 0 where there was none to count.
    pub response_tokens: u64,
    /// Whether those are an estimate, or which encoding they were counted with.
    pub response_method: CountMethod,
    /// What the tokens of this entry cost in US dollars, by the prices in the configuration; `None`
    /// where it has none for the model. What the provider reports is on the span of the call.
    pub cost_usd: Option<f64>,
    /// How many tokens the model takes, or 0.
    pub context_window: u64,
    /// How long the call took, in seconds.
    pub duration_s: f64,
}

/// How long a name is kept, in bytes; the rest is cut off on a character boundary.
const NAME_BYTES_MAX: usize = 256;
/// How many names of tools are kept, the first ones.
const TOOL_NAMES_MAX: usize = 128;

impl ExecutionLogEntry {
    pub(super) fn new(message_count: usize, execution: &Execution<'_>) -> Self {
        let tool_names = execution.tool_names.iter().take(TOOL_NAMES_MAX);
        Self {
            agent_name: kept(execution.agent_name),
            model_name: kept(execution.model_name),
            message_count,
            tool_names: tool_names.map(|name| kept(name)).collect(),
            breakdown: execution.breakdown.unwrap_or_default(),
            response_tokens: 0,
            response_method: CountMethod::Estimate,
            cost_usd: None,
            context_window: execution.context_window,
            duration_s: execution.duration_s,
        }
    }

    /// Returns the entry as the lines of the Python package's summary; its `k` is 1,024 tokens.
    ///
    /// ```
    /// use exo_trace_std::{Execution, Message, PromptLogger};
    ///
    /// let window = Execution { context_window: 1_024, ..Default::default() };
    /// let entry = PromptLogger::new().log_execution(&Message::user("How fast do tides rise?"), window);
    /// let expected = "Agent:   Model: \n\
    ///     Messages: 1  Duration: 0.000s\n\
    ///     Tokens: 0.0k / 1.0k (0.5%)\n  \
    ///       system=0 (0.0%)  user=5 (0.5%)  assistant=0 (0.0%)\n  \
    ///       tool=0 (0.0%)  other=0 (0.0%)  free=1019 (99.5%)";
    /// assert_eq!(entry.format_summary(), expected);
    /// ```
    pub fn format_summary(&self) -> String {
        let mut summary = format!(
            "Agent: {}  Model: {}\nMessages: {}  Duration: {:.3}s\n{}",
            self.agent_name,
            self.model_name,
            self.message_count,
            self.duration_s,
            match self.context_window {
                0 => self.tokens(),
                _ => self.tokens_of_window(),
            }
        );
        if !self.tool_names.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(summary, "\nTools: {}", self.tool_names.join(", "));
        }
        summary
    }

    /// Takes down how many tokens the answer has, and what all of it costs then.
    pub(super) fn answered(&mut self, tokens: u64, method: CountMethod) {
        (self.response_tokens, self.response_method) = (tokens, method);
        self.cost_usd =
            pricing::cost_usd(&self.model_name, self.breakdown.total_tokens, self.response_tokens);
    }

    fn tokens(&self) -> String {
        let TokenBreakdown { system_tokens, user_tokens, assistant_tokens, .. } = self.breakdown;
        let TokenBreakdown { tool_tokens, total_tokens, .. } = self.breakdown;
        format!(
            "Tokens: {total_tokens} (system={system_tokens} user={user_tokens} \
             assistant={assistant_tokens} tool={tool_tokens})"
        )
    }

    fn tokens_of_window(&self) -> String {
        let (breakdown, window) = (&self.breakdown, self.context_window);
        let shares = breakdown.percentages(window);
        let thousands = |tokens: u64| tokens as f64 / 1024.0;
        format!(
            "Tokens: {:.1}k / {:.1}k ({:.1}%)\n  \
             system={} ({:.1}%)  user={} ({:.1}%)  assistant={} ({:.1}%)\n  \
             tool={} ({:.1}%)  other={} ({:.1}%)  free={} ({:.1}%)",
            thousands(breakdown.total_tokens),
            thousands(window),
            breakdown.total_tokens as f64 / window as f64 * 100.0,
            breakdown.system_tokens,
            shares.system,
            breakdown.user_tokens,
            shares.user,
            breakdown.assistant_tokens,
            shares.assistant,
            breakdown.tool_tokens,
            shares.tool,
            breakdown.other_tokens,
            shares.other,
            window.saturating_sub(breakdown.total_tokens),
            shares.free,
        )
    }
}

fn kept(name: &str) -> String {
    name[..name.floor_char_boundary(NAME_BYTES_MAX)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(context_window: u64) -> ExecutionLogEntry {
        let breakdown = TokenBreakdown::default()
            .with("system", 7)
            .with("user", 7)
            .with("assistant", 8)
            .with("critic", 2);
        let execution = Execution {
            agent_name: "researcher",
            model_name: "gpt-4o",
            context_window,
            tool_names: &["search", "read_file"],
            duration_s: 1.2345,
            breakdown: Some(breakdown),
        };
        ExecutionLogEntry::new(4, &execution)
    }

    #[test]
    fn without_a_window_the_tokens_take_one_line() {
        let expected = "Agent: researcher  Model: gpt-4o\n\
            Messages: 4  Duration: 1.234s\n\
            Tokens: 24 (system=7 user=7 assistant=8 tool=0)\n\
            Tools: search, read_file";
        assert_eq!(entry(0).format_summary(), expected);
    }

    #[test]
    fn with_a_window_each_role_has_its_share_of_it() {
        let mut entry = entry(128_000);
        entry.tool_names.clear();
        let expected = "Agent: researcher  Model: gpt-4o\n\
            Messages: 4  Duration: 1.234s\n\
            Tokens: 0.0k / 125.0k (0.0%)\n  \
              system=7 (0.0%)  user=7 (0.0%)  assistant=8 (0.0%)\n  \
              tool=0 (0.0%)  other=2 (0.0%)  free=127976 (100.0%)";
        assert_eq!(entry.format_summary(), expected);
    }

    #[test]
    fn an_overfull_window_has_nothing_free() {
        let summary = entry(16).format_summary();
        assert!(summary.contains("Tokens: 0.0k / 0.0k (150.0%)"), "{summary}");
        assert!(summary.contains("free=0 (0.0%)"), "{summary}");
    }

    #[test]
    fn names_without_end_are_cut_on_a_character() {
        let name = format!("{}ü", "x".repeat(NAME_BYTES_MAX - 1));
        let tools = vec![name.as_str(); TOOL_NAMES_MAX + 1];
        let execution = Execution { model_name: &name, tool_names: &tools, ..Execution::default() };
        let entry = ExecutionLogEntry::new(0, &execution);
        assert_eq!(entry.model_name, "x".repeat(NAME_BYTES_MAX - 1));
        assert_eq!(entry.tool_names.len(), TOOL_NAMES_MAX);
    }
}
