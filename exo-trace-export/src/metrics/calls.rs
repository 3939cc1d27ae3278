//! What an agent did itself: its model calls, its tools, its tokens; agents below it keep theirs.

use super::said::{self, Said};
use super::work::Work;
use crate::sums::{BareCalls, Sum};

/// Calls below a span, up to the next agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Calls {
    pub(super) inference: u64,
    tools: u64,
    /// Tools called over MCP that no tool's span surrounds.
    bare_mcp_tools: u64,
    /// Those that a call above them may tell once more.
    bare: BareCalls,
    pub(super) input_tokens: u64,
    pub(super) output_tokens: u64,
}

impl Calls {
    pub(super) fn tools(&self) -> u64 {
        self.tools + self.bare_mcp_tools
    }

    pub(super) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Tells whether a span above them is the call of a model that was measured below it.
    pub(super) fn are_told_by(&self, work: Work, said: &Said<'_>) -> bool {
        work == Work::Inference && self.bare.are_told_by(said.operation())
    }

    /// Adds what a span is itself to what is below it; failed calls are calls.
    pub(super) fn and_of(mut self, work: Work, said: &Said<'_>) -> Self {
        match work {
            // A call around the call that a client library says itself is the same call.
            Work::Inference if self.are_told_by(work, said) => {}
            Work::Inference => {
                self.inference += 1;
                let tokens = |fact| said.count(fact).unwrap_or_default();
                self.input_tokens = self.input_tokens.saturating_add(tokens(&said::INPUT_TOKENS));
                self.output_tokens =
                    self.output_tokens.saturating_add(tokens(&said::OUTPUT_TOKENS));
            }
            Work::Tool => {
                self.tools += 1;
                // The same calls, seen from nearer by.
                self.bare_mcp_tools = 0;
            }
            Work::McpClient if said.has(&said::TOOL_NAME) => self.bare_mcp_tools += 1,
            _ => {}
        }
        self.bare = self.bare.and_of(said.operation(), work == Work::Inference);
        self
    }
}

impl Sum for Calls {
    fn add(&mut self, other: Self) {
        self.inference += other.inference;
        self.tools += other.tools;
        self.bare_mcp_tools += other.bare_mcp_tools;
        self.bare.add(other.bare);
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
    }

    fn calls(&self) -> u64 {
        self.inference + self.tools()
    }
}
