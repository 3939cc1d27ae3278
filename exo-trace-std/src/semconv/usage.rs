//! What a call took: tokens by kind, and what they cost.
//!
//! Input tokens include those read from and written to a cache; output tokens include those spent on
//! reasoning. Everything finer is a part of these two, so that adding parts up counts twice. Where
//! the provider bills another number than it used, the billed one is meant.

use super::convention::keys;

keys! {
    /// All tokens of the prompt, cached ones included.
    ///
    /// The page's name for it is [`GEN_AI_USAGE_PROMPT_TOKENS`].
    GEN_AI_USAGE_INPUT_TOKENS = "gen_ai.usage.input_tokens": "int", "development";
    /// All tokens of the answer, reasoning included.
    ///
    /// The page's name for it is [`GEN_AI_USAGE_COMPLETION_TOKENS`].
    GEN_AI_USAGE_OUTPUT_TOKENS = "gen_ai.usage.output_tokens": "int", "development";
    /// All tokens of the prompt, as the page and older conventions call them.
    GEN_AI_USAGE_PROMPT_TOKENS = "gen_ai.usage.prompt_tokens": "int", "development" => GEN_AI_USAGE_INPUT_TOKENS;
    /// All tokens of the answer, as the page and older conventions call them.
    GEN_AI_USAGE_COMPLETION_TOKENS = "gen_ai.usage.completion_tokens": "int", "development" => GEN_AI_USAGE_OUTPUT_TOKENS;
    /// Input and output together, in the Python package's word; the sum says the same.
    GEN_AI_USAGE_TOTAL_TOKENS = "gen_ai.usage.total_tokens": "int", "non-standard" => _;
    /// The part of the input that came from the provider's cache.
    GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS = "gen_ai.usage.cache_read.input_tokens": "int", "development";
    /// The part of the input that the provider put into its cache.
    GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS = "gen_ai.usage.cache_write.input_tokens": "int", "development";
    /// The part of the input that went into the cache, as versions 1.40 and 1.41 call it.
    ///
    /// Many back ends still expect this name.
    GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS = "gen_ai.usage.cache_creation.input_tokens": "int", "development" => GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS;
    /// The part of the output that was spent on reasoning.
    GEN_AI_USAGE_REASONING_OUTPUT_TOKENS = "gen_ai.usage.reasoning.output_tokens": "int", "development";
    /// The part of the input that is text.
    GEN_AI_USAGE_TEXT_INPUT_TOKENS = "gen_ai.usage.text.input_tokens": "int", "development";
    /// The part of the input that is images.
    GEN_AI_USAGE_IMAGE_INPUT_TOKENS = "gen_ai.usage.image.input_tokens": "int", "development";
    /// The part of the input that is sound.
    GEN_AI_USAGE_AUDIO_INPUT_TOKENS = "gen_ai.usage.audio.input_tokens": "int", "development";
    /// The part of what the cache gave that is text.
    GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS = "gen_ai.usage.text.cache_read.input_tokens": "int", "development";
    /// The part of what the cache gave that is images.
    GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS = "gen_ai.usage.image.cache_read.input_tokens": "int", "development";
    /// The part of what the cache gave that is sound.
    GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS = "gen_ai.usage.audio.cache_read.input_tokens": "int", "development";
    /// The part of the output that is text.
    GEN_AI_USAGE_TEXT_OUTPUT_TOKENS = "gen_ai.usage.text.output_tokens": "int", "development";
    /// The part of the output that is images.
    GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS = "gen_ai.usage.image.output_tokens": "int", "development";
    /// The part of the output that is sound.
    GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS = "gen_ai.usage.audio.output_tokens": "int", "development";
    /// The kind of content that a count of tokens is about, as a dimension of metrics; see
    /// [`modality`](super::modality).
    GEN_AI_TOKEN_MODALITY = "gen_ai.token.modality": "enum(string)", "development";
    /// Input or output, as a dimension of version 1.41's metric; see [`token_type`](super::token_type).
    GEN_AI_TOKEN_TYPE = "gen_ai.token.type": "enum(string)", "development" => _;
    /// What the call cost, in the word that Langfuse reads.
    GEN_AI_USAGE_COST = "gen_ai.usage.cost": "double", "non-standard" => GEN_AI_USAGE_COST_AMOUNT;
    /// What the call cost, in the currency beside it.
    GEN_AI_USAGE_COST_AMOUNT = "gen_ai.usage.cost.amount": "double", "proposal";
    /// The currency of the cost, by its three letters.
    GEN_AI_USAGE_COST_CURRENCY = "gen_ai.usage.cost.currency": "string", "proposal";
    /// Who reckoned the cost: `provider` or `local`.
    GEN_AI_USAGE_COST_SOURCE = "gen_ai.usage.cost.source": "enum(string)", "proposal";
    /// The tokens of the input that a cost was reckoned from.
    EXO_COST_INPUT_TOKENS = "exo.cost.input_tokens": "int", "package";
    /// The tokens of the output that a cost was reckoned from.
    EXO_COST_OUTPUT_TOKENS = "exo.cost.output_tokens": "int", "package";
    /// What a call, an agent or a run cost, in US dollars.
    EXO_COST_TOTAL_USD = "exo.cost.total_usd": "double", "package";
}
