//! Tokens counted with a model's own vocabulary, where the feature `tiktoken` brings it.

#[cfg(not(feature = "tiktoken"))]
mod disabled;
#[cfg(feature = "tiktoken")]
mod enabled;

#[cfg(not(feature = "tiktoken"))]
pub(super) use disabled::count_as;
#[cfg(not(feature = "tiktoken"))]
pub use disabled::{compute_token_breakdown_for, count_tokens};
#[cfg(feature = "tiktoken")]
pub(super) use enabled::count_as;
#[cfg(feature = "tiktoken")]
pub use enabled::{compute_token_breakdown_for, count_tokens};
