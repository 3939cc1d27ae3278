//! What the file exporter promises: whole lines, bounded files, and a count for what is lost.

use super::FileExporter;
use crate::testing::capture;
use crate::{ExportError, SpanExporter, Trace};
use exo_trace_std::span_sync;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use std::fs;
use std::path::Path;

fn spans(count: usize) -> Trace {
    capture(|| (0..count).for_each(|step| drop(span_sync!("step", step))))
}

/// How many spans each line of a file holds.
fn lines(path: &Path) -> Vec<usize> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    let spans_of = |line| {
        let request: ExportTraceServiceRequest = serde_json::from_str(line).unwrap();
        let scopes = request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
        scopes.map(|scope| scope.spans.len()).sum()
    };
    text.lines().map(spans_of).collect()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn nothing_is_made_before_the_first_span_and_then_all_directories_are() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a/b/spans.jsonl");
    let mut exporter = FileExporter::new(&path);
    exporter.flush().unwrap();
    assert!(names(directory.path()).is_empty());
    exporter.export(spans(3).spans()).unwrap();
    exporter.export(spans(2).spans()).unwrap();
    exporter.shutdown().unwrap();
    assert_eq!(lines(&path), [3, 2]);
}

#[test]
fn a_batch_becomes_lines_that_every_collector_takes() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("spans.jsonl");
    let text = "t".repeat(4_000);
    let trace = capture(|| drop(span_sync!("long", text)));
    let spans: Vec<_> = trace.spans().iter().cycle().take(1_100).cloned().collect();
    FileExporter::new(&path).export(&spans).unwrap();
    let lines = lines(&path);
    assert_eq!((lines.len(), lines.iter().sum()), (2, spans.len()));
    assert!(fs::read_to_string(&path).unwrap().lines().all(|line| line.len() <= 4_000_000));
}

#[test]
fn a_file_that_is_full_makes_room_and_the_oldest_goes() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("spans.jsonl");
    let mut exporter = FileExporter::new(&path).rotate_at(1).files_max(3);
    for count in 1..=5 {
        exporter.export(spans(count).spans()).unwrap();
    }
    assert_eq!(names(directory.path()), ["spans.1.jsonl", "spans.2.jsonl", "spans.jsonl"]);
    let at = |name| lines(&directory.path().join(name));
    assert_eq!([at("spans.jsonl"), at("spans.1.jsonl"), at("spans.2.jsonl")], [[5], [4], [3]]);
    drop(exporter);
    let mut fewer = FileExporter::new(&path).rotate_at(1).files_max(1);
    fewer.export(spans(6).spans()).unwrap();
    assert_eq!(names(directory.path()), ["spans.jsonl"], "the bound of today counts");
    assert_eq!(at("spans.jsonl"), [6]);
}

#[test]
fn a_rotation_that_broke_half_way_costs_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("spans.jsonl");
    fs::write(directory.path().join("spans.2.jsonl"), "older\n").unwrap();
    let mut exporter = FileExporter::new(&path).rotate_at(1).files_max(3);
    exporter.export(spans(1).spans()).unwrap();
    exporter.export(spans(2).spans()).unwrap();
    assert_eq!(fs::read_to_string(directory.path().join("spans.2.jsonl")).unwrap(), "older\n");
    assert_eq!(lines(&directory.path().join("spans.1.jsonl")), [1]);
}

#[test]
fn a_line_that_a_crash_tore_spoils_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("spans.jsonl");
    fs::write(&path, "{\"resourceSp").unwrap();
    FileExporter::new(&path).export(spans(1).spans()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\"resourceSp\n{\"resourceSpans\":["), "{text}");
}

#[test]
fn two_exporters_do_not_share_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("spans.jsonl");
    let (mut one, mut other) = (FileExporter::new(&path), FileExporter::new(&path));
    one.export(spans(1).spans()).unwrap();
    let error = other.export(spans(2).spans()).unwrap_err();
    let reason = format!(
        "spans were not written to {}: another exporter writes it, expected one at a time",
        path.display()
    );
    assert_eq!(error, ExportError::of_spans(reason, 2));
    drop(one);
    other.export(spans(2).spans()).unwrap();
    assert_eq!(lines(&path), [1, 2]);
}

#[test]
fn a_file_that_somebody_took_away_is_made_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("spans.jsonl");
    let mut exporter = FileExporter::new(&path);
    exporter.export(spans(1).spans()).unwrap();
    fs::rename(&path, directory.path().join("away")).unwrap();
    exporter.export(spans(2).spans()).unwrap();
    assert_eq!(lines(&path), [2]);
}

#[test]
fn where_no_file_can_be_every_span_is_counted_until_one_can() {
    let directory = tempfile::tempdir().unwrap();
    let in_the_way = directory.path().join("file");
    fs::write(&in_the_way, "").unwrap();
    let mut exporter = FileExporter::new(in_the_way.join("spans.jsonl"));
    assert_eq!(exporter.export(spans(700).spans()).unwrap_err().spans_lost, Some(700));
    fs::remove_file(&in_the_way).unwrap();
    exporter.export(spans(1).spans()).unwrap();
    assert_eq!(lines(&in_the_way.join("spans.jsonl")), [1]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_says_so_and_is_no_file_to_rotate() {
    let mut exporter = FileExporter::new("/dev/full").rotate_at(1);
    let error = exporter.export(spans(2).spans()).unwrap_err();
    assert_eq!(error.spans_lost, Some(2));
    assert!(error.reason.contains("No space left on device"), "{error}");
    assert!(exporter.export(spans(1).spans()).is_err() && Path::new("/dev/full").exists());
}

#[cfg(unix)]
#[test]
fn a_file_and_those_before_it_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("spans.jsonl");
    let mut exporter = FileExporter::new(&path).rotate_at(1);
    (0..3).for_each(|_| exporter.export(spans(1).spans()).unwrap());
    let files: Vec<_> = fs::read_dir(directory.path()).unwrap().flatten().collect();
    assert_eq!(files.len(), 3);
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}
