//! The names that Langfuse and Traceloop read beside the conventions'.
//!
//! Langfuse prefers each of its own names to the convention's, and wants user and session on every
//! span. Traceloop's OpenLLMetry writes the conventions' names and these.
//!
//! Source: Langfuse's OpenTelemetry ingestion; OpenLLMetry's semantic conventions.

use super::convention::keys;

keys! {
    /// What an observation is, such as `span`, `generation`, `agent` or `tool`.
    LANGFUSE_OBSERVATION_TYPE = "langfuse.observation.type": "enum(string)", "Langfuse";
    /// How grave an observation is, such as `ERROR`.
    LANGFUSE_OBSERVATION_LEVEL = "langfuse.observation.level": "enum(string)", "Langfuse";
    /// What is said beside the level.
    LANGFUSE_OBSERVATION_STATUS_MESSAGE = "langfuse.observation.status_message": "string", "Langfuse";
    /// What went into an observation.
    LANGFUSE_OBSERVATION_INPUT = "langfuse.observation.input": "string", "Langfuse";
    /// What came out of an observation.
    LANGFUSE_OBSERVATION_OUTPUT = "langfuse.observation.output": "string", "Langfuse";
    /// The model.
    LANGFUSE_OBSERVATION_MODEL_NAME = "langfuse.observation.model.name": "string", "Langfuse";
    /// Tokens by kind, as the text of a JSON object; here the kinds do not overlap.
    LANGFUSE_OBSERVATION_USAGE_DETAILS = "langfuse.observation.usage_details": "string", "Langfuse";
    /// Cost by kind, as the text of a JSON object.
    LANGFUSE_OBSERVATION_COST_DETAILS = "langfuse.observation.cost_details": "string", "Langfuse";
    /// When the first token came, as an ISO time.
    LANGFUSE_OBSERVATION_COMPLETION_START_TIME = "langfuse.observation.completion_start_time": "string", "Langfuse";
    /// The name of a prompt's template.
    LANGFUSE_OBSERVATION_PROMPT_NAME = "langfuse.observation.prompt.name": "string", "Langfuse";
    /// The version of a prompt's template.
    LANGFUSE_OBSERVATION_PROMPT_VERSION = "langfuse.observation.prompt.version": "int", "Langfuse";
    /// What went into a trace.
    LANGFUSE_TRACE_INPUT = "langfuse.trace.input": "string", "Langfuse";
    /// What came out of a trace.
    LANGFUSE_TRACE_OUTPUT = "langfuse.trace.output": "string", "Langfuse";
    /// The name of a trace.
    LANGFUSE_TRACE_NAME = "langfuse.trace.name": "string", "Langfuse";
    /// Words to find a trace by.
    LANGFUSE_TRACE_TAGS = "langfuse.trace.tags": "string[]", "Langfuse";
    /// Anything else of a trace; a dot and a name may follow.
    LANGFUSE_TRACE_METADATA = "langfuse.trace.metadata": "template[any]", "Langfuse";
    /// Whether anybody with the link may see a trace.
    LANGFUSE_TRACE_PUBLIC = "langfuse.trace.public": "boolean", "Langfuse";
    /// The user.
    LANGFUSE_USER_ID = "langfuse.user.id": "string", "Langfuse";
    /// The session.
    LANGFUSE_SESSION_ID = "langfuse.session.id": "string", "Langfuse";
    /// The environment, such as `production`.
    LANGFUSE_ENVIRONMENT = "langfuse.environment": "string", "Langfuse";
    /// The release of the program.
    LANGFUSE_RELEASE = "langfuse.release": "string", "Langfuse";
    /// The version of what was called.
    LANGFUSE_VERSION = "langfuse.version": "string", "Langfuse";
    /// What a span is: `workflow`, `task`, `agent` or `tool`.
    TRACELOOP_SPAN_KIND = "traceloop.span.kind": "enum(string)", "Traceloop";
    /// The name of the workflow.
    TRACELOOP_WORKFLOW_NAME = "traceloop.workflow.name": "string", "Traceloop";
    /// The name of the task, agent or tool.
    TRACELOOP_ENTITY_NAME = "traceloop.entity.name": "string", "Traceloop";
    /// The names above it, joined by dots.
    TRACELOOP_ENTITY_PATH = "traceloop.entity.path": "string", "Traceloop";
    /// The version of the task, agent or tool.
    TRACELOOP_ENTITY_VERSION = "traceloop.entity.version": "int", "Traceloop";
    /// What went in, as a JSON text.
    TRACELOOP_ENTITY_INPUT = "traceloop.entity.input": "string", "Traceloop";
    /// What came out, as a JSON text.
    TRACELOOP_ENTITY_OUTPUT = "traceloop.entity.output": "string", "Traceloop";
    /// What a trace belongs to: a dot and a name follow.
    TRACELOOP_ASSOCIATION_PROPERTIES = "traceloop.association.properties": "template[any]", "Traceloop";
    /// What is known of a managed prompt: a dot and a name follow.
    TRACELOOP_PROMPT = "traceloop.prompt": "template[any]", "Traceloop";
    /// Whether an answer is streamed, in OpenLLMetry's word.
    GEN_AI_IS_STREAMING = "gen_ai.is_streaming": "boolean", "Traceloop" => GEN_AI_REQUEST_STREAM;
    /// How hard the model shall think, in OpenLLMetry's word.
    GEN_AI_REQUEST_REASONING_EFFORT = "gen_ai.request.reasoning_effort": "string", "Traceloop" => GEN_AI_REQUEST_REASONING_LEVEL;
    /// The schema that an answer must keep to, in OpenLLMetry's word.
    GEN_AI_REQUEST_STRUCTURED_OUTPUT_SCHEMA = "gen_ai.request.structured_output_schema": "string", "Traceloop";
}
