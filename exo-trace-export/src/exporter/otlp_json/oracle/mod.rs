//! OTLP JSON read back by the collectors' own types, and compared with what the spans say.

mod batching;
mod draw;
mod expected;

use super::JsonRequest;
use crate::resource::Resource;
use batching::{Batching, KEYS, SPAN, record, written};
use draw::{add, drawn_spans};
use exo_trace_core::{
    Event, Facts, Fields, Link, Record, SpanContext, SpanRecord, StatusCode, StatusRecord,
    TraceFlags, Value,
};
use expected::{expected, key_values};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use proptest::prelude::*;

fn read(json: &[u8]) -> ExportTraceServiceRequest {
    serde_json::from_slice(json).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(json));
    })
}

fn spans(request: &ExportTraceServiceRequest) -> impl Iterator<Item = &Span> {
    let resources = request.resource_spans.iter();
    resources.flat_map(|resource| &resource.scope_spans).flat_map(|scope| &scope.spans)
}

#[test]
fn one_span_is_this_line() {
    let mut batch = Batching::new();
    let attributes = [written(0, Value::I64(3)), written(3, Value::F64(f64::NAN))];
    let event = Event { span_id: SPAN, ticks: 5, name: "retry", attributes: Fields::NONE };
    batch.span(
        record(),
        &[
            Record::Facts(Facts { span_id: SPAN, attributes: Fields::Borrowed(&attributes) }),
            Record::Event(event),
            Record::Status(StatusRecord { span_id: SPAN, code: StatusCode::Ok, description: "" }),
        ],
    );
    let mut request = JsonRequest::new(&batch.0.resource, 10_000);
    assert_eq!(request.push(&batch.0, 0..1), 1);
    let line = request.finish();
    let golden = concat!(
        r#"{"resourceSpans":[{"resource":{"attributes":["#,
        r#"{"key":"service.name","value":{"stringValue":"my-agent"}},"#,
        r#"{"key":"worker.count","value":{"intValue":"4"}}]},"#,
        r#""scopeSpans":[{"scope":{"name":"agent","version":"1.2.3"},"spans":["#,
        r#"{"traceId":"000000000000000000000000000000ab","spanId":"00000000000000cd","#,
        r#""parentSpanId":"00000000000000ef","flags":771,"name":"plan 3","kind":3,"#,
        r#""startTimeUnixNano":"1700000000123456789","endTimeUnixNano":"1700000000123456999","#,
        r#""attributes":[{"key":"code.function.name","value":{"stringValue":"agent::plan"}},"#,
        r#"{"key":"code.file.path","value":{"stringValue":"src/agent.rs"}},"#,
        r#"{"key":"code.line.number","value":{"intValue":"7"}},"#,
        r#"{"key":"source","value":{"doubleValue":"NaN"}},"#,
        r#"{"key":"arg.step","value":{"intValue":"3"}}],"#,
        r#""events":[{"timeUnixNano":"5","name":"retry"}],"droppedEventsCount":2,"#,
        r#""status":{"code":1}}],"schemaUrl":"https://opentelemetry.io/schemas/1.41.0"}],"#,
        r#""schemaUrl":"https://opentelemetry.io/schemas/1.41.0"}]}"#,
    );
    assert_eq!(String::from_utf8(line).unwrap(), golden);
}

proptest! {
    #[test]
    fn a_collector_reads_what_the_spans_say(drawn in drawn_spans()) {
        let mut batch = Batching::new();
        drawn.iter().for_each(|span| add(&mut batch, span));
        let data: Vec<_> = batch.0.data().collect();
        let mut request = JsonRequest::new(&batch.0.resource, usize::MAX);
        prop_assert_eq!(request.push(&batch.0, 0..data.len()), data.len());
        let json = read(&request.finish());
        let resource = &json.resource_spans[0];
        prop_assert_eq!(&resource.resource.as_ref().unwrap().attributes, &key_values(batch.0.resource.attributes()));
        for scope in &resource.scope_spans {
            let about = scope.scope.as_ref().unwrap();
            let own = data.iter().filter(|span| span.scope().name == about.name);
            prop_assert_eq!(&scope.spans, &own.map(expected).collect::<Vec<_>>());
        }
        prop_assert_eq!(spans(&json).count(), data.len());
    }

    #[test]
    fn a_request_never_passes_its_bound_and_no_span_goes_missing(
        drawn in drawn_spans(), bytes_max in 2_000_usize..12_000,
    ) {
        let mut batch = Batching::new();
        drawn.iter().for_each(|span| add(&mut batch, span));
        let mut request = JsonRequest::new(&batch.0.resource, bytes_max);
        let (mut place, mut seen) = (0, 0);
        while place < batch.0.len() {
            let taken = request.push(&batch.0, place..batch.0.len());
            place += taken;
            if taken == 0 {
                prop_assert!(request.is_empty() && request.push_cut(&batch.0, place));
                place += 1;
            }
            let json = request.finish();
            prop_assert!(json.len() <= bytes_max, "{} bytes", json.len());
            seen += spans(&read(&json)).count();
        }
        prop_assert_eq!(seen, batch.0.len());
    }
}

