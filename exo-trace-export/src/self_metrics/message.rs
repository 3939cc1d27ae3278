//! One reading of the counters as a collector takes it.

use super::names;
use super::snapshot::{DestinationSnapshot, Snapshot};
use crate::losses::Lost;
use crate::metrics::Period;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Metric, NumberDataPoint, ScopeMetrics, Sum, metric, number_data_point,
};

type Point = (Vec<KeyValue>, number_data_point::Value);

/// Returns all of `snapshot` as a collector takes it.
pub(crate) fn scope(snapshot: &Snapshot, period: Period) -> ScopeMetrics {
    let scope = InstrumentationScope {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..InstrumentationScope::default()
    };
    ScopeMetrics {
        scope: Some(scope),
        metrics: metrics(snapshot, period),
        schema_url: names::SCHEMA_URL.to_owned(),
    }
}

fn metrics(snapshot: &Snapshot, period: Period) -> Vec<Metric> {
    let of_each = |points: fn(&DestinationSnapshot) -> Vec<Point>| -> Vec<Point> {
        snapshot.destinations.iter().flat_map(points).collect()
    };
    let busy = number_data_point::Value::AsDouble(snapshot.drain_busy.as_secs_f64());
    let list = [
        (names::PROCESSED, "{span}", true, processed(snapshot)),
        (names::QUEUE_SIZE, "{span}", false, of_each(waiting)),
        (names::QUEUE_CAPACITY, "{span}", false, of_each(room)),
        (names::EXPORTED, "{span}", false, of_each(exported)),
        (names::SPOOL_SIZE, "{span}", false, of_each(on_disk)),
        (names::FACTS_LOST, "{fact}", true, facts_lost(snapshot)),
        (names::DRAIN_BUSY, "s", true, vec![(component(names::DRAIN, 0), busy)]),
    ];
    let told = list.into_iter().filter(|(.., points)| !points.is_empty());
    told.map(|(name, unit, is_monotonic, points)| Metric {
        name: name.to_owned(),
        unit: unit.to_owned(),
        data: Some(metric::Data::Sum(Sum {
            data_points: points.into_iter().map(|point| data_point(point, period)).collect(),
            aggregation_temporality: AggregationTemporality::Cumulative.into(),
            is_monotonic,
        })),
        ..Metric::default()
    })
    .collect()
}

/// Spans handed to the destinations, spans lost before, and spans that found a queue full.
fn processed(snapshot: &Snapshot) -> Vec<Point> {
    let mut points = vec![(component(names::DRAIN, 0), integer(snapshot.spans))];
    points.extend(lost(snapshot, Lost::Span));
    points.extend(snapshot.destinations.iter().map(|destination| {
        let queue = component(names::QUEUE, destination.number);
        (with_error(queue, "queue_full"), integer(destination.queue_full))
    }));
    points
}

fn facts_lost(snapshot: &Snapshot) -> Vec<Point> {
    lost(snapshot, Lost::Fact).collect()
}

fn lost(snapshot: &Snapshot, what: Lost) -> impl Iterator<Item = Point> {
    let reasons = snapshot.losses.by_field();
    reasons.filter(move |(_, counted, _)| *counted == what).map(|(field, _, count)| {
        (with_error(component(names::DRAIN, 0), names::error_type(field)), integer(count))
    })
}

fn waiting(destination: &DestinationSnapshot) -> Vec<Point> {
    vec![(component(names::QUEUE, destination.number), integer(destination.queued))]
}

fn room(destination: &DestinationSnapshot) -> Vec<Point> {
    let queue = |room| (component(names::QUEUE, destination.number), integer(room));
    destination.queue_spans_max.map(queue).into_iter().collect()
}

fn exported(destination: &DestinationSnapshot) -> Vec<Point> {
    let exporter = component(destination.component, destination.number);
    let failed = destination.failed.iter().map(|&(field, count)| {
        (with_error(exporter.clone(), names::error_type(field)), integer(count))
    });
    std::iter::once((exporter.clone(), integer(destination.delivered))).chain(failed).collect()
}

fn on_disk(destination: &DestinationSnapshot) -> Vec<Point> {
    let exporter = component(destination.component, destination.number);
    vec![(exporter, integer(destination.spooled))]
}

fn component(kind: &str, number: u32) -> Vec<KeyValue> {
    let name = format!("{kind}/{number}");
    vec![pair(names::COMPONENT_TYPE, text(kind)), pair(names::COMPONENT_NAME, text(&name))]
}

fn with_error(mut attributes: Vec<KeyValue>, error_type: &str) -> Vec<KeyValue> {
    attributes.push(pair(names::ERROR_TYPE, text(error_type)));
    attributes
}

fn data_point((attributes, value): Point, period: Period) -> NumberDataPoint {
    NumberDataPoint {
        attributes,
        start_time_unix_nano: period.start,
        time_unix_nano: period.now,
        value: Some(value),
        ..NumberDataPoint::default()
    }
}

/// Returns a count; one that OTLP cannot hold stays at the most it can.
fn integer(count: u64) -> number_data_point::Value {
    number_data_point::Value::AsInt(i64::try_from(count).unwrap_or(i64::MAX))
}

