//! The GenAI conventions of version 1.41: as today's, but for what was renamed since.
//!
//! Source: migration notes of `open-telemetry/semantic-conventions-genai`, changes 440 and 217. A
//! retrieval's `top_k` had the name of a decoder's, and both were doubles.

/// What stands under a key, and its name in version 1.41.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens"),
    ("gen_ai.request.top_k", "gen_ai.request.top_k"),
    ("gen_ai.retrieval.top_k", "gen_ai.request.top_k"),
    ("session.id", "session.id"),
    ("user.id", "user.id"),
];

/// Keys whose numbers were doubles.
pub(super) const DOUBLES: &[&str] = &["gen_ai.request.top_k", "gen_ai.retrieval.top_k"];
