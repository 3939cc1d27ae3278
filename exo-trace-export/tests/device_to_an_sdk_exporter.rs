//! An exporter of the OpenTelemetry SDK knows one resource at a time: each batch has its own machine's.
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

mod board;

use board::{READ, Ram};
use exo_trace_export::device::Bridge;
use exo_trace_export::exporter::OtelExporter;
use exo_trace_export::{TraceConfig, init};
use exo_trace_std::span_sync;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

/// Spans by the room that the resource named when they came.
type Seen = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

#[derive(Debug)]
struct ByRoom {
    room: String,
    seen: Seen,
}

impl SpanExporter for ByRoom {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut seen = self.seen.lock().expect("nobody panicked");
        let names = batch.iter().map(|span| span.name.to_string());
        seen.entry(self.room.clone()).or_default().extend(names);
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        let room = resource.get(&"room".into());
        self.room = room.map_or_else(|| "the gateway's".to_owned(), |room| room.to_string());
    }
}

#[test]
fn the_resource_changes_with_the_machine_whose_spans_come_and_changes_back() {
    let seen = Seen::default();
    let by_room = ByRoom { room: "not said".to_owned(), seen: Arc::clone(&seen) };
    let config = TraceConfig::new("gateway").exporter(OtelExporter::from(by_room));
    let trace = init(config).expect("nothing records yet");
    let rams = [Ram::new(), Ram::new()];
    let mut boards: Vec<_> = (1..)
        .zip(&rams)
        .map(|(room, ram)| (ram, ram.stream(room), Bridge::new().resource("room", room as i64)))
        .collect();
    for _ in 0..3 {
        drop(span_sync!("of the gateway"));
        assert!(trace.flush(DEADLINE).is_complete());
        for (ram, stream, bridge) in &mut boards {
            drop(ram.main().start(&READ));
            bridge.feed(&ram.frames(stream).concat());
        }
        assert!(trace.flush(DEADLINE).is_complete());
    }
    assert!(trace.shutdown(DEADLINE).is_complete());
    let rooms = [("1", "sensor.read"), ("2", "sensor.read"), ("the gateway's", "of the gateway")];
    let expected = rooms.map(|(room, name)| (room.to_owned(), vec![name.to_owned(); 3]));
    assert_eq!(*seen.lock().expect("nobody panicked"), BTreeMap::from(expected));
}
