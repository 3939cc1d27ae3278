//! How many tokens of a conversation each role has.

use super::messages::{Messages, Piece};
use std::fmt;

/// Tokens per role, and how they were counted.
///
/// They are the tokens of what was said: the three or four that OpenAI's models add per message
/// belong to no role and are not in it, so a provider's own count is a little higher.
///
/// `total_tokens` is the sum of the five. Roles are told apart letter by letter: `developer` and
/// `System` are other.
///
/// ```
/// use exo_trace_std::TokenBreakdown;
///
/// let breakdown = TokenBreakdown::default().with("system", 7).with("critic", 3);
/// assert_eq!((breakdown.system_tokens, breakdown.other_tokens), (7, 3));
/// assert_eq!(breakdown.total_tokens, 10);
/// ```
#[doc(alias = "total")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TokenBreakdown {
    /// What the model was told it is.
    pub system_tokens: u64,
    /// What the user said.
    pub user_tokens: u64,
    /// What the model said and called.
    pub assistant_tokens: u64,
    /// What tools returned.
    pub tool_tokens: u64,
    /// What anybody else said.
    pub other_tokens: u64,
    /// All of these.
    pub total_tokens: u64,
    method: CountMethod,
}

/// Where a number of tokens comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CountMethod {
    /// From the number of letters, at the ratio of whoever estimates: a logger's for what it estimates
    /// itself. What a caller adds up is held for an estimate too.
    #[default]
    Estimate,
    /// From the vocabulary of this name, `o200k_base` for one.
    Encoding(&'static str),
}

impl CountMethod {
    /// Returns `estimate`, or the encoding's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Estimate => "estimate",
            Self::Encoding(name) => name,
        }
    }
}

impl fmt::Display for CountMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TokenBreakdown {
    /// Adds tokens of a role, to it and to the total.
    #[must_use]
    pub fn with(mut self, role: &str, tokens: u64) -> Self {
        let of_role = match role {
            "system" => &mut self.system_tokens,
            "user" => &mut self.user_tokens,
            "assistant" => &mut self.assistant_tokens,
            "tool" => &mut self.tool_tokens,
            _ => &mut self.other_tokens,
        };
        *of_role = of_role.saturating_add(tokens);
        self.total_tokens = self.total_tokens.saturating_add(tokens);
        self
    }

    /// Returns whether this is an estimate, or which encoding it was counted with.
    pub fn method(&self) -> CountMethod {
        self.method
    }

    /// Returns each role's share of a context window in percent, and what is free of it.
    ///
    /// With no window, zero tokens long, all are 0. More tokens than the window has make shares that
    /// add up to more than 100, and nothing free.
    ///
    /// ```
    /// use exo_trace_std::TokenBreakdown;
    ///
    /// let shares = TokenBreakdown::default().with("user", 250).percentages(1_000);
    /// assert_eq!((shares.user, shares.free), (25.0, 75.0));
    /// ```
    pub fn percentages(&self, window: u64) -> Percentages {
        if window == 0 {
            return Percentages::default();
        }
        let share = |tokens: u64| tokens as f64 / window as f64 * 100.0;
        Percentages {
            system: share(self.system_tokens),
            user: share(self.user_tokens),
            assistant: share(self.assistant_tokens),
            tool: share(self.tool_tokens),
            other: share(self.other_tokens),
            free: share(window.saturating_sub(self.total_tokens)),
        }
    }

    /// Counts messages with `tokens`; `None` as soon as that says nothing of a text.
    pub(super) fn count(
        messages: &(impl Messages + ?Sized),
        method: CountMethod,
        tokens: impl Fn(&str) -> Option<u64>,
    ) -> Option<Self> {
        let mut counted = Some(Self { method, ..Self::default() });
        messages.for_each_piece(&mut |role, piece| {
            counted = counted.and_then(|breakdown| {
                let tokens = match piece {
                    Piece::Text(text) => tokens(text)?,
                    Piece::Tokens(tokens) => tokens,
                };
                Some(breakdown.with(role, tokens))
            });
        });
        counted
    }
}

/// What share of a context window each role has, in percent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Percentages {
    /// The share of what the model was told it is.
    pub system: f64,
    /// The share of what the user said.
    pub user: f64,
    /// The share of what the model said and called.
    pub assistant: f64,
    /// The share of what tools returned.
    pub tool: f64,
    /// The share of what anybody else said.
    pub other: f64,
    /// What is left of the window.
    pub free: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Message, compute_token_breakdown};

    #[test]
    fn roles_are_told_apart_letter_by_letter() {
        let roles = ["system", "user", "assistant", "tool", "System", "developer", "", "tool "];
        let messages = roles.map(|role| Message::new(role, "four"));
        let breakdown = compute_token_breakdown(&messages);
        let named = [breakdown.system_tokens, breakdown.user_tokens, breakdown.assistant_tokens];
        assert_eq!(named, [1, 1, 1]);
        assert_eq!((breakdown.tool_tokens, breakdown.other_tokens), (1, 4));
        assert_eq!(breakdown.total_tokens, 8);
        assert_eq!(breakdown.method().to_string(), "estimate");
    }

    #[test]
    fn shares_of_an_overfull_window_pass_a_hundred_and_leave_nothing_free() {
        let breakdown = TokenBreakdown::default().with("user", 300).with("tool", 100);
        let shares = breakdown.percentages(200);
        assert_eq!((shares.user, shares.tool, shares.free), (150.0, 50.0, 0.0));
        assert_eq!(breakdown.percentages(0), Percentages::default());
    }

    #[test]
    fn a_text_nobody_can_count_leaves_no_breakdown() {
        let messages = [Message::user("a").with_image(), Message::user("b")];
        let count = |text: &str| (text == "a").then_some(1);
        assert_eq!(TokenBreakdown::count(&messages, CountMethod::Estimate, count), None);
        let counted =
            TokenBreakdown::count(&messages[..1], CountMethod::Encoding("letters"), count);
        assert_eq!(counted.map(|counted| counted.user_tokens), Some(86));
        assert_eq!(counted.map(|counted| counted.method().to_string()).as_deref(), Some("letters"));
    }
}
