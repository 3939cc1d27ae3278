//! What a replay promises: every span that was read is accounted for, whatever the collector says.

use crate::protobuf::encode;
use crate::replay::Replay;
use crate::screen::Screen;
use crate::sum::Sum;
use exo_trace_export::__request::Request;
use exo_trace_export::exporter::{FileExporter, Sent};
use exo_trace_export::testing::capture;
use exo_trace_export::{Protocol, SpanExporter};
use exo_trace_std::{Span, attributes, span_sync};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use prost::Message;
use std::fs;
use std::path::{Path, PathBuf};

fn accepted(_: Vec<u8>) -> Sent {
    Sent::Accepted { rejected: 0, message: String::new() }
}

/// A file of one line a batch, each of so many spans.
fn recorded(directory: &Path, batches: &[usize]) -> PathBuf {
    let path = directory.join("spans.jsonl");
    let mut exporter = FileExporter::new(&path);
    for &spans in batches {
        let trace = capture(|| {
            for step in 0..spans {
                let _tool = span_sync!("tool", step);
                Span::current().add_event("retry", attributes! { step });
                Span::current().record_error("no such tool");
            }
            drop(span_sync!("sum", ratio = 0.1, texts = ["a", "b"].as_slice()));
        });
        exporter.export(trace.spans()).unwrap();
    }
    path
}

fn spans_in(body: &[u8]) -> usize {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    let resources = request.resource_spans.iter();
    resources.flat_map(|resource| &resource.scope_spans).map(|scope| scope.spans.len()).sum()
}

fn replayed(protocol: Protocol, files: &[PathBuf], send: impl FnMut(Vec<u8>) -> Sent) -> Sum {
    let screen = Screen::new(files);
    let mut replay = Replay::new(protocol, &screen, send);
    let _ = files.iter().all(|file| replay.file(file));
    replay.sum()
}

#[test]
fn both_readers_of_the_file_see_the_same_messages() {
    let directory = tempfile::tempdir().unwrap();
    let path = recorded(directory.path(), &[5]);
    let line = fs::read_to_string(path).unwrap();
    let ours = encode(&Request::read(line.as_bytes()).unwrap()).unwrap();
    let ours = ExportTraceServiceRequest::decode(ours.as_slice()).unwrap();
    let theirs: ExportTraceServiceRequest = serde_json::from_str(&line).unwrap();
    assert_eq!(ours, theirs);
    assert_eq!(spans_in(&ours.encode_to_vec()), 6);
}

#[test]
fn what_json_has_no_number_for_and_what_others_write_is_read() {
    let values = concat!(
        r#"{"key":"a","value":{"doubleValue":"NaN"}},{"key":"b","value":{"doubleValue":"-Infinity"}},"#,
        r#"{"key":"c","value":{"intValue":-7}},{"key":"d","value":{"bytesValue":"AP8="}},"#,
        r#"{"key":"e","value":{"kvlistValue":{"values":[{"key":"k","value":{"boolValue":true}}]}}},"#,
        r#"{"key":"f","value":{"unheardOf":[1]}},{"key":"g","value":{"intValue":"9"}}"#,
    );
    let line = format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"AB","new":1,"startTimeUnixNano":5,"attributes":[{values}]}}]}}]}}]}}"#
    );
    let bytes = encode(&Request::read(line.as_bytes()).unwrap()).unwrap();
    let request = ExportTraceServiceRequest::decode(bytes.as_slice()).unwrap();
    let span = &request.resource_spans[0].scope_spans[0].spans[0];
    assert_eq!((span.trace_id.as_slice(), span.start_time_unix_nano), ([0xab].as_slice(), 5));
    let values: Vec<_> =
        span.attributes.iter().map(|pair| pair.value.clone().unwrap().value).collect();
    assert!(matches!(values[0], Some(Value::DoubleValue(value)) if value.is_nan()));
    assert_eq!(values[1], Some(Value::DoubleValue(f64::NEG_INFINITY)));
    assert_eq!(values[2], Some(Value::IntValue(-7)));
    assert_eq!(values[3], Some(Value::BytesValue(vec![0, 255])));
    assert!(matches!(&values[4], Some(Value::KvlistValue(list)) if list.values.len() == 1));
    assert_eq!((&values[5], &values[6]), (&None, &Some(Value::IntValue(9))));
}

