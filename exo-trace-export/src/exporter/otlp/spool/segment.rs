//! One file of requests: appended at its end, read from its front, deleted when all have left.
//!
//! Spans are counted along the file. `passed` stands where reading has come to, `spans` at its end;
//! what lies between waits. A frame says what should have been passed before it, and where that is
//! more than was, the difference was damaged.

use super::frame::{Form, Frame, HEADER_BYTES, REQUEST_BYTES_MAX};
use super::owner_only;
use super::refused::Refused;
use bytes::Bytes;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// How often in a row a file may fail to be read before it is set aside.
const FAILURES_MAX: u32 = 8;

/// A request that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) request: Bytes,
    pub(crate) spans: u64,
    pub(crate) form: Form,
}

/// A file of requests, open only while it is read or written.
pub(super) struct Segment {
    path: PathBuf,
    file: Option<File>,
    /// How long the file is.
    bytes: u64,
    /// Where reading has come to.
    position: u64,
    /// Spans of the frames before `position`.
    passed: u64,
    /// Spans of all its frames.
    spans: u64,
    damaged: u64,
    /// The frame that was read last and has not left.
    oldest: Option<Frame>,
    is_writable: bool,
    failures: u32,
}

impl Segment {
    /// Creates an empty one.
    pub(super) fn create(path: PathBuf) -> io::Result<Self> {
        let file = owner_only::create_file(&path)?;
        Ok(Self { is_writable: true, ..Self::over(path, file, 0) })
    }

