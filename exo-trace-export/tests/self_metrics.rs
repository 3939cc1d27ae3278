//! Series of the tracer's own counters: each is told once, and means the same as long as it is told.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

#[allow(dead_code, reason = "other stories look at more of it")]
mod metrics_collector;

use exo_trace_export::exporter::Console;
use exo_trace_export::{
    SpanConsumer, SpanData, TraceBackend, TraceConfig, init, register_consumer, unregister_consumer,
};
use exo_trace_std::span_sync;
use metrics_collector::Collector;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::metric;
use std::collections::BTreeSet;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

struct Looks(&'static str);

impl SpanConsumer for Looks {
    fn name(&self) -> &str {
        self.0
    }

    fn consume(&self, _: &SpanData<'_>) {}
}

/// Returns every series of a request: the metric, and its dimensions in order.
fn series(request: &ExportMetricsServiceRequest) -> Vec<String> {
    let scopes = request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
    let mut all = Vec::new();
    for metric in scopes.flat_map(|scope| &scope.metrics) {
        if let Some(metric::Data::Sum(sum)) = &metric.data {
            all.extend(sum.data_points.iter().map(|point| {
                let words: BTreeSet<_> = point.attributes.iter().map(word).collect();
                let words: Vec<_> = words.into_iter().collect();
                format!("{} {}", metric.name, words.join(" "))
            }));
        }
    }
    all
}

fn word(pair: &KeyValue) -> String {
    match pair.value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => format!("{}={text}", pair.key),
        other => panic!("{other:?}"),
    }
}

/// Returns the names of the queues that a request tells of.
fn queues(series: &[String]) -> Vec<&str> {
    let sizes = series.iter().filter(|one| one.starts_with("otel.sdk.processor.span.queue.size "));
    let words = sizes.flat_map(|one| one.split(' '));
    words.filter_map(|word| word.strip_prefix("otel.component.name=")).collect()
}

#[test]
fn every_series_is_told_once_and_a_destination_keeps_its_own_when_others_leave() {
    let collector = Collector::start();
    let config = TraceConfig::new("stories").endpoint(&collector.endpoint).metrics(true);
    let config = config.also(TraceBackend::Console).console(Console::stderr());
    let trace = init(config.also(TraceBackend::Memory)).expect("nothing records yet");
    ["first", "second", "third"].into_iter().for_each(|name| register_consumer(Looks(name)));
    let told = || {
        drop(span_sync!("work"));
        assert!(trace.flush(DEADLINE).is_complete());
        let last = collector.metrics.try_iter().last().expect("a flush sends a reading");
        let told = series(&last);
        let once: BTreeSet<_> = told.iter().collect();
        assert_eq!(once.len(), told.len(), "{told:#?}");
        told
    };
    let before = told();
    let all = ["0", "1", "2", "3", "4", "5"].map(|number| format!("exo_trace.queue/{number}"));
    assert_eq!(queues(&before), all);
    assert!(unregister_consumer("first") && unregister_consumer("third"));
    let after = told();
    assert!(queues(&after).contains(&"exo_trace.queue/4"), "{after:#?}");
    register_consumer(Looks("fourth"));
    let at_last = told();
    assert!(queues(&at_last).contains(&"exo_trace.queue/6"), "no number is given again");
    assert!(unregister_consumer("second") && unregister_consumer("fourth"));
    assert!(trace.shutdown(DEADLINE).is_complete());
}
