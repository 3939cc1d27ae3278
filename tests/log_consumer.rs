//! A consumer that appends each span to a file writes one JSON object a line, with the documented keys.

mod laws;

use exo_trace::{
    Span, SpanConsumer, SpanData, Status, TraceBackend, TraceConfig, attributes, init,
    register_consumer, span_sync,
};
use serde_json::Value;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);
const KEYS: [&str; 14] = [
    "name",
    "trace_id",
    "span_id",
    "parent_span_id",
    "kind",
    "start_time_unix_nano",
    "end_time_unix_nano",
    "duration_ms",
    "status",
    "attributes",
    "events",
    "links",
    "resource",
    "scope",
];

/// The page's own example, with a path of its own.
struct LogConsumer {
    path: PathBuf,
}

impl SpanConsumer for LogConsumer {
    fn consume(&self, span: &SpanData<'_>) {
        let file = OpenOptions::new().create(true).append(true).open(&self.path);
        if let Ok(mut file) = file {
            let _ = writeln!(file, "{span}");
        }
    }
}

/// Returns the keys of the outermost object as they stand in the text.
fn keys_in_order(line: &str) -> Vec<&str> {
    let mut places: Vec<_> = KEYS
        .iter()
        .map(|key| {
            let quoted = format!("\"{key}\":");
            let mut places = line.match_indices(&quoted).map(|(place, _)| place);
            let depth = |place: usize| {
                let before = &line[..place];
                before.matches(['{', '[']).count() - before.matches(['}', ']']).count()
            };
            let outermost = places.find(|place| depth(*place) == 1);
            (outermost.unwrap_or_else(|| panic!("{key} is not in {line}")), *key)
        })
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, key)| key).collect()
}

#[test]
fn each_line_of_the_log_is_one_span_with_the_documented_keys_in_order() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("spans.log");
    register_consumer(LogConsumer { path: path.clone() });
    let config = TraceConfig::new("log").backend(TraceBackend::Memory).extra("worker.count", 4);
    let trace = init(config).expect("it starts");
    {
        let run =
            span_sync!("run", text = "two\nlines, a \"quote\" and a \u{7}", n = 1, x = f64::NAN);
        run.add_event("event", attributes! { big = u64::MAX, yes = true });
        let tool = Span::start("tool", ());
        tool.add_link(&run.span_context().expect("it is recorded"), attributes! { why = "before" });
        tool.set_status(Status::error("no\tsuch tool"));
    }
    laws::accounts_for(2, &trace.shutdown(DEADLINE));

    let log = fs::read_to_string(&path).expect("the log");
    let lines: Vec<_> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    for line in &lines {
        assert_eq!(keys_in_order(line), KEYS);
        let span: Value = serde_json::from_str(line).expect("one JSON object a line");
        assert_eq!(span.as_object().map(serde_json::Map::len), Some(KEYS.len()));
    }
    let [tool, run] = [0, 1].map(|place| serde_json::from_str::<Value>(lines[place]).unwrap());
    assert_eq!(tool["name"], "tool");
    assert_eq!(tool["parent_span_id"], run["span_id"]);
    assert_eq!(tool["trace_id"], run["trace_id"]);
    assert_eq!(tool["trace_id"].as_str().map(str::len), Some(32));
    assert_eq!(tool["span_id"].as_str().map(str::len), Some(16));
    assert_eq!(tool["status"]["code"], "error");
    assert_eq!(tool["status"]["description"], "no\tsuch tool");
    assert_eq!(tool["links"][0]["span_id"], run["span_id"]);
    assert_eq!(tool["links"][0]["attributes"]["why"], "before");
    assert_eq!(run["parent_span_id"], Value::Null);
    assert_eq!(run["kind"], "internal");
    assert_eq!(run["attributes"]["text"], "two\nlines, a \"quote\" and a \u{7}");
    assert_eq!(run["attributes"]["x"], Value::Null, "JSON has no such number");
    assert_eq!(run["events"][0]["name"], "event");
    assert_eq!(run["events"][0]["attributes"]["yes"], true);
    assert_eq!(run["events"][0]["attributes"]["big"], u64::MAX);
    assert_eq!(run["resource"]["service.name"], "log");
    assert_eq!(run["resource"]["worker.count"], 4);
    assert_eq!(run["scope"]["name"], "exo-trace");
    let nanos = |key: &str| run[key].as_u64().expect("whole nanoseconds");
    let lasted = nanos("end_time_unix_nano") - nanos("start_time_unix_nano");
    let millis = run["duration_ms"].as_f64().expect("a number");
    assert!((millis * 1e6 - lasted as f64).abs() < 1.0, "{millis} ms and {lasted} ns");
}
