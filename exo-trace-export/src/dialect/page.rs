//! The names of the documentation page of the Python package.
//!
//! What the page has no name for is not in it: another dialect names that, or its own key does.

/// What stands under a key, and the page's name for it.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("gen_ai.provider.name", "gen_ai.system"),
    ("gen_ai.request.model", "gen_ai.request.model"),
    ("gen_ai.request.temperature", "gen_ai.request.temperature"),
    ("gen_ai.request.max_tokens", "gen_ai.request.max_tokens"),
    ("gen_ai.response.model", "gen_ai.response.model"),
    ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
    ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
    ("gen_ai.agent.name", "exo.agent.name"),
    ("gen_ai.tool.name", "exo.tool.name"),
    ("gen_ai.usage.cost", "exo.cost.total_usd"),
    ("session.id", "exo.session.id"),
    ("user.id", "exo.user.id"),
];

/// A run, too, says its cost under this name, and no model call would: read as the cost of a call, what the
/// calls below it cost would be added up twice.
pub(super) const NOT_READ_BACK: &[&str] = &["exo.cost.total_usd"];
