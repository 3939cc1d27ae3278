//! OpenInference's names, which Phoenix and its like read.
//!
//! Source: OpenInference specification, "Semantic Conventions", as of its Python package 0.1.42; the
//! kinds follow its own converter from GenAI names. A kind, a sum, a reason and a MIME type are made of what
//! a span says; JSON of what was asked of a model is made in `parameters`, when the span is whole.

use super::Said;
use exo_trace_std::Value;

/// What stands under a key, and OpenInference's name for it.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("gen_ai.provider.name", "llm.provider"),
    ("gen_ai.provider.name", "llm.system"),
    ("gen_ai.request.model", "llm.model_name"),
    ("gen_ai.request.model", "llm.request.model_name"),
    ("gen_ai.response.model", "llm.response.model_name"),
    ("gen_ai.usage.input_tokens", "llm.token_count.prompt"),
    ("gen_ai.usage.output_tokens", "llm.token_count.completion"),
    ("gen_ai.usage.cache_read.input_tokens", "llm.token_count.prompt_details.cache_read"),
    ("gen_ai.usage.cache_write.input_tokens", "llm.token_count.prompt_details.cache_write"),
    ("gen_ai.usage.audio.input_tokens", "llm.token_count.prompt_details.audio"),
    ("gen_ai.usage.reasoning.output_tokens", "llm.token_count.completion_details.reasoning"),
    ("gen_ai.usage.audio.output_tokens", "llm.token_count.completion_details.audio"),
    ("gen_ai.usage.cost", "llm.cost.total"),
    ("session.id", SESSION),
    ("user.id", "user.id"),
    ("gen_ai.prompt.version", "llm.prompt_template.version"),
    ("gen_ai.agent.name", "agent.name"),
    ("gen_ai.tool.name", "tool.name"),
    ("gen_ai.tool.call.id", "tool.id"),
    ("gen_ai.tool.description", "tool.description"),
    ("gen_ai.input.messages", INPUT),
    ("gen_ai.tool.call.arguments", INPUT),
    ("gen_ai.output.messages", OUTPUT),
    ("gen_ai.tool.call.result", OUTPUT),
];

const SESSION: &str = "session.id";
const INPUT: &str = "input.value";
const OUTPUT: &str = "output.value";

/// Names that say less than the keys they stand for: nothing is read from them.
pub(super) const NOT_READ_BACK: &[&str] = &[INPUT, OUTPUT];

/// The names that are made of more than one key.
pub(super) const DERIVED: &[&str] = &[
    "openinference.span.kind",
    "llm.model_name",
    "llm.token_count.total",
    "llm.finish_reason",
    "embedding.model_name",
    "input.mime_type",
    "output.mime_type",
    SESSION,
];

/// The keys they are made of, beside those in [`NAMES`].
pub(super) const READS: &[&str] =
    &["gen_ai.operation.name", "gen_ai.response.finish_reasons", "gen_ai.conversation.id"];

/// Returns what one of [`DERIVED`] says of a span.
pub(super) fn derived<'a>(name: &str, said: &Said<'_, 'a>) -> Option<Value<'a>> {
    match name {
        "openinference.span.kind" => kind(said).map(Value::Text),
        "llm.model_name" => said.of("gen_ai.response.model"),
        "llm.token_count.total" => total(said).map(Value::I64),
        "llm.finish_reason" => finish_reason(said).map(Value::Text),
        "embedding.model_name" if kind(said) == Some("EMBEDDING") => {
            said.of("gen_ai.response.model").or_else(|| said.of("gen_ai.request.model"))
        }
        "input.mime_type" => {
            mime_type(said, "gen_ai.input.messages", "gen_ai.tool.call.arguments", INPUT)
        }
        "output.mime_type" => {
            mime_type(said, "gen_ai.output.messages", "gen_ai.tool.call.result", OUTPUT)
        }
        SESSION => said.of(SESSION).or_else(|| said.of("gen_ai.conversation.id")),
        _ => None,
    }
}

fn kind(said: &Said<'_, '_>) -> Option<&'static str> {
    if said.has("gen_ai.tool.name") {
        return Some("TOOL");
    }
    match said.text("gen_ai.operation.name") {
        Some("execute_tool") => Some("TOOL"),
        Some("embeddings") => Some("EMBEDDING"),
        Some("retrieval") => Some("RETRIEVER"),
        Some("invoke_agent" | "create_agent" | "plan") => Some("AGENT"),
        Some("invoke_workflow") => Some("CHAIN"),
        Some(_) => Some("LLM"),
        None if said.has("gen_ai.agent.name") => Some("AGENT"),
        None if said.has("gen_ai.request.model") => Some("LLM"),
        None => None,
    }
}

/// Returns the sum of what went in and came out; none where one of them is not known.
fn total(said: &Said<'_, '_>) -> Option<i64> {
    let prompt = said.number("gen_ai.usage.input_tokens")?;
    prompt.checked_add(said.number("gen_ai.usage.output_tokens")?)
}

/// Returns why the first of the answers ended: there is one name, and seldom a second answer.
fn finish_reason<'a>(said: &Said<'_, 'a>) -> Option<&'a str> {
    match said.of("gen_ai.response.finish_reasons")? {
        Value::Texts(reasons) => reasons.iter().next(),
        Value::Text(reason) => Some(reason),
        _ => None,
    }
}

/// Says how a value of ours is written: messages are JSON, and so is what a tool took and gave where it
/// begins like it.
fn mime_type(
    said: &Said<'_, '_>,
    messages: &str,
    of_tool: &str,
    written: &str,
) -> Option<Value<'static>> {
    if said.under(written).is_some() {
        return None;
    }
    let is_json =
        said.has(messages) || said.text(of_tool)?.trim_start().starts_with(['{', '[', '"']);
    Some(Value::Text(if is_json { "application/json" } else { "text/plain" }))
}
