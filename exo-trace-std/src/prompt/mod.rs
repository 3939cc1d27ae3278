//! The words of a conversation: how many tokens each role has, and a log of that.

mod breakdown;
mod entry;
mod estimate;
mod exact;
mod json;
mod kept;
mod line;
mod logger;
mod message;
mod messages;
#[cfg(feature = "async-openai")]
mod openai;
mod pricing;
mod python_text;

pub use breakdown::{CountMethod, Percentages, TokenBreakdown};
pub use entry::{Execution, ExecutionLogEntry};
pub use estimate::{
    DEFAULT_CHAR_TOKEN_RATIO, compute_token_breakdown, compute_token_breakdown_at, estimate_tokens,
    estimate_tokens_at,
};
pub use exact::{compute_token_breakdown_for, count_tokens};
pub use logger::PromptLogger;
pub use message::Message;
pub use messages::{Messages, Piece};
pub use pricing::{forget_prompt_prices, price_prompts};
