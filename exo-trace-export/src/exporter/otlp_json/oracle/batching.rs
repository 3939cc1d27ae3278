//! Batches of spans that were said word by word, and went through a ring as every record does.

use crate::batch::{Batch, Run, Whole};
use crate::config::ResourceValue;
use crate::operation::Operation;
use crate::resource::Resource;
use crate::sites::{Site, Sites};
use exo_trace_core::{
    Callsite, CallsiteFacts, Dropped, Fields, InternedKey, Key, KeyId, Outcome, Record, Ring, Slot,
    SpanId, SpanKind, SpanRecord, TraceFlags, TraceId, Value, Written,
};
use std::sync::{Arc, Mutex};

pub(super) static KEYS: [InternedKey; 4] = [
    InternedKey::new(Key::new("arg.step")),
    InternedKey::new(Key::new("gen_ai.request.model")),
    InternedKey::new(Key::new("a \"quoted\" key")),
    InternedKey::new(Key::new("source")),
];

pub(super) static PLAN: Callsite = Callsite::new(&CallsiteFacts {
    name: "plan {arg.step}",
    kind: SpanKind::Client,
    function: "agent::plan",
    module: "agent",
    file: "src/agent.rs",
    line: 7,
    scope_name: "agent",
    scope_version: "1.2.3",
    attributes: &[(Key::new("source"), Value::Text("api"))],
});

pub(super) static FETCH: Callsite = Callsite::new(&CallsiteFacts {
    name: "fetch",
    kind: SpanKind::Internal,
    function: "",
    module: "tools",
    file: "src/tools.rs",
    line: 9,
    scope_name: "tools",
    scope_version: "0.1.0",
    attributes: &[],
});

pub(super) const SPAN: SpanId = SpanId::new(0xcd).unwrap();

pub(super) fn record() -> SpanRecord<'static> {
    SpanRecord {
        callsite: PLAN.id(),
        trace_id: TraceId::new(0xab).unwrap(),
        span_id: SPAN,
        parent_id: SpanId::new(0xef),
        is_parent_remote: true,
        flags: TraceFlags::SAMPLED.with(TraceFlags::RANDOM),
        start_ticks: 1_700_000_000_123_456_789,
        end_ticks: 1_700_000_000_123_456_999,
        outcome: Outcome::Ended,
        is_foreign: false,
        identity: None,
        dropped: Dropped { attributes: 0, events: 2, links: 0 },
        attributes: Fields::NONE,
    }
}

/// Returns an attribute; past the last key, one that found no room for its key.
pub(super) fn written(key: usize, value: Value<'_>) -> Written<'_> {
    let key = KEYS.get(key).map_or(KeyId::NONE, InternedKey::id);
    Written { key, order: 255, is_cut: false, value }
}

/// A batch whose words went through a ring.
pub(super) struct Batching(pub(super) Batch);

impl Batching {
    pub(super) fn new() -> Self {
        let resource = vec![
            ("service.name".to_owned(), ResourceValue::from("my-agent")),
            ("worker.count".to_owned(), ResourceValue::from(4)),
        ];
        Self(Batch { resource: Arc::new(Resource::new(resource)), ..Batch::default() })
    }

    fn words(&mut self, record: &Record<'_>) -> Run {
        static RING: Ring<[Slot; 8_192]> = Ring::new();
        static ALONE: Mutex<()> = Mutex::new(());
        let _alone = ALONE.lock().unwrap();
        RING.writer(|| {}).record(record).unwrap();
        let mut words = vec![0; 8_192];
        let read = RING.reader().read(&mut words);
        self.0.append(&words[..read])
    }

    pub(super) fn span(&mut self, span: SpanRecord<'_>, facts: &[Record<'_>]) {
        let record = self.words(&Record::Span(span));
        let first = self.0.facts.len();
        for fact in facts {
            let words = self.words(fact);
            self.0.facts.push(words);
        }
        let facts = Run::new(first, self.0.facts.len());
        let later = self.0.facts[facts.places()].iter().map(|fact| &self.0.words[fact.places()]);
        let span = Record::span_again(&self.0.words[record.places()]).unwrap();
        let Site { operation, kind } = Sites::default().of(span.callsite);
        let operation = Operation::said(&span, later).unwrap_or(operation);
        self.0.spans.push(Whole { record, facts, operation, kind, ..Whole::default() });
    }
}
