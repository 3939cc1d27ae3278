//! OpenInference's names, which Phoenix reads.
//!
//! They have a module of their own, because `agent.name` and `exo.agent.name` are two facts, and the
//! Python package calls the second one `AGENT_NAME`. A list is written flat: `llm.input_messages.0.message.role`. Such a name is
//! of type `template[any]` here, and a dot, the number and the name of a part follow it.
//!
//! Source: OpenInference semantic conventions.

use super::convention::keys;

keys! {
    /// What a span is, the one attribute that OpenInference requires; see
    /// [`span_kind`](crate::semconv::span_kind).
    OPENINFERENCE_SPAN_KIND = "openinference.span.kind": "enum(string)", "OpenInference";
    /// What went in.
    INPUT_VALUE = "input.value": "string", "OpenInference";
    /// The form of what went in: `text/plain` or `application/json`.
    INPUT_MIME_TYPE = "input.mime_type": "enum(string)", "OpenInference";
    /// What came out.
    OUTPUT_VALUE = "output.value": "string", "OpenInference";
    /// The form of what came out: `text/plain` or `application/json`.
    OUTPUT_MIME_TYPE = "output.mime_type": "enum(string)", "OpenInference";
    /// Anything else, as the text of a JSON object.
    METADATA = "metadata": "string", "OpenInference";
    /// Words to find a span by.
    TAG_TAGS = "tag.tags": "string[]", "OpenInference";
    /// The maker of a model; required where the kind is `LLM`.
    LLM_SYSTEM = "llm.system": "string", "OpenInference";
    /// Who hosts a model.
    LLM_PROVIDER = "llm.provider": "string", "OpenInference";
    /// The model.
    LLM_MODEL_NAME = "llm.model_name": "string", "OpenInference";
    /// The model that was asked for.
    LLM_REQUEST_MODEL_NAME = "llm.request.model_name": "string", "OpenInference";
    /// The model that answered.
    LLM_RESPONSE_MODEL_NAME = "llm.response.model_name": "string", "OpenInference";
    /// The parameters of a request, as the text of a JSON object.
    LLM_INVOCATION_PARAMETERS = "llm.invocation_parameters": "string", "OpenInference";
    /// Why an answer ended.
    LLM_FINISH_REASON = "llm.finish_reason": "string", "OpenInference";
    /// The messages that a model was given, as a flat list.
    LLM_INPUT_MESSAGES = "llm.input_messages": "template[any]", "OpenInference";
    /// The messages that a model gave, as a flat list.
    LLM_OUTPUT_MESSAGES = "llm.output_messages": "template[any]", "OpenInference";
    /// The tools that a model was offered, as a flat list.
    LLM_TOOLS = "llm.tools": "template[any]", "OpenInference";
    /// A prompt's template.
    LLM_PROMPT_TEMPLATE_TEMPLATE = "llm.prompt_template.template": "string", "OpenInference";
    /// What was put into a prompt's template, as the text of a JSON object.
    LLM_PROMPT_TEMPLATE_VARIABLES = "llm.prompt_template.variables": "string", "OpenInference";
    /// The version of a prompt's template.
    LLM_PROMPT_TEMPLATE_VERSION = "llm.prompt_template.version": "string", "OpenInference";
    /// All tokens of the prompt.
    LLM_TOKEN_COUNT_PROMPT = "llm.token_count.prompt": "int", "OpenInference";
    /// All tokens of the answer.
    LLM_TOKEN_COUNT_COMPLETION = "llm.token_count.completion": "int", "OpenInference";
    /// Both together.
    LLM_TOKEN_COUNT_TOTAL = "llm.token_count.total": "int", "OpenInference";
    /// The part of the prompt that came from a cache.
    LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_READ = "llm.token_count.prompt_details.cache_read": "int", "OpenInference";
    /// The part of the prompt that went into a cache.
    LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_WRITE = "llm.token_count.prompt_details.cache_write": "int", "OpenInference";
    /// The part of the prompt that is sound.
    LLM_TOKEN_COUNT_PROMPT_DETAILS_AUDIO = "llm.token_count.prompt_details.audio": "int", "OpenInference";
    /// The part of the answer that was spent on reasoning.
    LLM_TOKEN_COUNT_COMPLETION_DETAILS_REASONING = "llm.token_count.completion_details.reasoning": "int", "OpenInference";
    /// The part of the answer that is sound.
    LLM_TOKEN_COUNT_COMPLETION_DETAILS_AUDIO = "llm.token_count.completion_details.audio": "int", "OpenInference";
    /// What the prompt cost, in US dollars.
    LLM_COST_PROMPT = "llm.cost.prompt": "double", "OpenInference";
    /// What the answer cost, in US dollars.
    LLM_COST_COMPLETION = "llm.cost.completion": "double", "OpenInference";
    /// What both cost together, in US dollars.
    LLM_COST_TOTAL = "llm.cost.total": "double", "OpenInference";
    /// Who says a message; a part of one.
    MESSAGE_ROLE = "message.role": "string", "OpenInference";
    /// What a message says; a part of one.
    MESSAGE_CONTENT = "message.content": "string", "OpenInference";
    /// The name of whoever says a message; a part of one.
    MESSAGE_NAME = "message.name": "string", "OpenInference";
    /// The call that a message answers; a part of one.
    MESSAGE_TOOL_CALL_ID = "message.tool_call_id": "string", "OpenInference";
    /// What a message of several pieces says, as a flat list.
    MESSAGE_CONTENTS = "message.contents": "template[any]", "OpenInference";
    /// The calls that a message makes, as a flat list.
    MESSAGE_TOOL_CALLS = "message.tool_calls": "template[any]", "OpenInference";
    /// What a piece of a message is, such as `text` or `image`.
    MESSAGE_CONTENT_TYPE = "message_content.type": "string", "OpenInference";
    /// The text of a piece of a message.
    MESSAGE_CONTENT_TEXT = "message_content.text": "string", "OpenInference";
    /// Where the picture of a piece of a message is.
    MESSAGE_CONTENT_IMAGE_IMAGE_URL = "message_content.image.image.url": "string", "OpenInference";
    /// Which call it is.
    TOOL_CALL_ID = "tool_call.id": "string", "OpenInference";
    /// The function that is called.
    TOOL_CALL_FUNCTION_NAME = "tool_call.function.name": "string", "OpenInference";
    /// What the function is called with, as the text of a JSON object.
    TOOL_CALL_FUNCTION_ARGUMENTS = "tool_call.function.arguments": "string", "OpenInference";
    /// The tool's name; the page's name for it is [`EXO_TOOL_NAME`](crate::semconv::EXO_TOOL_NAME).
    TOOL_NAME = "tool.name": "string", "OpenInference";
    /// Which of the model's calls a tool answers.
    TOOL_ID = "tool.id": "string", "OpenInference";
    /// What a tool is for.
    TOOL_DESCRIPTION = "tool.description": "string", "OpenInference";
    /// What a tool takes, as the text of a JSON object.
    TOOL_PARAMETERS = "tool.parameters": "string", "OpenInference";
    /// A tool's whole schema, as the text of a JSON object.
    TOOL_JSON_SCHEMA = "tool.json_schema": "string", "OpenInference";
    /// The agent's name; the page's name for it is [`EXO_AGENT_NAME`](crate::semconv::EXO_AGENT_NAME).
    AGENT_NAME = "agent.name": "string", "OpenInference";
    /// Which node of a graph of agents it is.
    GRAPH_NODE_ID = "graph.node.id": "string", "OpenInference";
    /// The name of a node of a graph of agents.
    GRAPH_NODE_NAME = "graph.node.name": "string", "OpenInference";
    /// Which node is above it.
    GRAPH_NODE_PARENT_ID = "graph.node.parent_id": "string", "OpenInference";
    /// The documents that were found, as a flat list.
    RETRIEVAL_DOCUMENTS = "retrieval.documents": "template[any]", "OpenInference";
    /// Which document it is.
    DOCUMENT_ID = "document.id": "string", "OpenInference";
    /// What a document says.
    DOCUMENT_CONTENT = "document.content": "string", "OpenInference";
    /// How well a document fits.
    DOCUMENT_SCORE = "document.score": "double", "OpenInference";
    /// What else is known of a document, as the text of a JSON object.
    DOCUMENT_METADATA = "document.metadata": "string", "OpenInference";
}
