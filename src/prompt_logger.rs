//! The page's `exo.trace.prompt_logger`: tokens per role, and a log of prompts without their words.

pub use exo_trace_std::{
    CountMethod, DEFAULT_CHAR_TOKEN_RATIO, Execution, ExecutionLogEntry, Message, Messages,
    Percentages, Piece, PromptLogger, TokenBreakdown, compute_token_breakdown,
    compute_token_breakdown_at, compute_token_breakdown_for, count_tokens, estimate_tokens,
    estimate_tokens_at,
};
