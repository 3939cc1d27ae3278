//! The words of a conversation: how many tokens each role has.

mod breakdown;
mod estimate;
mod json;
mod message;
mod messages;
mod python_text;

pub use breakdown::{CountMethod, Percentages, TokenBreakdown};
pub use estimate::{
    DEFAULT_CHAR_TOKEN_RATIO, compute_token_breakdown, compute_token_breakdown_at, estimate_tokens,
    estimate_tokens_at,
};
pub use message::Message;
pub use messages::{Messages, Piece};
