//! The file exporter: batches become lines, and a line stands in the file whole or not at all.
//!
//! Source: OpenTelemetry specification, "OpenTelemetry Protocol File Exporter".

use super::rotation::Rotation;
use super::writing::LineFile;
use crate::SpanData;
use crate::exporter::otlp_json::JsonRequest;
use crate::exporter::{ExportError, SpanExporter};
use std::path::PathBuf;
use std::{fmt, io};

const ROTATE_AT: u64 = 64 << 20;
const FILES_MAX: usize = 10;
/// How long one line is at most: what every collector takes as one request.
const LINE_BYTES_MAX: usize = 4_000_000;

/// Writes spans to a file: OTLP JSON, one request a line (`.jsonl`).
///
/// The safe place when there is no collector; `exo-trace-replay` sends such files to one later.
/// Nothing is opened before the first span. Then the directories are made where they are missing,
/// and the file is appended to. A file belongs to one exporter at a time: it is locked, and a second
/// one fails. What it makes is its owner's alone to read; whoever wants others to read it makes the file
/// before.
///
/// A file that would grow past [`FileExporter::rotate_at`] becomes `spans.1.jsonl`, what was
/// `spans.1.jsonl` becomes `spans.2.jsonl`, and what would be one more than
/// [`FileExporter::files_max`] is removed. Its spans were delivered: what is kept of them is the
/// user's own choice, and no loss that is counted.
///
/// What cannot be written, because a directory may not be made or the disk is full, is counted as
/// failed, and the next batch is tried again. A flush returns once the disk has everything.
///
/// ```
/// use exo_trace_export::exporter::FileExporter;
/// use exo_trace_export::{TraceConfig, init};
/// use exo_trace_std::span_sync;
/// use std::time::Duration;
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("spans.jsonl");
/// # let shown = path.clone();
/// let file = FileExporter::new(path).rotate_at(16 << 20).files_max(4);
/// let trace = init(TraceConfig::new("my-agent").exporter(file))?;
/// drop(span_sync!("step"));
/// assert!(trace.shutdown(Duration::from_secs(5)).is_complete());
/// # assert!(std::fs::read_to_string(shown)?.contains(r#""name":"step""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FileExporter {
    path: PathBuf,
    rotate_at: u64,
    files_max: usize,
    file: Option<LineFile>,
}

impl FileExporter {
    /// Returns an exporter to the file at `path`; relative to where the process stands at its first
    /// span.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), rotate_at: ROTATE_AT, files_max: FILES_MAX, file: None }
    }

    /// Sets how many bytes one file holds, 64 MiB if unsaid; it is longer only when its first line is.
    #[must_use]
    pub fn rotate_at(mut self, bytes: u64) -> Self {
        self.rotate_at = bytes;
        self
    }

    /// Sets how many files are kept with the one that is written, 10 if unsaid; at least that one.
    #[must_use]
    pub fn files_max(mut self, files: usize) -> Self {
        self.files_max = files.max(1);
        self
    }

    /// Appends a line to the file, or to a new one where it finds no room.
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let room = self.rotate_at.saturating_sub(line.len() as u64);
        let mut file = self.opened()?;
        if file.is_longer_than(room) {
            // Closed first: not every system renames an open file.
            drop(file);
            Rotation { path: &self.path, files_max: self.files_max }.make_room()?;
            file = LineFile::open(&self.path)?;
        }
        file.append(line)?;
        self.file = Some(file);
        Ok(())
    }

    /// Takes the file out, opened again where somebody took it away; put back after a success only, so
    /// that a failure is repaired by opening it anew.
    fn opened(&mut self) -> io::Result<LineFile> {
        match self.file.take() {
            Some(file) if self.path.exists() => Ok(file),
            _ => LineFile::open(&self.path),
        }
    }

    fn failed(&self, error: &dyn fmt::Display) -> String {
        format!("spans were not written to {}: {error}", self.path.display())
    }
}

/// Fills one line with the first of `spans`, and says how many it took; one that is too long for any
/// line is cut, or taken and not written.
fn fill(line: &mut JsonRequest, spans: &[SpanData<'_>], first: &SpanData<'_>) -> usize {
    let is_same = |span: &SpanData<'_>| {
        std::ptr::eq(span.resource(), first.resource()) || span.resource() == first.resource()
    };
    let taken = spans.iter().take_while(|span| is_same(span) && line.add(span)).count();
    if taken == 0 {
        line.add_cut(first);
    }
    taken.max(1)
}

impl SpanExporter for FileExporter {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        let (mut left, mut too_long) = (spans, 0);
        while let Some(first) = left.first() {
            let mut line = JsonRequest::new(first.resource(), LINE_BYTES_MAX);
            let taken = fill(&mut line, left, first);
            if line.is_empty() {
                too_long += 1;
            } else {
                let mut bytes = line.finish();
                bytes.push(b'\n');
                let lost = too_long + left.len() as u64;
                self.append(&bytes)
                    .map_err(|error| ExportError::of_spans(self.failed(&error), lost))?;
            }
            left = left.get(taken..).unwrap_or_default();
        }
        if too_long == 0 {
            return Ok(());
        }
        let reason = format!("longer than a line of {LINE_BYTES_MAX} bytes, even cut");
        Err(ExportError::of_spans(self.failed(&reason), too_long))
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        match &self.file {
            Some(file) => file.sync().map_err(|error| ExportError::new(self.failed(&error))),
            None => Ok(()),
        }
    }
}
