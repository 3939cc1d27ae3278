//! What a model answered, how soon, and how the answer was judged.
//!
//! Source: OpenTelemetry GenAI semantic conventions, "Spans" and "Events".

use super::convention::keys;

keys! {
    /// The provider's name of the answer.
    GEN_AI_RESPONSE_ID = "gen_ai.response.id": "string", "development";
    /// The model that answered, which may be another than was asked for.
    GEN_AI_RESPONSE_MODEL = "gen_ai.response.model": "string", "development";
    /// Why each answer ended, in the order of the answers; `error` where the reason never came.
    GEN_AI_RESPONSE_FINISH_REASONS = "gen_ai.response.finish_reasons": "string[]", "development";
    /// How far a stored answer is; see [`response_status`](super::response_status).
    GEN_AI_RESPONSE_STATUS = "gen_ai.response.status": "enum(string)", "development";
    /// Seconds from the request to the first chunk of the answer.
    GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk": "double", "development";
    /// Seconds to the first token, in the word of an older agent framework.
    GEN_AI_FIRST_TOKEN_DURATION = "gen_ai.first_token_duration": "double", "non-standard" => GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK;
    /// Seconds of the whole call, in the Python package's word; a span has its duration anyway.
    GEN_AI_DURATION = "gen_ai.duration": "double", "non-standard" => _;
    /// By what the answer was judged.
    GEN_AI_EVALUATION_NAME = "gen_ai.evaluation.name": "string", "development";
    /// The judgement as a number.
    GEN_AI_EVALUATION_SCORE_VALUE = "gen_ai.evaluation.score.value": "double", "development";
    /// The judgement as one of few words.
    GEN_AI_EVALUATION_SCORE_LABEL = "gen_ai.evaluation.score.label": "string", "development";
    /// Why it was judged so.
    GEN_AI_EVALUATION_EXPLANATION = "gen_ai.evaluation.explanation": "string", "development";
}
