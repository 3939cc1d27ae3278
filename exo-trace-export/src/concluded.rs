//! How an agent's run or a tool's call came out, in the page's words: what its outcome says already.
//!
//! A call site pays nothing for it, and every form of a span says it alike: a handle, `#[traced(tool)]`,
//! a run recorded after the fact. What somebody said in other words stays.

use crate::SpanData;
use crate::batch::Batch;
use crate::operation::Operation;
use exo_trace_core::{Facts, InternedKey, Outcome, SpanRecord};
use exo_trace_std::{Status, Value, semconv};

static AGENT_STATUS: InternedKey = InternedKey::new(semconv::EXO_AGENT_STATUS);
static TOOL_STATUS: InternedKey = InternedKey::new(semconv::EXO_TOOL_STATUS);
static TOOL_ERROR: InternedKey = InternedKey::new(semconv::EXO_TOOL_ERROR);

/// The keys that say how one kind of span came out.
struct Words {
    status: &'static InternedKey,
    error: Option<&'static InternedKey>,
}

const AGENT: Words = Words { status: &AGENT_STATUS, error: None };
const TOOL: Words = Words { status: &TOOL_STATUS, error: Some(&TOOL_ERROR) };

/// Adds it to the last span of a batch, where that is an agent's or a tool's.
pub(crate) fn add(batch: &mut Batch, span: &SpanRecord<'_>) {
    let Some(place) = batch.len().checked_sub(1) else { return };
    let keys = match batch.spans[place].operation {
        Operation::Agent => AGENT,
        Operation::Tool => TOOL,
        _ => return,
    };
    let found = found(&SpanData::borrowed(batch, place), span, &keys);
    for words in found {
        let fact = batch.append(&words);
        batch.facts.push(fact);
        batch.spans[place].facts.end = batch.facts.len();
    }
}

/// Returns the words of the facts that nobody said.
fn found(data: &SpanData<'_>, span: &SpanRecord<'_>, keys: &Words) -> Vec<Vec<u64>> {
    let status = data.status();
    let said = match (&status, span.outcome) {
        (Status::Error(_), _) => "error",
        (_, Outcome::Cancelled) => "cancelled",
        _ => "success",
    };
    let mut facts = Vec::with_capacity(2);
    let mut find = |key: &'static InternedKey, text: &str| {
        if data.said(span, key).is_none() {
            facts.push(Facts::words_of(span.span_id, key.id(), Value::Text(text)).collect());
        }
    };
    find(keys.status, said);
    if let (Some(error), Status::Error(description)) = (keys.error, &status)
        && !description.is_empty()
    {
        find(error, description);
    }
    facts
}
