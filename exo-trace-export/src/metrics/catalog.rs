//! What the metrics are called, in which unit, and where their buckets end.
//!
//! Left out is what no finished span can tell: how long an MCP session was open, and what a model
//! server sees of its own requests.
//!
//! Source: `open-telemetry/semantic-conventions-genai` (autumn 2026) and semantic conventions 1.41 for
//! all that begins with `gen_ai.` or `mcp.`; the other five are those of the Python package.

/// One metric.
pub(super) struct Definition {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) about: &'static str,
    /// Where buckets end; `None` for a counter, and where the conventions leave it to the SDK.
    pub(super) bounds: Option<&'static [f64]>,
}

const fn metric(name: &'static str, unit: &'static str, about: &'static str) -> Definition {
    Definition { name, unit, about, bounds: None }
}

const fn histogram(
    name: &'static str,
    unit: &'static str,
    bounds: &'static [f64],
    about: &'static str,
) -> Definition {
    Definition { name, unit, about, bounds: Some(bounds) }
}

/// Bounds that grow by a factor; a power of two keeps each the nearest number to its decimal.
const fn growing<const N: usize>(first: f64, factor: f64) -> [f64; N] {
    let mut bounds = [first; N];
    let mut place = 1;
    while place < N {
        bounds[place] = bounds[place - 1] * factor;
        place += 1;
    }
    bounds
}

/// Calls of models and tools: 10 ms to 82 s.
const CALLS: &[f64] = &growing::<14>(0.01, 2.0);
/// Runs of agents: 0.1 s to 7 minutes.
const RUNS: &[f64] = &growing::<13>(0.1, 2.0);
/// Workflows: a second to two hours.
const WORKFLOWS: &[f64] =
    &[1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 7_200.0];
const MCP: &[f64] =
    &[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];
/// Tokens: one to 67 million.
const TOKENS: &[f64] = &growing::<14>(1.0, 4.0);

pub(super) static INFERENCE_DURATION: Definition =
    histogram("gen_ai.client.inference.duration", "s", CALLS, "Duration of a model call.");
pub(super) static INFERENCE_FIRST_CHUNK: Definition = histogram(
    "gen_ai.client.inference.time_to_first_chunk",
    "s",
    CALLS,
    "Time from a streamed model call to its first chunk.",
);
pub(super) static INFERENCE_CHUNK: Definition = histogram(
    "gen_ai.client.inference.time_per_output_chunk",
    "s",
    CALLS,
    "Time between the chunks of a streamed model call, its mean for each of them.",
);
pub(super) static INPUT_TOKENS_USED: Definition = metric(
    "gen_ai.client.inference.usage.input_tokens",
    "{token}",
    "Tokens that models were given, those read from and written to a cache included.",
);
pub(super) static OUTPUT_TOKENS_USED: Definition = metric(
    "gen_ai.client.inference.usage.output_tokens",
    "{token}",
    "Tokens that models made, those of reasoning included.",
);
pub(super) static CACHE_READ_TOKENS_USED: Definition = metric(
    "gen_ai.client.inference.usage.cache_read.input_tokens",
    "{token}",
    "Input tokens that were read from a cache.",
);
pub(super) static CACHE_WRITE_TOKENS_USED: Definition = metric(
    "gen_ai.client.inference.usage.cache_write.input_tokens",
    "{token}",
    "Input tokens that were written to a cache.",
);
pub(super) static REASONING_TOKENS_USED: Definition = metric(
    "gen_ai.client.inference.usage.reasoning.output_tokens",
    "{token}",
    "Output tokens that were spent on reasoning.",
);
pub(super) static INPUT_TOKENS: Definition = histogram(
    "gen_ai.client.inference.operation.input_tokens",
    "{token}",
    TOKENS,
    "Input tokens of a model call.",
);
pub(super) static OUTPUT_TOKENS: Definition = histogram(
    "gen_ai.client.inference.operation.output_tokens",
    "{token}",
    TOKENS,
    "Output tokens of a model call.",
);

/// Of the current conventions for what is no inference, of version 1.41 for that too.
pub(super) static OPERATION_DURATION: Definition =
    histogram("gen_ai.client.operation.duration", "s", CALLS, "Duration of a GenAI operation.");
pub(super) static OPERATION_FIRST_CHUNK: Definition = histogram(
    "gen_ai.client.operation.time_to_first_chunk",
    "s",
    CALLS,
    "Time from a streamed operation to its first chunk.",
);
pub(super) static OPERATION_CHUNK: Definition = histogram(
    "gen_ai.client.operation.time_per_output_chunk",
    "s",
    CALLS,
    "Time between the chunks of a streamed operation, its mean for each of them.",
);
pub(super) static TOKEN_USAGE: Definition = histogram(
    "gen_ai.client.token.usage",
    "{token}",
    TOKENS,
    "Tokens of an operation, input and output.",
);

pub(super) static AGENT_DURATION: Definition =
    histogram("gen_ai.invoke_agent.duration", "s", RUNS, "Duration of an agent's run.");
pub(super) static AGENT_INFERENCE_CALLS: Definition = metric(
    "gen_ai.invoke_agent.inference_calls",
    "{inference_call}",
    "Model calls of an agent's run, without those of agents below it.",
);
pub(super) static AGENT_TOOL_CALLS: Definition = metric(
    "gen_ai.invoke_agent.tool_calls",
    "{tool_call}",
    "Tool calls of an agent's run, without those of agents below it.",
);
pub(super) static WORKFLOW_DURATION: Definition =
    histogram("gen_ai.invoke_workflow.duration", "s", WORKFLOWS, "Duration of a workflow.");
pub(super) static TOOL_DURATION: Definition =
    histogram("gen_ai.execute_tool.duration", "s", CALLS, "Duration of a tool's work.");
pub(super) static MCP_CLIENT_DURATION: Definition = histogram(
    "mcp.client.operation.duration",
    "s",
    MCP,
    "Duration of an MCP request as its sender sees it.",
);
pub(super) static MCP_SERVER_DURATION: Definition = histogram(
    "mcp.server.operation.duration",
    "s",
    MCP,
    "Duration of an MCP request as its receiver sees it.",
);

/// The package gives no buckets; those of the conventions for the same thing are better than the
/// SDK's, which end at 10,000 and are meant for milliseconds.
pub(super) static PAGE_AGENT_DURATION: Definition =
    histogram("agent_run_duration", "s", RUNS, "Duration of an agent's run.");
pub(super) static PAGE_AGENT_RUNS: Definition = metric("agent_run_counter", "1", "Runs of agents.");
pub(super) static PAGE_AGENT_TOKENS: Definition =
    histogram("agent_token_usage", "token", TOKENS, "Tokens of an agent's run, input and output.");
pub(super) static PAGE_TOOL_DURATION: Definition =
    histogram("tool_step_duration", "s", CALLS, "Duration of a tool's work.");
pub(super) static PAGE_TOOL_STEPS: Definition = metric("tool_step_counter", "1", "Steps of tools.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_end_where_the_conventions_say() {
        assert_eq!(
            CALLS,
            [
                0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96,
                81.92
            ]
        );
        assert_eq!(
            RUNS,
            [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6]
        );
        assert_eq!((TOKENS.first(), TOKENS.last()), (Some(&1.0), Some(&67_108_864.0)));
    }
}