    /// Renames and surveys what another process wrote; it is not written again, for its end may be torn.
    pub(super) fn take_over(from: &Path, path: PathBuf) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(from)?;
        let bytes = file.metadata()?.len();
        let mut segment = Self::over(path, file, bytes);
        segment.survey()?;
        fs::rename(from, &segment.path)?;
        segment.close();
        Ok(segment)
    }

    fn over(path: PathBuf, file: File, bytes: u64) -> Self {
        Self {
            path,
            file: Some(file),
            bytes,
            position: 0,
            passed: 0,
            spans: 0,
            damaged: 0,
            oldest: None,
            is_writable: false,
            failures: 0,
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns the spans that wait, those of damaged frames that were not come to yet included.
    pub(super) fn spans_waiting(&self) -> u64 {
        self.spans.saturating_sub(self.passed)
    }

    /// Tells whether nothing waits, not even a damaged frame that is to be counted.
    pub(super) fn is_read(&self) -> bool {
        self.position >= self.bytes
    }

    pub(super) fn takes(&self, more: u64, segment_bytes_max: u64) -> bool {
        self.is_writable && self.bytes + more <= segment_bytes_max
    }

    /// Appends a request; after a failure it is as before, or refuses all further ones.
    pub(super) fn append(&mut self, request: &[u8], spans: u64, form: Form) -> Result<(), Refused> {
        let request_bytes = match u32::try_from(request.len()) {
            Ok(bytes) if request.len() <= REQUEST_BYTES_MAX => bytes,
            _ => return Err(Refused::TooLong(request.len())),
        };
        let frame = Frame {
            at: self.bytes,
            form,
            request_bytes,
            request_sum: crc32fast::hash(request),
            spans,
            spans_before: self.spans,
            is_sent: false,
        };
        let mut file = self.opened().map_err(Refused::Io)?;
        let written = file
            .seek(SeekFrom::Start(frame.at))
            .and_then(|_| file.write_all(&frame.header()))
            .and_then(|()| file.write_all(request));
        if let Err(error) = written {
            self.is_writable = file.set_len(frame.at).is_ok();
            return Err(Refused::Io(error));
        }
        self.bytes = frame.end();
        self.spans = frame.spans_through();
        Ok(())
    }

    /// Reads the oldest request that waits, past damaged ones; `None` when there is none.
    pub(super) fn oldest(&mut self) -> io::Result<Option<Waiting>> {
        let read = self.read_oldest();
        self.failures = if read.is_err() { self.failures + 1 } else { 0 };
        read
    }

    /// Tells whether reading has failed for good.
    pub(super) fn is_beyond_reading(&self, error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::NotFound || self.failures >= FAILURES_MAX
    }

    fn read_oldest(&mut self) -> io::Result<Option<Waiting>> {
        while !self.is_read() {
            let (from, end) = (self.position, self.bytes);
            let file = self.opened()?;
            let Some(frame) = Frame::find(file, from, end)? else { break };
            let request = if frame.end() <= end { frame.request(file)? } else { None };
            self.pass(frame.spans_before);
            self.position = frame.at;
            if let Some(request) = request {
                self.oldest = Some(frame);
                let (spans, form) = (frame.spans, frame.form);
                return Ok(Some(Waiting { request: request.into(), spans, form }));
            }
            self.position = frame.end();
        }
        self.position = self.bytes;
        self.pass(self.spans);
        Ok(None)
    }

    /// Counts as damaged what lies between here and there: no frame was found that holds it.
    fn pass(&mut self, spans: u64) {
        self.damaged += spans.saturating_sub(self.passed);
        self.passed = self.passed.max(spans);
    }

    /// Removes the request that was read last.
    pub(super) fn remove_oldest(&mut self) {
        let Some(frame) = self.oldest.take() else { return };
        if let Ok(file) = self.opened() {
            // Without its mark the request is sent again by whoever takes the file over, no worse.
            let _ = frame.mark_sent(file);
        }
        self.position = frame.end();
        self.passed = frame.spans_through();
    }

    /// Tells whether [`Segment::remove_oldest`] knows what to remove.
    pub(super) fn knows_oldest(&self) -> bool {
        self.oldest.is_some()
    }

    pub(super) fn take_damaged(&mut self) -> u64 {
        std::mem::take(&mut self.damaged)
    }

    /// Gives the file handle back to the system.
    pub(super) fn close(&mut self) {
        self.file = None;
    }

    pub(super) fn sync(&mut self) {
        if let Some(file) = &self.file {
            // What a failing disk loses is found torn by whoever reads it, and counted there.
            let _ = file.sync_data();
        }
    }

    pub(super) fn delete(mut self) {
        self.close();
        // Where it cannot be deleted, its frames are marked: whoever takes it over deletes it.
        let _ = fs::remove_file(&self.path);
    }

    fn opened(&mut self) -> io::Result<&File> {
        let file = match self.file.take() {
            Some(file) => file,
            None => OpenOptions::new().read(true).write(true).open(&self.path)?,
        };
        Ok(self.file.insert(file))
    }

    /// Reads all headers to learn what waits; requests are looked at when they are read.
    fn survey(&mut self) -> io::Result<()> {
        let end = self.bytes;
        let mut at = 0;
        while at < end {
            let Some(frame) = Frame::find(self.opened()?, at, end)? else {
                // The last frame, and its header does not say how many.
                self.spans = self.spans.saturating_add(1);
                break;
            };
            at = frame.end();
            self.spans = frame.spans_through();
            if frame.is_sent {
                // They leave in order: whatever stands before it has left as well.
                (self.position, self.passed) = (at, self.spans);
            }
        }
        Ok(())
    }
}

/// How many bytes a request takes on disk.
pub(super) fn bytes_on_disk(request: &[u8]) -> u64 {
    (HEADER_BYTES + request.len()) as u64
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_refuses_and_says_so() {
        let full = PathBuf::from("/dev/full");
        let file = OpenOptions::new().read(true).write(true).open(&full).expect("the full device");
        let mut segment = Segment { is_writable: true, ..Segment::over(full, file, 0) };
        let refused = segment.append(b"request", 3, Form::Json).expect_err("no room");
        let text = "spool could not be written: No space left on device";
        assert!(refused.to_string().starts_with(text), "{refused}");
        assert_eq!((segment.bytes(), segment.spans_waiting()), (0, 0));
        assert!(!segment.takes(1, 100), "what was written of it could not be taken back");
    }
}
