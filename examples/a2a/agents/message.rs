//! What agents say to each other: a message of Agent2Agent, words for people beside data for programs.
//!
//! Source: Agent2Agent specification 0.3.0, "Message object".

use crate::trace::SESSION;
use exo_trace::{Context, Propagators, SpanContext, get_baggage};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// One turn of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Message(Value);

impl Message {
    /// Returns what `role` says, `user` or `agent`. Its metadata names the span that it comes from, so that
    /// whoever gets it from somebody else can still point there.
    pub(crate) fn new(role: &str, text: &str, data: impl Serialize) -> Self {
        static SAID: AtomicU64 = AtomicU64::new(0);
        let mut metadata = Map::new();
        Propagators::TRACE_CONTEXT.inject(&mut metadata);
        Self(json!({
            "kind": "message",
            "role": role,
            // Relaxed: a number that nobody has had yet, and nothing else.
            "messageId": format!("{}-{}", process::id(), SAID.fetch_add(1, Relaxed)),
            "contextId": get_baggage(SESSION),
            "parts": [{"kind": "text", "text": text}, {"kind": "data", "data": json!(data)}],
            "metadata": metadata,
        }))
    }

    pub(crate) fn text(&self) -> &str {
        self.part("text").as_str().unwrap_or_default()
    }

    pub(crate) fn data(&self) -> &Value {
        self.part("data")
    }

    /// Returns the first part of a kind: its member has the name of the kind.
    fn part(&self, kind: &str) -> &Value {
        let parts = self.0["parts"].as_array().into_iter().flatten();
        parts.filter_map(|part| part.get(kind)).next().unwrap_or(&Value::Null)
    }

    /// Returns the span that it comes from, if it says so.
    pub(crate) fn origin(&self) -> Option<SpanContext> {
        Propagators::TRACE_CONTEXT
            .extract_over(Context::empty(), &self.0["metadata"])
            .span_context()
    }
}
