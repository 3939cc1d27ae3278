//! What a finished span says that metrics need: under the internal key, else as the page spells it.

use crate::SpanData;
use crate::operation::Operation;
use crate::span_data::attributes::count;
use exo_trace_core::{InternedKey, Key, Outcome, SpanId, SpanRecord};
use exo_trace_std::{SpanKind, StatusCode, Value, semconv};

/// The spellings of one fact; the first that is there counts.
pub(super) type Spellings = [InternedKey];

const fn key(name: Key) -> InternedKey {
    InternedKey::new(name)
}

pub(super) static OPERATION: [InternedKey; 1] = [key(semconv::GEN_AI_OPERATION_NAME)];
pub(super) static PROVIDER: [InternedKey; 2] =
    [key(semconv::GEN_AI_PROVIDER_NAME), key(semconv::GEN_AI_SYSTEM)];
pub(super) static REQUEST_MODEL: [InternedKey; 1] = [key(semconv::GEN_AI_REQUEST_MODEL)];
pub(super) static RESPONSE_MODEL: [InternedKey; 1] = [key(semconv::GEN_AI_RESPONSE_MODEL)];
pub(super) static SERVER_ADDRESS: [InternedKey; 1] = [key(semconv::SERVER_ADDRESS)];
pub(super) static SERVER_PORT: [InternedKey; 1] = [key(semconv::SERVER_PORT)];
pub(super) static ERROR_TYPE: [InternedKey; 1] = [key(semconv::ERROR_TYPE)];
pub(super) static INPUT_TOKENS: [InternedKey; 2] =
    [key(semconv::GEN_AI_USAGE_INPUT_TOKENS), key(semconv::GEN_AI_USAGE_PROMPT_TOKENS)];
pub(super) static OUTPUT_TOKENS: [InternedKey; 2] =
    [key(semconv::GEN_AI_USAGE_OUTPUT_TOKENS), key(semconv::GEN_AI_USAGE_COMPLETION_TOKENS)];
pub(super) static CACHE_READ_TOKENS: [InternedKey; 1] =
    [key(semconv::GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS)];
pub(super) static CACHE_WRITE_TOKENS: [InternedKey; 2] = [
    key(semconv::GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
    key(semconv::GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS),
];
pub(super) static REASONING_TOKENS: [InternedKey; 1] =
    [key(semconv::GEN_AI_USAGE_REASONING_OUTPUT_TOKENS)];
pub(super) static FIRST_CHUNK: [InternedKey; 1] =
    [key(semconv::GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK)];
pub(super) static CHUNKS: [InternedKey; 1] = [key(semconv::EXO_STREAM_ITEMS)];
pub(super) static TIME_PER_CHUNK: [InternedKey; 1] = [key(semconv::EXO_STREAM_TIME_PER_ITEM)];
pub(super) static AGENT_NAME: [InternedKey; 2] =
    [key(semconv::GEN_AI_AGENT_NAME), key(semconv::EXO_AGENT_NAME)];
pub(super) static TOOL_NAME: [InternedKey; 2] =
    [key(semconv::GEN_AI_TOOL_NAME), key(semconv::EXO_TOOL_NAME)];
pub(super) static TOOL_TYPE: [InternedKey; 1] = [key(semconv::GEN_AI_TOOL_TYPE)];
pub(super) static WORKFLOW_NAME: [InternedKey; 1] = [key(semconv::GEN_AI_WORKFLOW_NAME)];
pub(super) static PROMPT_NAME: [InternedKey; 1] = [key(semconv::GEN_AI_PROMPT_NAME)];
pub(super) static MCP_METHOD: [InternedKey; 1] = [key(semconv::MCP_METHOD_NAME)];
pub(super) static MCP_VERSION: [InternedKey; 1] = [key(semconv::MCP_PROTOCOL_VERSION)];
pub(super) static RPC_STATUS: [InternedKey; 1] = [key(semconv::RPC_RESPONSE_STATUS_CODE)];
pub(super) static TRANSPORT: [InternedKey; 1] = [key(semconv::NETWORK_TRANSPORT)];

/// One span, and what it says.
pub(super) struct Said<'a> {
    span: &'a SpanData<'a>,
    record: SpanRecord<'a>,
}

impl<'a> Said<'a> {
    #[inline]
    pub(super) fn by(span: &'a SpanData<'a>) -> Self {
        Self { span, record: span.record() }
    }

    pub(super) fn operation(&self) -> Operation {
        self.span.operation()
    }

    pub(super) fn span_id(&self) -> SpanId {
        self.record.span_id
    }

    /// Returns the parent, if it ends in this process too.
    pub(super) fn local_parent(&self) -> Option<SpanId> {
        self.record.parent_id.filter(|_| !self.record.is_parent_remote)
    }

    pub(super) fn kind(&self) -> SpanKind {
        self.span.kind()
    }

    pub(super) fn seconds_long(&self) -> f64 {
        let (start, end) = self.span.stretch();
        (end - start) as f64 / 1e9
    }

    /// Tells whether it came to its end, and nobody calls that an error.
    pub(super) fn is_success(&self) -> bool {
        self.record.outcome == Outcome::Ended && !self.is_error()
    }

    fn is_error(&self) -> bool {
        self.span.status_after(self.record.outcome).code() == StatusCode::Error
    }

    /// Returns the class of the error that it ended with; `_OTHER` is the conventions' word for one
    /// that nobody named.
    pub(super) fn error_type(&self) -> Option<&str> {
        if !self.is_error() {
            return None;
        }
        let by_hand = self.text(&ERROR_TYPE);
        Some(by_hand.or_else(|| self.span.failure_type()).unwrap_or("_OTHER"))
    }

    pub(super) fn has(&self, fact: &'static Spellings) -> bool {
        self.value(fact).is_some()
    }

    /// Returns a text that is not empty.
    pub(super) fn text(&self, fact: &'static Spellings) -> Option<&str> {
        match self.value(fact)? {
            Value::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// Returns a whole number that is not negative.
    pub(super) fn count(&self, fact: &'static Spellings) -> Option<u64> {
        count(self.value(fact)?)
    }

    /// Returns a time in seconds that is not negative.
    pub(super) fn seconds(&self, fact: &'static Spellings) -> Option<f64> {
        match self.value(fact)? {
            Value::F64(seconds) if seconds >= 0.0 && seconds.is_finite() => Some(seconds),
            _ => None,
        }
    }

    fn value(&self, fact: &'static Spellings) -> Option<Value<'_>> {
        fact.iter().find_map(|key| self.span.said(&self.record, key))
    }
}
