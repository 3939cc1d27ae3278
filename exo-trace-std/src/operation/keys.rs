//! The keys that typed spans write: one name for each fact; other spellings are made on the way out.

use exo_trace_core::{InternedKey, Key};

macro_rules! keys {
    ($($name:ident = $text:literal;)*) => {
        $(pub(crate) static $name: InternedKey = InternedKey::new(Key::new($text));)*
    };
}

keys! {
    AGENT_DESCRIPTION = "gen_ai.agent.description";
    AGENT_ID = "gen_ai.agent.id";
    AGENT_MAX_STEPS = "exo.agent.max_steps";
    AGENT_NAME = "gen_ai.agent.name";
    AGENT_STATUS = "exo.agent.status";
    AGENT_STEP = "exo.agent.step";
    AGENT_VERSION = "gen_ai.agent.version";
    CONVERSATION_COMPACTED = "gen_ai.conversation.compacted";
    CONVERSATION_ID = "gen_ai.conversation.id";
    DATA_SOURCE_ID = "gen_ai.data_source.id";
    EMBEDDINGS_DIMENSION_COUNT = "gen_ai.embeddings.dimension.count";
    ERROR_TYPE = "error.type";
    JSONRPC_REQUEST_ID = "jsonrpc.request.id";
    MCP_METHOD_NAME = "mcp.method.name";
    MCP_PROTOCOL_VERSION = "mcp.protocol.version";
    MCP_RESOURCE_URI = "mcp.resource.uri";
    MCP_SESSION_ID = "mcp.session.id";
    NETWORK_PROTOCOL_NAME = "network.protocol.name";
    NETWORK_PROTOCOL_VERSION = "network.protocol.version";
    NETWORK_TRANSPORT = "network.transport";
    CLIENT_ADDRESS = "client.address";
    CLIENT_PORT = "client.port";
    OUTPUT_TYPE = "gen_ai.output.type";
    PROMPT_NAME = "gen_ai.prompt.name";
    PROMPT_VERSION = "gen_ai.prompt.version";
    PROVIDER_NAME = "gen_ai.provider.name";
    REQUEST_CHOICE_COUNT = "gen_ai.request.choice.count";
    REQUEST_ENCODING_FORMATS = "gen_ai.request.encoding_formats";
    REQUEST_FREQUENCY_PENALTY = "gen_ai.request.frequency_penalty";
    REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens";
    REQUEST_MODEL = "gen_ai.request.model";
    REQUEST_PRESENCE_PENALTY = "gen_ai.request.presence_penalty";
    REQUEST_PREVIOUS_RESPONSE_ID = "gen_ai.request.previous_response.id";
    REQUEST_REASONING_LEVEL = "gen_ai.request.reasoning.level";
    REQUEST_SEED = "gen_ai.request.seed";
    REQUEST_STOP_SEQUENCES = "gen_ai.request.stop_sequences";
    REQUEST_STREAM = "gen_ai.request.stream";
    REQUEST_TEMPERATURE = "gen_ai.request.temperature";
    REQUEST_TOP_K = "gen_ai.request.top_k";
    REQUEST_TOP_P = "gen_ai.request.top_p";
    RESPONSE_FINISH_REASONS = "gen_ai.response.finish_reasons";
    RESPONSE_ID = "gen_ai.response.id";
    RESPONSE_MODEL = "gen_ai.response.model";
    RETRIEVAL_TOP_K = "gen_ai.retrieval.top_k";
    RPC_RESPONSE_STATUS_CODE = "rpc.response.status_code";
    SERVER_ADDRESS = "server.address";
    SERVER_PORT = "server.port";
    TOOL_CALL_ID = "gen_ai.tool.call.id";
    TOOL_DESCRIPTION = "gen_ai.tool.description";
    TOOL_ERROR = "exo.tool.error";
    TOOL_NAME = "gen_ai.tool.name";
    TOOL_STATUS = "exo.tool.status";
    TOOL_TYPE = "gen_ai.tool.type";
    USAGE_CACHE_READ_INPUT_TOKENS = "gen_ai.usage.cache_read.input_tokens";
    USAGE_CACHE_WRITE_INPUT_TOKENS = "gen_ai.usage.cache_write.input_tokens";
    USAGE_INPUT_TOKENS = "gen_ai.usage.input_tokens";
    USAGE_OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
    USAGE_REASONING_OUTPUT_TOKENS = "gen_ai.usage.reasoning.output_tokens";
    WORKFLOW_NAME = "gen_ai.workflow.name";
}
