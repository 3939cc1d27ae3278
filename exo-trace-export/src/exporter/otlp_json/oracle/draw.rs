//! Spans drawn at random, with a fact of every kind.

use super::batching::{Batching, FETCH, KEYS, PLAN, record, written};
use exo_trace_core::{
    Dropped, Event, Facts, Failure, Fields, Link, Outcome, Record, SpanContext, SpanId, SpanRecord,
    StatusCode, StatusRecord, TraceFlags, TraceId, Value, Written,
};
use proptest::prelude::*;

/// A value that survives the way through the collectors' types, which know no `NaN`.
#[derive(Clone, Debug)]
enum Drawn {
    Scalar(Value<'static>),
    Text(String),
    Texts(Vec<String>),
}

fn values() -> impl Strategy<Value = Drawn> {
    prop_oneof![
        Just(Drawn::Scalar(Value::Empty)),
        any::<bool>().prop_map(|value| Drawn::Scalar(Value::Bool(value))),
        any::<i64>().prop_map(|value| Drawn::Scalar(Value::I64(value))),
        (1 << 63..=u64::MAX).prop_map(|value| Drawn::Scalar(Value::U64(value))),
        any::<f64>()
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(|value| Drawn::Scalar(Value::F64(value))),
        "\\PC{0,40}".prop_map(Drawn::Text),
        "[\\x00-\\x7f]{0,20}".prop_map(Drawn::Text),
        prop::collection::vec("\\PC{0,9}", 0..4).prop_map(Drawn::Texts),
    ]
}

fn attributes() -> impl Strategy<Value = Vec<(usize, Drawn)>> {
    prop::collection::vec((0..=KEYS.len(), values()), 0..6)
}

/// Calls `f` with the attributes as a record takes them.
fn with_written<R>(drawn: &[(usize, Drawn)], f: impl FnOnce(&[Written<'_>]) -> R) -> R {
    let texts: Vec<Vec<&str>> = drawn
        .iter()
        .map(|(_, value)| match value {
            Drawn::Texts(texts) => texts.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        })
        .collect();
    let written: Vec<_> = drawn
        .iter()
        .zip(&texts)
        .map(|((key, value), texts)| {
            written(
                *key,
                match value {
                    Drawn::Scalar(value) => *value,
                    Drawn::Text(text) => Value::Text(text),
                    Drawn::Texts(_) => Value::from(texts.as_slice()),
                },
            )
        })
        .collect();
    f(&written)
}

#[derive(Clone, Debug)]
pub(super) struct DrawnSpan {
    is_plan: bool,
    ids: (u128, u64, u64),
    is_remote: bool,
    flags: u8,
    times: (u64, u64),
    outcome: Outcome,
    dropped: (u16, u16, u16),
    attributes: Vec<(usize, Drawn)>,
    status: Option<(StatusCode, String)>,
    name: Option<String>,
}

pub(super) fn drawn_spans() -> impl Strategy<Value = Vec<DrawnSpan>> {
    let outcomes = [Outcome::Ended, Outcome::Error, Outcome::Panic, Outcome::Cancelled];
    let codes = [StatusCode::Unset, StatusCode::Ok, StatusCode::Error];
    let span = (
        any::<bool>(),
        (1..=u128::MAX, 1..=u64::MAX, any::<u64>()),
        any::<bool>(),
        any::<u8>(),
        (any::<u64>(), any::<u64>()),
        prop::sample::select(outcomes.to_vec()),
        (0..3_u16, 0..3_u16, any::<u16>()),
        attributes(),
        prop::option::of((prop::sample::select(codes.to_vec()), "\\PC{0,9}")),
        prop::option::of("\\PC{0,9}"),
    );
    let span = span.prop_map(
        |(is_plan, ids, is_remote, flags, times, outcome, dropped, attributes, status, name)| {
            DrawnSpan {
                is_plan,
                ids,
                is_remote,
                flags,
                times,
                outcome,
                dropped,
                attributes,
                status,
                name,
            }
        },
    );
    prop::collection::vec(span, 1..5)
}

pub(super) fn add(batch: &mut Batching, drawn: &DrawnSpan) {
    with_written(&drawn.attributes, |written| {
        let attributes = Fields::Borrowed(written);
        let (trace_id, span_id) =
            (TraceId::new(drawn.ids.0).unwrap(), SpanId::new(drawn.ids.1).unwrap());
        let (attributes_dropped, events, links) = drawn.dropped;
        let record = SpanRecord {
            callsite: if drawn.is_plan { PLAN.id() } else { FETCH.id() },
            trace_id,
            span_id,
            parent_id: SpanId::new(drawn.ids.2),
            is_parent_remote: drawn.is_remote,
            flags: TraceFlags::new(drawn.flags),
            start_ticks: drawn.times.0,
            end_ticks: drawn.times.1,
            outcome: drawn.outcome,
            dropped: Dropped { attributes: attributes_dropped, events, links },
            ..record()
        };
        let context =
            SpanContext { trace_id, span_id, flags: record.flags, is_remote: drawn.is_remote };
        let mut facts = vec![
            Record::Facts(Facts { span_id, attributes }),
            Record::Event(Event { span_id, ticks: drawn.times.1, name: "source", attributes }),
            Record::Failure(Failure {
                span_id,
                ticks: drawn.times.0,
                type_name: "E",
                message: "why",
                attributes,
            }),
            Record::Link(Link { span_id, context, attributes }),
        ];
        if let Some((code, description)) = &drawn.status {
            facts.push(Record::Status(StatusRecord { span_id, code: *code, description }));
        }
        if let Some(name) = &drawn.name {
            facts.push(Record::Name { span_id, name });
        }
        batch.span(record, &facts);
    });
}