fn pair(key: &str, value: any_value::Value) -> KeyValue {
    let value = Some(AnyValue { value: Some(value) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}

fn text(text: &str) -> any_value::Value {
    any_value::Value::StringValue(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::losses::Losses;
    use std::collections::HashMap;

    /// Returns each point as `metric error.type?`, with its count.
    fn points(snapshot: &Snapshot) -> HashMap<String, number_data_point::Value> {
        let period = Period { start: 1, now: 2 };
        let mut all = HashMap::new();
        for metric in metrics(snapshot, period) {
            let Some(metric::Data::Sum(sum)) = metric.data else { panic!("{}", metric.name) };
            assert_eq!(sum.aggregation_temporality(), AggregationTemporality::Cumulative);
            for point in sum.data_points {
                assert_eq!((point.start_time_unix_nano, point.time_unix_nano), (1, 2));
                let words = point.attributes.iter().map(|pair| {
                    match pair.value.as_ref().and_then(|value| value.value.as_ref()) {
                        Some(any_value::Value::StringValue(text)) => text.as_str(),
                        _ => "",
                    }
                });
                let words = std::iter::once(metric.name.as_str()).chain(words.skip(1));
                let words = words.collect::<Vec<_>>().join(" ");
                assert!(all.insert(words, point.value.unwrap()).is_none(), "told twice");
            }
        }
        all
    }

    #[test]
    fn every_loss_is_told_once_where_it_happened() {
        let reasons = || Losses::default().by_field();
        let failed = reasons().filter(|(_, counted, _)| *counted == Lost::Delivery);
        let failed = failed.map(|(field, ..)| field).filter(|field| *field != "queue_full");
        let destination = DestinationSnapshot {
            component: "otlp_grpc_span_exporter",
            failed: failed.map(|field| (field, 5)).collect(),
            ..DestinationSnapshot::default()
        };
        let snapshot = Snapshot { destinations: vec![destination], ..Snapshot::default() };
        let points = points(&snapshot);
        for (field, ..) in reasons() {
            let word = names::error_type(field);
            let told = points.keys().filter(|key| key.ends_with(&format!(" {word}"))).count();
            assert_eq!(told, 1, "{field}: {points:?}");
        }
    }

    #[test]
    fn a_span_that_lost_a_part_is_not_told_as_lost() {
        let losses = Losses {
            times_refused: 1,
            contents_refused: 2,
            contents_evicted: 3,
            redactions_panicked: 4,
            identities_full: 5,
            identities_gone: 6,
            baggage_refused: 7,
            ..Losses::default()
        };
        let points = points(&Snapshot { losses, ..Snapshot::default() });
        for (field, _, count) in losses.by_field().filter(|(.., count)| *count > 0) {
            let told = points.iter().filter(|(key, _)| key.ends_with(&format!(" {field}")));
            let told: Vec<_> = told.map(|(key, count)| (key.as_str(), *count)).collect();
            let key = format!("exo.trace.fact.lost exo_trace.drain/0 {field}");
            assert_eq!(told, [(key.as_str(), integer(count))]);
        }
        let spans = losses.by_field().filter(|(_, counted, _)| *counted == Lost::Span);
        let spans: Vec<_> = spans.map(|(field, ..)| field).collect();
        let whole = ["before_init", "after_shutdown", "spans_refused", "no_lane", "thread_gone"];
        assert_eq!(spans, [&whole[..], &["undecodable", "left_behind"]].concat());
    }

    #[test]
    fn what_may_fall_is_not_said_to_grow_only() {
        let destinations = vec![DestinationSnapshot::default()];
        let snapshot = Snapshot { destinations, ..Snapshot::default() };
        let grows = metrics(&snapshot, Period { start: 1, now: 2 }).into_iter().filter(
            |metric| matches!(&metric.data, Some(metric::Data::Sum(sum)) if sum.is_monotonic),
        );
        let grows: Vec<_> = grows.map(|metric| metric.name).collect();
        assert_eq!(grows, [names::PROCESSED, names::FACTS_LOST, names::DRAIN_BUSY]);
    }

    #[test]
    fn counters_keep_their_values_and_their_components() {
        let destination = DestinationSnapshot {
            component: "otlp_http_span_exporter",
            number: 2,
            delivered: 90,
            failed: vec![("export_failed", 4)],
            spooled: 8,
            queue_full: 3,
            queued: 7,
            queue_spans_max: Some(1_000),
        };
        let points = points(&Snapshot {
            spans: 104,
            losses: Losses {
                spans_refused: 6,
                late_orphaned: 1,
                after_shutdown: 2,
                ..Losses::default()
            },
            drain_busy: std::time::Duration::from_millis(1_500),
            destinations: vec![destination, DestinationSnapshot::default()],
        });
        for (point, count) in [
            ("otel.sdk.processor.span.processed exo_trace.drain/0", 104),
            ("otel.sdk.processor.span.processed exo_trace.drain/0 spans_refused", 6),
            ("otel.sdk.processor.span.processed exo_trace.drain/0 already_shutdown", 2),
            ("otel.sdk.processor.span.processed exo_trace.queue/2 queue_full", 3),
            ("otel.sdk.processor.span.queue.size exo_trace.queue/2", 7),
            ("otel.sdk.processor.span.queue.capacity exo_trace.queue/2", 1_000),
            ("otel.sdk.exporter.span.exported otlp_http_span_exporter/2", 90),
            ("otel.sdk.exporter.span.exported otlp_http_span_exporter/2 export_failed", 4),
            ("exo.trace.spool.size otlp_http_span_exporter/2", 8),
            ("exo.trace.fact.lost exo_trace.drain/0 late_orphaned", 1),
        ] {
            assert_eq!(points.get(point), Some(&integer(count)), "{point}: {points:?}");
        }
        let busy = points.get("exo.trace.drain.busy exo_trace.drain/0");
        assert_eq!(busy, Some(&number_data_point::Value::AsDouble(1.5)));
        assert!(!points.contains_key("otel.sdk.processor.span.queue.capacity exo_trace.queue/0"));
    }
}
