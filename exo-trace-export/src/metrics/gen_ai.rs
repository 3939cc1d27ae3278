//! What one span adds to the metrics of the GenAI conventions, today's and those of version 1.41.
//!
//! Both say the same in part under the same names: a service's duration is recorded once, whichever of
//! the two is chosen.

use super::Spoken;
use super::calls::Calls;
use super::catalog::{self, Definition};
use super::dimensions::Dimensions;
use super::instruments::Instruments;
use super::said::{self, Said};
use super::work::Work;
use opentelemetry::KeyValue;

/// For how many chunks of one stream the time between them is recorded, all alike.
const CHUNKS_MAX: u64 = 4_096;
/// The conventions' dimension of text, image and audio, and their word where nobody said which.
const MODALITY: (&str, &str) = ("gen_ai.token.modality", "unknown");

/// Records what one span has to say; `own` are an agent's own calls.
pub(super) fn record(
    to: &mut Instruments,
    spoken: Spoken,
    work: Work,
    said: &Said<'_>,
    own: &Calls,
) {
    match work {
        Work::Inference => inference(to, spoken, said),
        Work::Service | Work::RemoteAgent => {
            let seconds = said.seconds_long();
            let about = of_call(said).error_type(said);
            to.seconds(&catalog::OPERATION_DURATION, seconds, about.list());
            if spoken.gen_ai_141 {
                tokens_of_141(to, said);
            }
        }
        // Those below came after version 1.41.
        _ if !spoken.gen_ai => {}
        Work::Agent => agent(to, said, own),
        Work::Workflow => {
            let about =
                Dimensions::default().text("gen_ai.workflow.name", said, &said::WORKFLOW_NAME);
            lasted(to, &catalog::WORKFLOW_DURATION, said, about);
        }
        Work::Tool => {
            let about = Dimensions::default()
                .text("gen_ai.tool.name", said, &said::TOOL_NAME)
                .text("gen_ai.tool.type", said, &said::TOOL_TYPE)
                .text("gen_ai.agent.name", said, &said::AGENT_NAME);
            lasted(to, &catalog::TOOL_DURATION, said, about);
        }
        Work::McpClient => {
            let about = of_mcp(said).text("server.address", said, &said::SERVER_ADDRESS).number(
                "server.port",
                said,
                &said::SERVER_PORT,
            );
            lasted(to, &catalog::MCP_CLIENT_DURATION, said, about);
        }
        Work::McpServer => lasted(to, &catalog::MCP_SERVER_DURATION, said, of_mcp(said)),
    }
}

fn lasted(to: &mut Instruments, of: &'static Definition, said: &Said<'_>, about: Dimensions) {
    to.seconds(of, said.seconds_long(), about.error_type(said).list());
}

fn inference(to: &mut Instruments, spoken: Spoken, said: &Said<'_>) {
    let seconds = said.seconds_long();
    let of_all = of_call(said);
    if spoken.gen_ai {
        streamed(to, &catalog::INFERENCE_FIRST_CHUNK, &catalog::INFERENCE_CHUNK, said, &of_all);
    }
    if spoken.gen_ai_141 {
        streamed(to, &catalog::OPERATION_FIRST_CHUNK, &catalog::OPERATION_CHUNK, said, &of_all);
        tokens_of_141(to, said);
    }
    let about = of_all.error_type(said);
    if spoken.gen_ai_141 {
        to.seconds(&catalog::OPERATION_DURATION, seconds, about.list());
    }
    if !spoken.gen_ai {
        return;
    }
    to.seconds(&catalog::INFERENCE_DURATION, seconds, about.list());
    for (of, fact) in [
        (&catalog::INPUT_TOKENS, &said::INPUT_TOKENS),
        (&catalog::OUTPUT_TOKENS, &said::OUTPUT_TOKENS),
    ] {
        if let Some(tokens) = said.count(fact) {
            to.size(of, tokens, about.list());
        }
    }
    let about = of_call(said).and(KeyValue::new(MODALITY.0, MODALITY.1));
    // Nothing is known of a call that failed; the counters say so with a zero.
    let mut used = |of, fact: &'static said::Spellings| {
        to.add(of, said.count(fact).unwrap_or_default(), about.list());
    };
    used(&catalog::INPUT_TOKENS_USED, &said::INPUT_TOKENS);
    used(&catalog::OUTPUT_TOKENS_USED, &said::OUTPUT_TOKENS);
    used(&catalog::CACHE_READ_TOKENS_USED, &said::CACHE_READ_TOKENS);
    used(&catalog::CACHE_WRITE_TOKENS_USED, &said::CACHE_WRITE_TOKENS);
    used(&catalog::REASONING_TOKENS_USED, &said::REASONING_TOKENS);
}

