//! What was asked of a model: the operation, the provider, the request.
//!
//! Source: OpenTelemetry GenAI semantic conventions, "Spans"; sampling may look at the first three,
//! so they are said when a span begins.

use super::convention::keys;

keys! {
    /// What kind of operation it is; the known ones are in [`operation`](super::operation).
    GEN_AI_OPERATION_NAME = "gen_ai.operation.name": "enum(string)", "development";
    /// Whose interface was called, as the client knows it; see [`provider`](super::provider).
    ///
    /// The page's name for it is [`GEN_AI_SYSTEM`].
    GEN_AI_PROVIDER_NAME = "gen_ai.provider.name": "enum(string)", "development";
    /// The provider, as the page and older conventions call it.
    ///
    /// Some values changed with the name: `az.ai.inference` is `azure.ai.inference` now, `vertex_ai`
    /// is `gcp.vertex_ai`, `gemini` is `gcp.gemini`, `xai` is `x_ai`.
    GEN_AI_SYSTEM = "gen_ai.system": "enum(string)", "development" => GEN_AI_PROVIDER_NAME;
    /// The model that was asked for; on an agent only if it has one fixed model.
    GEN_AI_REQUEST_MODEL = "gen_ai.request.model": "string", "development";
    /// How many tokens the answer may have at most.
    GEN_AI_REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens": "int", "development";
    /// How many answers were asked for, where it is not one.
    GEN_AI_REQUEST_CHOICE_COUNT = "gen_ai.request.choice.count": "int", "development";
    /// The temperature to sample with.
    GEN_AI_REQUEST_TEMPERATURE = "gen_ai.request.temperature": "double", "development";
    /// The share of probability that nucleus sampling draws from.
    GEN_AI_REQUEST_TOP_P = "gen_ai.request.top_p": "double", "development";
    /// How many of the likeliest tokens are drawn from; a double up to version 1.41, and never
    /// OpenAI's `top_logprobs`.
    GEN_AI_REQUEST_TOP_K = "gen_ai.request.top_k": "int", "development";
    /// The texts that end an answer.
    GEN_AI_REQUEST_STOP_SEQUENCES = "gen_ai.request.stop_sequences": "string[]", "development";
    /// How much a token costs for having occurred often.
    GEN_AI_REQUEST_FREQUENCY_PENALTY = "gen_ai.request.frequency_penalty": "double", "development";
    /// How much a token costs for having occurred at all.
    GEN_AI_REQUEST_PRESENCE_PENALTY = "gen_ai.request.presence_penalty": "double", "development";
    /// The encodings in which embeddings were asked for.
    GEN_AI_REQUEST_ENCODING_FORMATS = "gen_ai.request.encoding_formats": "string[]", "development";
    /// The seed that makes an answer repeatable.
    GEN_AI_REQUEST_SEED = "gen_ai.request.seed": "int", "development";
    /// True for a request whose answer is streamed; absent for any other.
    GEN_AI_REQUEST_STREAM = "gen_ai.request.stream": "boolean", "development";
    /// Whether the answer is streamed, in the Python package's word.
    GEN_AI_REQUEST_STREAMING = "gen_ai.request.streaming": "boolean", "non-standard" => GEN_AI_REQUEST_STREAM;
    /// How hard the model shall think, in the provider's own word.
    GEN_AI_REQUEST_REASONING_LEVEL = "gen_ai.request.reasoning.level": "string", "development";
    /// The answer that this request goes on from.
    GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID = "gen_ai.request.previous_response.id": "string", "development";
    /// Where the reading of a stored stream is resumed.
    GEN_AI_REQUEST_STREAM_CURSOR = "gen_ai.request.stream_cursor": "string", "development";
    /// What form of answer was asked for; see [`output_type`](super::output_type).
    GEN_AI_OUTPUT_TYPE = "gen_ai.output.type": "enum(string)", "development";
    /// How many dimensions an embedding has.
    GEN_AI_EMBEDDINGS_DIMENSION_COUNT = "gen_ai.embeddings.dimension.count": "int", "development";
    /// The host of the model, in the Python package's word.
    GEN_AI_SERVER_ADDRESS = "gen_ai.server.address": "string", "non-standard" => SERVER_ADDRESS;
    /// The provider's host.
    SERVER_ADDRESS = "server.address": "string", "stable";
    /// The provider's port; belongs to every [`SERVER_ADDRESS`].
    SERVER_PORT = "server.port": "int", "stable";
}
