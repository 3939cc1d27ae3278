//! Runs and steps recorded when they are over: the page's `record_agent_run` and `record_tool_step`.
//!
//! Each is a whole span, a child of the current one. It ends now and began as long ago as was measured.

use crate::operation::{RunStatus, Usage, keys, site};
use crate::semconv::error_type;
use crate::{Operation, Status};
use exo_trace_core::{InternedKey, Outcome, Value};

/// A run of an agent, or one step of it, that is over.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AgentRun<'a> {
    /// The agent's name, `gen_ai.agent.name`.
    pub agent_name: &'a str,
    /// The number of the step, `exo.agent.step`.
    pub step: Option<u64>,
    /// The model that was asked for, `gen_ai.request.model`.
    pub model: &'a str,
    /// Tokens that went in, those from the cache included; zero where that is not known.
    pub prompt_tokens: u64,
    /// Tokens that came out, those of reasoning included; zero where that is not known.
    pub output_tokens: u64,
    /// How many milliseconds it took.
    pub elapsed_ms: f64,
    /// How it came out, `exo.agent.status`.
    pub status: RunStatus<'a>,
    /// What went wrong, if anything did.
    pub error: Option<&'a str>,
}

/// A call of a tool that is over.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ToolStep<'a> {
    /// The tool's name, `gen_ai.tool.name`.
    pub tool_name: &'a str,
    /// How it came out, `exo.tool.status`.
    pub status: RunStatus<'a>,
    /// How many milliseconds it took.
    pub elapsed_ms: f64,
    /// What went wrong, if anything did, `exo.tool.error`.
    pub error: Option<&'a str>,
    /// What the model calls this call, `gen_ai.tool.call.id`.
    pub call_id: &'a str,
}

/// Records a run of an agent that is over: a span `invoke_agent <name>` that ends now.
///
/// A time that is negative or no number becomes zero, and is counted.
///
/// Tokens given here are what the run used in all. Where model calls were traced beside it, below the
/// same span, and the last of them ended within `elapsed_ms`, the run takes their costs as its own
/// and what it says is added to no sum; else it is priced as a call. Runs at the same time below one
/// span cannot be told apart so: give each a span, or [`agent`](crate::agent).
///
/// ```
/// use exo_trace_std::instrumentation::{AgentRun, record_agent_run};
///
/// record_agent_run(AgentRun {
///     agent_name: "researcher",
///     step: Some(1),
///     model: "gpt-4o",
///     prompt_tokens: 500,
///     output_tokens: 150,
///     elapsed_ms: 1_250.0,
///     ..Default::default()
/// });
/// ```
pub fn record_agent_run(run: AgentRun<'_>) {
    let mut span = Operation::begin(site::RECORDED_AGENT.of(run.agent_name));
    span.begin_before(run.elapsed_ms);
    say_text(&mut span, &keys::AGENT_NAME, run.agent_name);
    if let Some(step) = run.step {
        span.say(&keys::AGENT_STEP, Value::from(step));
    }
    say_text(&mut span, &keys::REQUEST_MODEL, run.model);
    let known = |tokens: u64| (tokens > 0).then_some(tokens);
    let (input, output) = (known(run.prompt_tokens), known(run.output_tokens));
    Usage { input, output, ..Usage::default() }.each(|key, count| span.say(key, count));
    conclude(&mut span, &keys::AGENT_STATUS, error_type::OTHER, (run.status, run.error));
}

/// Records a call of a tool that is over: a span `execute_tool <name>` that ends now.
///
/// A time that is negative or no number becomes zero, and is counted.
///
/// ```
/// use exo_trace_std::instrumentation::{ToolStep, record_tool_step};
///
/// record_tool_step(ToolStep {
///     tool_name: "search",
///     status: "success".into(),
///     elapsed_ms: 120.5,
///     ..Default::default()
/// });
/// ```
pub fn record_tool_step(step: ToolStep<'_>) {
    let mut span = Operation::begin(site::EXECUTE_TOOL.of(step.tool_name));
    span.begin_before(step.elapsed_ms);
    say_text(&mut span, &keys::TOOL_NAME, step.tool_name);
    say_text(&mut span, &keys::TOOL_CALL_ID, step.call_id);
    if let Some(error) = step.error {
        span.say(&keys::TOOL_ERROR, Value::Text(error));
    }
    conclude(&mut span, &keys::TOOL_STATUS, error_type::TOOL_ERROR, (step.status, step.error));
}

fn say_text(span: &mut Operation, key: &'static InternedKey, text: &str) {
    if !text.is_empty() {
        span.say(key, Value::Text(text));
    }
}

/// Says how it came out; an error that has a text is one, whatever the status says.
fn conclude(
    span: &mut Operation,
    key: &'static InternedKey,
    class: &'static str,
    (status, error): (RunStatus<'_>, Option<&str>),
) {
    match status {
        _ if error.is_some() || status == RunStatus::Error => {
            span.set_status(Status::error(error.unwrap_or_default()));
            span.fail_unnamed(class);
        }
        RunStatus::Cancelled => span.conclude(Outcome::Cancelled),
        _ => span.conclude(Outcome::Ended),
    }
    if let RunStatus::Other(text) = status {
        span.say(key, Value::Text(text));
    }
}