/// Records the time to the first chunk, and for each other chunk the mean time between them. Who does
/// not say that mean says when the first came and how many there were, and the last came at the end.
fn streamed(
    to: &mut Instruments,
    first: &'static Definition,
    others: &'static Definition,
    said: &Said<'_>,
    about: &Dimensions,
) {
    let Some(until_first) = said.seconds(&said::FIRST_CHUNK) else { return };
    to.seconds(first, until_first, about.list());
    let chunks = said.count(&said::CHUNKS).unwrap_or_default().saturating_sub(1);
    let between = said.seconds(&said::TIME_PER_CHUNK).unwrap_or_else(|| {
        // A stream may stay open long after its last chunk: only the second best.
        (said.seconds_long() - until_first).max(0.0) / chunks.max(1) as f64
    });
    for _ in 0..chunks.min(CHUNKS_MAX) {
        to.seconds(others, between, about.list());
    }
}

fn tokens_of_141(to: &mut Instruments, said: &Said<'_>) {
    for (kind, fact) in [("input", &said::INPUT_TOKENS), ("output", &said::OUTPUT_TOKENS)] {
        if let Some(tokens) = said.count(fact) {
            let about = of_call(said).and(KeyValue::new("gen_ai.token.type", kind));
            to.size(&catalog::TOKEN_USAGE, tokens, about.list());
        }
    }
}

fn agent(to: &mut Instruments, said: &Said<'_>, own: &Calls) {
    let name = || Dimensions::default().text("gen_ai.agent.name", said, &said::AGENT_NAME);
    let about = name().text("gen_ai.request.model", said, &said::REQUEST_MODEL);
    lasted(to, &catalog::AGENT_DURATION, said, about);
    let about = name();
    to.size(&catalog::AGENT_INFERENCE_CALLS, own.inference, about.list());
    to.size(&catalog::AGENT_TOOL_CALLS, own.tools(), about.list());
}

/// Returns what all calls of a provider are divided by.
fn of_call(said: &Said<'_>) -> Dimensions {
    Dimensions::default()
        .text("gen_ai.operation.name", said, &said::OPERATION)
        .text("gen_ai.provider.name", said, &said::PROVIDER)
        .text("gen_ai.request.model", said, &said::REQUEST_MODEL)
        .text("gen_ai.response.model", said, &said::RESPONSE_MODEL)
        .text("server.address", said, &said::SERVER_ADDRESS)
        .number("server.port", said, &said::SERVER_PORT)
}

fn of_mcp(said: &Said<'_>) -> Dimensions {
    Dimensions::default()
        .text("mcp.method.name", said, &said::MCP_METHOD)
        .text("gen_ai.operation.name", said, &said::OPERATION)
        .text("gen_ai.tool.name", said, &said::TOOL_NAME)
        .text("gen_ai.prompt.name", said, &said::PROMPT_NAME)
        .text("mcp.protocol.version", said, &said::MCP_VERSION)
        .text("network.transport", said, &said::TRANSPORT)
        .text("rpc.response.status_code", said, &said::RPC_STATUS)
}