#[test]
fn a_json_line_goes_out_as_it_stands() {
    let directory = tempfile::tempdir().unwrap();
    let path = recorded(directory.path(), &[3, 2]);
    let mut sent = Vec::new();
    let sum = replayed(Protocol::HttpJson, std::slice::from_ref(&path), |body| {
        sent.extend_from_slice(&body);
        sent.push(b'\n');
        accepted(body)
    });
    assert_eq!(sent, fs::read(path).unwrap());
    assert!(sum == Sum { accepted: 7, ..Sum::default() } && sum.is_complete());
}

#[test]
fn what_is_too_long_goes_in_halves_down_to_one_span() {
    let directory = tempfile::tempdir().unwrap();
    let files = [recorded(directory.path(), &[99])];
    for protocol in [Protocol::Grpc, Protocol::HttpJson] {
        let mut bodies = 0;
        let sum = replayed(protocol, &files, |body| {
            if body.len() > 2_500 {
                return Sent::TooLong { reason: "2,500 bytes at most".to_owned() };
            }
            bodies += 1;
            accepted(body)
        });
        assert!(bodies > 10 && sum == Sum { accepted: 100, ..Sum::default() }, "{sum}");
        let sum = replayed(protocol, &files, |_| Sent::TooLong { reason: "no".to_owned() });
        assert_eq!(sum, Sum { failed: 100, ..Sum::default() });
    }
}

#[test]
fn what_is_rejected_and_what_is_refused_is_counted_and_the_rest_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let files = [recorded(directory.path(), &[9, 9, 9])];
    let mut answers = vec![
        Sent::Accepted { rejected: 0, message: "be quick".to_owned() },
        Sent::Refused { reason: "no such tenant".to_owned() },
        Sent::Accepted { rejected: 4, message: "too old".to_owned() },
    ];
    let sum = replayed(Protocol::Grpc, &files, |_| answers.pop().unwrap());
    assert_eq!(sum, Sum { accepted: 16, rejected: 4, failed: 10, ..Sum::default() });
    let text = "30 spans read = 16 accepted + 4 rejected + 10 failed";
    assert!(sum.to_string() == text && !sum.is_complete());
}

#[test]
fn a_collector_that_stays_away_ends_it_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let file = recorded(directory.path(), &[9, 9]);
    let mut asked = 0;
    let sum = replayed(Protocol::Grpc, &[file.clone(), file], |_| {
        asked += 1;
        Sent::GivenUp { reason: "connection refused".to_owned() }
    });
    assert_eq!((asked, sum), (1, Sum { failed: 10, ..Sum::default() }));
}

#[test]
fn a_collector_that_takes_nothing_ends_it_soon() {
    let directory = tempfile::tempdir().unwrap();
    let files = [recorded(directory.path(), &[0; 30])];
    let sum = replayed(Protocol::Grpc, &files, |_| Sent::Refused { reason: "who?".to_owned() });
    assert_eq!(sum, Sum { failed: 10, ..Sum::default() });
    let mut asked = 0;
    let sum = replayed(Protocol::Grpc, &files, |body| {
        asked += 1;
        if asked % 10 == 0 { accepted(body) } else { Sent::Refused { reason: "odd".to_owned() } }
    });
    assert_eq!(sum, Sum { accepted: 3, failed: 27, ..Sum::default() });
}

#[test]
fn a_torn_line_is_left_out_and_one_that_is_something_else_is_a_failure() {
    let directory = tempfile::tempdir().unwrap();
    let path = recorded(directory.path(), &[1]);
    let line = fs::read_to_string(&path).unwrap();
    let torn = &line[..line.len() / 2];
    fs::write(&path, format!("{torn}\n{line}\n{torn}")).unwrap();
    let sum = replayed(Protocol::Grpc, std::slice::from_ref(&path), accepted);
    assert!(sum == Sum { accepted: 2, torn: 2, ..Sum::default() } && sum.is_complete());
    fs::write(&path, format!("hello\n{{\"resourceMetrics\":[]}}\n{line}")).unwrap();
    let missing = directory.path().join("missing");
    let sum = replayed(Protocol::Grpc, &[missing, path], accepted);
    assert!(sum == Sum { accepted: 2, unreadable: 2, ..Sum::default() } && !sum.is_complete());
}
