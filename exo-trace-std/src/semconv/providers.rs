//! What only one provider's interface knows: OpenAI, Bedrock, Azure.

use super::convention::keys;

keys! {
    /// The service tier that was asked of OpenAI, where it is not `auto`.
    OPENAI_REQUEST_SERVICE_TIER = "openai.request.service_tier": "enum(string)", "development";
    /// The service tier that OpenAI answered with.
    OPENAI_RESPONSE_SERVICE_TIER = "openai.response.service_tier": "string", "development";
    /// The state of OpenAI's machinery that an answer came from.
    OPENAI_RESPONSE_SYSTEM_FINGERPRINT = "openai.response.system_fingerprint": "string", "development";
    /// Which of OpenAI's interfaces it was: `chat_completions` or `responses`.
    OPENAI_API_TYPE = "openai.api.type": "enum(string)", "development";
    /// The seed, when it was OpenAI's alone.
    GEN_AI_OPENAI_REQUEST_SEED = "gen_ai.openai.request.seed": "int", "development" => GEN_AI_REQUEST_SEED;
    /// The form of answer, when it was OpenAI's alone: `text`, `json_object` or `json_schema`.
    GEN_AI_OPENAI_REQUEST_RESPONSE_FORMAT = "gen_ai.openai.request.response_format": "enum(string)", "development" => GEN_AI_OUTPUT_TYPE;
    /// The service tier that was asked for, by its older name.
    GEN_AI_OPENAI_REQUEST_SERVICE_TIER = "gen_ai.openai.request.service_tier": "enum(string)", "development" => OPENAI_REQUEST_SERVICE_TIER;
    /// The service tier of the answer, by its older name.
    GEN_AI_OPENAI_RESPONSE_SERVICE_TIER = "gen_ai.openai.response.service_tier": "string", "development" => OPENAI_RESPONSE_SERVICE_TIER;
    /// The state of OpenAI's machinery, by its older name.
    GEN_AI_OPENAI_RESPONSE_SYSTEM_FINGERPRINT = "gen_ai.openai.response.system_fingerprint": "string", "development" => OPENAI_RESPONSE_SYSTEM_FINGERPRINT;
    /// The guardrail that Bedrock applied.
    AWS_BEDROCK_GUARDRAIL_ID = "aws.bedrock.guardrail.id": "string", "development";
    /// The knowledge base that Bedrock looked into.
    AWS_BEDROCK_KNOWLEDGE_BASE_ID = "aws.bedrock.knowledge_base.id": "string", "development";
    /// The namespace of Azure's resource provider, `Microsoft.CognitiveServices`.
    AZURE_RESOURCE_PROVIDER_NAMESPACE = "azure.resource_provider.namespace": "string", "development";
}
