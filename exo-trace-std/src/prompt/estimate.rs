//! How many tokens a text has at about four letters each: a guess that needs no vocabulary.
//!
//! Letters are Unicode code points. The guess fits English prose; code and other scripts take more
//! tokens than it says, Chinese about four times as many.
//!
//! Cost: letters are counted at several gigabytes a second, on the caller's thread.

use super::breakdown::{CountMethod, TokenBreakdown};
use super::messages::Messages;

/// Letters per token, unless the caller says otherwise.
pub const DEFAULT_CHAR_TOKEN_RATIO: f64 = 4.0;

/// Estimates the tokens of a text: its letters divided by four, at least 1, of no text 0.
///
/// ```
/// use exo_trace_std::estimate_tokens;
///
/// assert_eq!(estimate_tokens(""), 0);
/// assert_eq!(estimate_tokens("hi"), 1);
/// assert_eq!(estimate_tokens("hello world"), 2);
/// ```
pub fn estimate_tokens(text: &str) -> u64 {
    estimate_tokens_at(text, DEFAULT_CHAR_TOKEN_RATIO)
}

/// Estimates the tokens of a text at so many letters per token.
///
/// A ratio that is no number above zero makes every text one token.
///
/// ```
/// assert_eq!(exo_trace_std::estimate_tokens_at("Drei Boote", 2.0), 5);
/// ```
pub fn estimate_tokens_at(text: &str, ratio: f64) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let tokens = if ratio > 0.0 { text.chars().count() as f64 / ratio } else { 1.0 };
    // A cast of a float drops the fraction, and ends at the bounds of the integer.
    (tokens as u64).max(1)
}

/// Estimates how many tokens each role has, at four letters per token.
///
/// Fractions are dropped text by text. Counted are content and tool calls; what a provider adds
/// per message is not.
///
/// ```
/// use exo_trace_std::compute_token_breakdown;
/// use serde_json::json;
///
/// let messages = json!([
///     {"role": "system", "content": "You are a research assistant."},
///     {"role": "user", "content": "How fast do tides rise?"},
/// ]);
/// let breakdown = compute_token_breakdown(&messages);
/// assert_eq!((breakdown.system_tokens, breakdown.user_tokens), (7, 5));
/// assert_eq!(breakdown.total_tokens, 12);
/// ```
pub fn compute_token_breakdown(messages: &(impl Messages + ?Sized)) -> TokenBreakdown {
    compute_token_breakdown_at(messages, DEFAULT_CHAR_TOKEN_RATIO)
}

/// Estimates how many tokens each role has, at so many letters per token.
///
/// ```
/// use exo_trace_std::{Message, compute_token_breakdown_at};
///
/// let breakdown = compute_token_breakdown_at(&Message::user("潮水涨得多快？"), 1.0);
/// assert_eq!(breakdown.user_tokens, 7);
/// ```
pub fn compute_token_breakdown_at(
    messages: &(impl Messages + ?Sized),
    ratio: f64,
) -> TokenBreakdown {
    let estimate = |text: &str| Some(estimate_tokens_at(text, ratio));
    // An estimate always comes to something.
    TokenBreakdown::count(messages, CountMethod::Estimate, estimate).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    #[test]
    fn the_packages_vectors_come_out() {
        assert_eq!(estimate_tokens(&"x".repeat(400)), 100);
        assert_eq!(estimate_tokens_at(&"x".repeat(100), 2.0), 50);
        let messages = ["system", "user", "assistant"]
            .into_iter()
            .zip([28, 29, 32])
            .map(|(role, letters)| Message::new(role, "x".repeat(letters)))
            .collect::<Vec<_>>();
        let breakdown = compute_token_breakdown(&messages);
        assert_eq!((breakdown.system_tokens, breakdown.user_tokens), (7, 7));
        assert_eq!((breakdown.assistant_tokens, breakdown.total_tokens), (8, 22));
    }

    #[test]
    fn letters_count_not_bytes() {
        assert_eq!(estimate_tokens("äöüß"), 1);
        assert_eq!(estimate_tokens("潮水涨落"), 1);
        assert_eq!(estimate_tokens("e\u{301}e\u{301}🙂🙂🙂🙂"), 2);
    }

    #[test]
    fn fractions_are_dropped_text_by_text() {
        let one = Message::user("seven c").with_text("seven c");
        assert_eq!(compute_token_breakdown(&one).user_tokens, 2);
        let other = Message::user("seven cseven c");
        assert_eq!(compute_token_breakdown(&other).user_tokens, 3);
    }

    #[test]
    fn an_odd_ratio_makes_a_text_one_token() {
        for ratio in [0.0, -0.0, -4.0, f64::NAN, f64::NEG_INFINITY, f64::INFINITY] {
            assert_eq!(estimate_tokens_at("four letters", ratio), 1, "{ratio}");
            assert_eq!(estimate_tokens_at("", ratio), 0, "{ratio}");
        }
        let most = compute_token_breakdown_at(&[Message::user("a"), Message::tool("b")], 1e-300);
        assert_eq!((most.user_tokens, most.total_tokens), (u64::MAX, u64::MAX));
    }
}