#[test]
fn a_span_too_long_loses_events_then_links_then_its_longest_attributes_and_says_so() {
    let mut batch = Batching::new();
    let (short, long) = ("s".repeat(50), "l".repeat(5_000));
    let attributes = [written(1, Value::Text(&long)), written(2, Value::Text(&short))];
    let attributes = Fields::Borrowed(&attributes);
    let event =
        |name| Record::Event(Event { span_id: SPAN, ticks: 5, name, attributes: Fields::NONE });
    let context = SpanContext {
        trace_id: record().trace_id,
        span_id: SPAN,
        flags: TraceFlags::SAMPLED,
        is_remote: false,
    };
    let facts = [
        event("first"),
        event("last"),
        Record::Link(Link { span_id: SPAN, context, attributes: Fields::NONE }),
        Record::Facts(Facts { span_id: SPAN, attributes }),
    ];
    batch.span(record(), &facts);
    let mut request = JsonRequest::new(&batch.0.resource, usize::MAX);
    assert_eq!(request.push(&batch.0, 0..1), 1);
    let whole = request.finish().len();
    let cut_to = |bytes_max| {
        let mut request = JsonRequest::new(&batch.0.resource, bytes_max);
        assert_eq!(request.push(&batch.0, 0..1), 0);
        request.push_cut(&batch.0, 0).then(|| {
            let json = request.finish();
            assert!(json.len() <= bytes_max);
            spans(&read(&json)).next().unwrap().clone()
        })
    };
    let span = cut_to(whole - 1).unwrap();
    assert!(span.events.len() < 2 && span.attributes.len() == 6);
    assert_eq!(span.dropped_events_count as usize, 2 + 2 - span.events.len());
    let span = cut_to(2_000).unwrap();
    assert_eq!((span.events.len(), span.links.len(), span.attributes.len()), (0, 0, 5));
    assert_eq!(span.dropped_attributes_count, 1);
    assert_eq!((span.dropped_events_count, span.dropped_links_count), (4, 1));
    assert!(span.attributes.iter().any(|attribute| attribute.key == "a \"quoted\" key"));
    assert!(cut_to(300).is_none(), "ids, times and a name stay");
}

#[test]
fn attributes_that_an_event_or_a_link_lost_are_counted_and_empty_ones_are_left_out() {
    let mut batch = Batching::new();
    let keyless = KEYS.len();
    let attributes = [written(keyless, Value::I64(1)), written(2, Value::Empty)];
    let attributes = Fields::Borrowed(&attributes);
    let is_remote = false;
    let SpanRecord { trace_id, flags, .. } = record();
    let context = SpanContext { trace_id, span_id: SPAN, flags, is_remote };
    let facts = [
        Record::Facts(Facts { span_id: SPAN, attributes }),
        Record::Event(Event { span_id: SPAN, ticks: 5, name: "retry", attributes }),
        Record::Link(Link { span_id: SPAN, context, attributes }),
    ];
    batch.span(record(), &facts);
    let mut request = JsonRequest::new(&batch.0.resource, 10_000);
    assert_eq!(request.push(&batch.0, 0..1), 1);
    let json = read(&request.finish());
    let span = spans(&json).next().unwrap();
    let (event, link) = (&span.events[0], &span.links[0]);
    let counts = [event.dropped_attributes_count, link.dropped_attributes_count];
    assert_eq!((counts, span.dropped_attributes_count), ([1, 1], 1));
    assert!(event.attributes.is_empty() && link.attributes.is_empty());
    assert!(span.attributes.iter().all(|attribute| attribute.key != KEYS[2].key().as_str()));
}

#[test]
fn a_request_without_spans_is_a_request() {
    let mut request = JsonRequest::new(&Resource::default(), 1_000);
    assert!(request.is_empty());
    assert_eq!(spans(&read(&request.finish())).count(), 0);
}
