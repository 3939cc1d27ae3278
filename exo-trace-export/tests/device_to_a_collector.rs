//! In a collector's requests a board's spans stand under the board's resource, and under no other.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod board;

use board::{READ, Ram};
use exo_trace_export::device::Bridge;
use exo_trace_export::{Protocol, TraceBackend, TraceConfig, init};
use exo_trace_std::span_sync;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use prost::Message;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

/// Reads one request and says that it was taken; `None` when the client has gone.
fn request(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok()?;
    Some(body)
}

/// A collector that takes everything and shows it.
fn collector() -> (String, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let (show, shown) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = BufReader::new(stream);
            while let Some(body) = request(&mut stream) {
                let _ = show.send(body);
            }
        }
    });
    (endpoint, shown)
}

#[test]
fn every_span_stands_under_the_resource_of_its_own_machine() {
    let (endpoint, shown) = collector();
    let config = TraceConfig::new("gateway").backend(TraceBackend::Otlp).endpoint(endpoint);
    let trace = init(config.protocol(Protocol::HttpProtobuf).metrics(false)).expect("it starts");
    let mut boards: Vec<_> = (0..12)
        .map(|n| (Ram::new(), Bridge::new().resource("room", format!("room {n}"))))
        .collect();
    // So many that not all of their requests are kept at hand.
    for round in 0..3 {
        drop(span_sync!("of the gateway"));
        for (number, (ram, bridge)) in boards.iter_mut().enumerate() {
            let mut stream = ram.stream(round * 100 + number as u64);
            drop(ram.main().start(&READ));
            bridge.feed(&ram.frames(&mut stream).concat());
        }
        assert!(trace.flush(DEADLINE).is_complete());
    }
    assert!(trace.shutdown(DEADLINE).is_complete());
    let mut counted = std::collections::BTreeMap::<String, u64>::new();
    for body in shown.try_iter() {
        let request = ExportTraceServiceRequest::decode(&*body).expect("a request");
        for spans in request.resource_spans {
            let resource = spans.resource.expect("a resource").attributes;
            let room = resource.iter().find(|attribute| attribute.key == "room");
            let room = room.and_then(|room| room.value.as_ref()?.value.as_ref());
            let (machine, expected) = match room {
                Some(Value::StringValue(room)) => (room.clone(), "sensor.read"),
                _ => ("gateway".to_owned(), "of the gateway"),
            };
            for span in spans.scope_spans.iter().flat_map(|scope| &scope.spans) {
                assert_eq!(span.name, expected, "under {machine}");
                *counted.entry(machine.clone()).or_default() += 1;
            }
        }
    }
    assert_eq!(counted.len(), 13, "{counted:?}");
    assert!(counted.values().all(|&spans| spans == 3), "{counted:?}");
}
