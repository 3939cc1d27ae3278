//! What a span does, as its `gen_ai.operation.name` says: read once, when the span is whole.
//!
//! Whoever counts, sums, prices, measures or prints the work of agents asks this first, and of nearly
//! every span learns that it is none of theirs.

use crate::span_data::attributes;
use exo_trace_core::{CallsiteFacts, Fields, InternedKey, SpanRecord};
use exo_trace_std::{Value, semconv};

static NAME: InternedKey = InternedKey::new(semconv::GEN_AI_OPERATION_NAME);

/// What a span does.
///
/// Source: OpenTelemetry GenAI conventions, `gen_ai.operation.name`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Operation {
    /// A model writes.
    Inference,
    Embeddings,
    Retrieval,
    /// Another service of a model's provider: stored answers, agents, memories.
    Service,
    Agent,
    Workflow,
    Tool,
    /// What the conventions do not know, or nothing that is said.
    #[default]
    Other,
}

impl Operation {
    /// Returns what a span says that it does, of which `facts`, words of records, were said later;
    /// `None` where that is for its call site to say.
    #[inline]
    pub(crate) fn said<'a>(
        record: &SpanRecord<'a>,
        facts: impl Iterator<Item = &'a [u64]>,
    ) -> Option<Self> {
        attributes::said_by_span(record, facts, &NAME).map(Self::by)
    }

    /// Tells whether one of these attributes says it.
    #[inline(always)]
    pub(crate) fn is_said_in(attributes: Fields<'_>) -> bool {
        let name = NAME.value_id();
        !name.is_none() && attributes.encoded().any(|attribute| attribute.key() == name)
    }

    /// Returns what the spans of a call site do.
    pub(crate) fn of_callsite(callsite: &CallsiteFacts) -> Self {
        attributes::said_by_callsite(callsite, &NAME).map_or(Self::Other, Self::by)
    }

    fn by(value: Value<'_>) -> Self {
        if let Value::Text(name) = value { Self::named(name) } else { Self::Other }
    }

    fn named(name: &str) -> Self {
        match name {
            "chat" | "text_completion" | "generate_content" => Self::Inference,
            "embeddings" => Self::Embeddings,
            "retrieval" => Self::Retrieval,
            "fetch_response"
            | "create_agent"
            | "create_memory"
            | "update_memory"
            | "upsert_memory"
            | "delete_memory"
            | "search_memory"
            | "create_memory_store"
            | "delete_memory_store" => Self::Service,
            "invoke_agent" => Self::Agent,
            "invoke_workflow" => Self::Workflow,
            "execute_tool" => Self::Tool,
            _ => Self::Other,
        }
    }

    /// Tells whether a model works, and is paid for it.
    pub(crate) fn is_call(self) -> bool {
        matches!(self, Self::Inference | Self::Embeddings)
    }

    /// Tells whether what a span says it used is for nobody else to say: a call's tokens, and an agent's
    /// where no call of it was seen. A workflow has no model.
    pub(crate) fn speaks_for_itself(self) -> bool {
        self.is_call() || self == Self::Agent
    }

    /// Tells whether others work below it.
    pub(crate) fn is_run(self) -> bool {
        matches!(self, Self::Agent | Self::Workflow)
    }
}
