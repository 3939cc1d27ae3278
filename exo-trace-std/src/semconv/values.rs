//! The values that conventions know: few words, spelt as back ends look for them.
//!
//! Each attribute has a module of texts, not an enum, because every list is open: a provider nobody
//! has heard of yet is a good provider.

use super::convention::values;

values! {
    /// What a span is about.
    operation of GEN_AI_OPERATION_NAME {
        CHAT = "chat",
        GENERATE_CONTENT = "generate_content",
        TEXT_COMPLETION = "text_completion",
        EMBEDDINGS = "embeddings",
        RETRIEVAL = "retrieval",
        FETCH_RESPONSE = "fetch_response",
        CREATE_AGENT = "create_agent",
        INVOKE_AGENT = "invoke_agent",
        INVOKE_WORKFLOW = "invoke_workflow",
        EXECUTE_TOOL = "execute_tool",
        PLAN = "plan",
        CREATE_MEMORY = "create_memory",
        UPDATE_MEMORY = "update_memory",
        UPSERT_MEMORY = "upsert_memory",
        DELETE_MEMORY = "delete_memory",
        SEARCH_MEMORY = "search_memory",
        CREATE_MEMORY_STORE = "create_memory_store",
        DELETE_MEMORY_STORE = "delete_memory_store",
    }

    /// Whose interface is called.
    provider of GEN_AI_PROVIDER_NAME {
        OPENAI = "openai",
        ANTHROPIC = "anthropic",
        AWS_BEDROCK = "aws.bedrock",
        AZURE_AI_INFERENCE = "azure.ai.inference",
        AZURE_AI_OPENAI = "azure.ai.openai",
        COHERE = "cohere",
        DEEPSEEK = "deepseek",
        GCP_GEMINI = "gcp.gemini",
        GCP_GEN_AI = "gcp.gen_ai",
        GCP_VERTEX_AI = "gcp.vertex_ai",
        GROQ = "groq",
        IBM_WATSONX_AI = "ibm.watsonx.ai",
        MISTRAL_AI = "mistral_ai",
        MOONSHOT_AI = "moonshot_ai",
        PERPLEXITY = "perplexity",
        X_AI = "x_ai",
    }

    /// What form of answer is asked for.
    output_type of GEN_AI_OUTPUT_TYPE {
        TEXT = "text",
        JSON = "json",
        IMAGE = "image",
        SPEECH = "speech",
    }

    /// How far a stored answer is.
    response_status of GEN_AI_RESPONSE_STATUS {
        QUEUED = "queued",
        IN_PROGRESS = "in_progress",
        COMPLETED = "completed",
        INCOMPLETE = "incomplete",
        FAILED = "failed",
        CANCELLED = "cancelled",
    }

    /// What a count of tokens is about, since it is a metric's dimension.
    modality of GEN_AI_TOKEN_MODALITY {
        TEXT = "text",
        IMAGE = "image",
        AUDIO = "audio",
        UNKNOWN = "unknown",
    }

    /// Which way tokens went, in version 1.41.
    token_type of GEN_AI_TOKEN_TYPE {
        INPUT = "input",
        OUTPUT = "output",
    }

    /// What sort of tool it is.
    tool_type of GEN_AI_TOOL_TYPE {
        FUNCTION = "function",
        EXTENSION = "extension",
        DATASTORE = "datastore",
    }

    /// How an agent's or a tool's run ended; any other text may stand there too.
    status of EXO_AGENT_STATUS {
        SUCCESS = "success",
        ERROR = "error",
        CANCELLED = "cancelled",
    }

    /// How a span ended that did not end well.
    outcome of EXO_OUTCOME {
        ERROR = "error",
        PANIC = "panic",
        CANCELLED = "cancelled",
    }

    /// Errors that have no type of their own.
    error_type of ERROR_TYPE {
        OTHER = "_OTHER",
        TOOL_ERROR = "tool_error",
    }

    /// What is called over the Model Context Protocol.
    mcp_method of MCP_METHOD_NAME {
        TOOLS_CALL = "tools/call",
        TOOLS_LIST = "tools/list",
        PROMPTS_GET = "prompts/get",
        RESOURCES_READ = "resources/read",
        INITIALIZE = "initialize",
        PING = "ping",
        SAMPLING_CREATE_MESSAGE = "sampling/createMessage",
    }

    /// What a span is to OpenInference.
    span_kind of openinference::OPENINFERENCE_SPAN_KIND {
        LLM = "LLM",
        EMBEDDING = "EMBEDDING",
        CHAIN = "CHAIN",
        RETRIEVER = "RETRIEVER",
        RERANKER = "RERANKER",
        TOOL = "TOOL",
        AGENT = "AGENT",
        GUARDRAIL = "GUARDRAIL",
        EVALUATOR = "EVALUATOR",
        PROMPT = "PROMPT",
    }

    /// The methods of HTTP.
    http_method of HTTP_REQUEST_METHOD {
        CONNECT = "CONNECT",
        DELETE = "DELETE",
        GET = "GET",
        HEAD = "HEAD",
        OPTIONS = "OPTIONS",
        PATCH = "PATCH",
        POST = "POST",
        PUT = "PUT",
        QUERY = "QUERY",
        TRACE = "TRACE",
        OTHER = "_OTHER",
    }

    /// Systems of remote calls.
    rpc_system of RPC_SYSTEM_NAME {
        GRPC = "grpc",
        DUBBO = "dubbo",
        CONNECTRPC = "connectrpc",
        JSONRPC = "jsonrpc",
    }
}
