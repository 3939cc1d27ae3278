//! No vocabulary is there, so what is counted is an estimate, or nothing.

use crate::prompt::breakdown::{CountMethod, TokenBreakdown};
use crate::prompt::estimate::compute_token_breakdown;
use crate::prompt::messages::Messages;

/// Estimates how many tokens each role has, whatever the model; counts with the feature `tiktoken`.
///
/// [`TokenBreakdown::method`] says so.
///
/// ```
/// use exo_trace_std::{CountMethod, Message, compute_token_breakdown_for};
///
/// let messages = [Message::user("How fast do tides rise?")];
/// let estimate = compute_token_breakdown_for("my-own-model", &messages);
/// assert_eq!((estimate.method(), estimate.user_tokens), (CountMethod::Estimate, 5));
/// ```
pub fn compute_token_breakdown_for(
    _model: &str,
    messages: &(impl Messages + ?Sized),
) -> TokenBreakdown {
    compute_token_breakdown(messages)
}

/// Returns `None`, whatever the model: there is nothing to count with but the feature `tiktoken`.
///
/// ```
/// assert_eq!(exo_trace_std::count_tokens("my-own-model", "How fast do tides rise?"), None);
/// ```
pub fn count_tokens(_model: &str, _text: &str) -> Option<u64> {
    None
}

/// Returns `None`: whoever counts has to estimate.
pub(in crate::prompt) fn count_as(_method: CountMethod, _text: &str) -> Option<u64> {
    None
}
