//! The spool itself: segments in a row, the oldest read, the newest written, all within a bound.

use super::claim::Claim;
use super::frame::{Form, REQUEST_BYTES_MAX};
use super::refused::Refused;
use super::segment::{Segment, Waiting, bytes_on_disk};
use crate::config::SpoolPlace;
use crate::exporter::ExportError;
use std::collections::VecDeque;
use std::io;

/// How long a segment grows; an eighth of the spool where that is less.
const SEGMENT_BYTES_MAX: u64 = 16 << 20;
const SEGMENTS_OF_A_SMALL_SPOOL: u64 = 8;

/// Requests that wait on disk; see the module for what survives what.
pub(crate) struct Spool {
    claim: Claim,
    segments: VecDeque<Segment>,
    bytes_max: u64,
    adopted: u64,
    damaged: u64,
}

impl Spool {
    /// Opens the directory, or creates it, and takes over what processes left there that are gone.
    ///
    /// # Errors
    ///
    /// Names the directory when it cannot be created, listed or written, or knows no locks.
    pub(crate) fn open(place: &SpoolPlace) -> Result<Self, ExportError> {
        let opened = Claim::new(&place.directory).and_then(|mut claim| {
            let segments = claim.take_over_orphans()?;
            Ok((claim, segments))
        });
        let (claim, segments) = opened.map_err(|error| unusable(place, &error))?;
        let adopted = segments.iter().map(Segment::spans_waiting).sum();
        Ok(Self { claim, segments, bytes_max: place.bytes_max, adopted, damaged: 0 })
    }

    /// Appends a request, or refuses it; then the caller counts its spans.
    ///
    /// # Errors
    ///
    /// [`Refused::Full`] when the bound would be passed, [`Refused::TooLong`], and [`Refused::Io`]
    /// when the disk does not take it.
    pub(crate) fn put(&mut self, request: &[u8], spans: u64, form: Form) -> Result<(), Refused> {
        if request.len() > REQUEST_BYTES_MAX {
            return Err(Refused::TooLong(request.len()));
        }
        let (bytes, bytes_max, more) = (self.bytes(), self.bytes_max, bytes_on_disk(request));
        if bytes.saturating_add(more) > bytes_max {
            return Err(Refused::Full { bytes, bytes_max, more });
        }
        let segment_bytes_max = SEGMENT_BYTES_MAX.min(bytes_max / SEGMENTS_OF_A_SMALL_SPOOL);
        match self.segments.back_mut() {
            Some(segment) if segment.takes(more, segment_bytes_max) => {
                segment.append(request, spans, form)
            }
            _ => self.put_into_next(request, spans, form),
        }
    }

    fn put_into_next(&mut self, request: &[u8], spans: u64, form: Form) -> Result<(), Refused> {
        let mut next = Segment::create(self.claim.next_path()).map_err(Refused::Io)?;
        if let Err(refused) = next.append(request, spans, form) {
            next.delete();
            return Err(refused);
        }
        if let Some(full) = self.segments.back_mut() {
            // `sync` writes the newest alone.
            full.sync();
            full.close();
        }
        self.segments.push_back(next);
        Ok(())
    }

    /// Returns the oldest request without removing it, past damaged ones, which are counted.
    ///
    /// `None` when it is empty, and also while the oldest cannot be read: it may be later. A file that
    /// fails again and again is set aside and its spans are counted as damaged, so that calling this
    /// until it [`Spool::is_empty`] comes to an end.
    pub(crate) fn oldest(&mut self) -> Option<Waiting> {
        while let Some(segment) = self.segments.front_mut() {
            match segment.oldest() {
                Ok(Some(waiting)) => return Some(waiting),
                Ok(None) => self.delete_front(),
                Err(error) if segment.is_beyond_reading(&error) => self.set_front_aside(),
                Err(_) => return None,
            }
        }
        None
    }

    /// Removes the oldest request.
    pub(crate) fn remove_oldest(&mut self) {
        let is_known = self.segments.front().is_some_and(Segment::knows_oldest);
        if !is_known && self.oldest().is_none() {
            return;
        }
        if let Some(segment) = self.segments.front_mut() {
            segment.remove_oldest();
            if segment.is_read() {
                self.delete_front();
            }
        }
    }

    /// Returns how many spans wait, those of damaged frames included until they are come to.
    #[cfg(test)]
    pub(crate) fn spans(&self) -> u64 {
        self.segments.iter().map(Segment::spans_waiting).sum()
    }

    /// Returns how many bytes it has on disk.
    pub(crate) fn bytes(&self) -> u64 {
        self.segments.iter().map(Segment::bytes).sum()
    }

    /// Tells whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Returns how many spans it took over when it was opened, damaged ones included.
    ///
    /// They leave before any other: the first so many spans that are removed or damaged are not this
    /// process's. Counted in spans, put + adopted = removed + damaged + waiting.
    pub(crate) fn adopted(&self) -> u64 {
        self.adopted
    }

    /// Returns the spans that could not be read again since this was asked last.
    pub(crate) fn take_damaged(&mut self) -> u64 {
        let found: u64 = self.segments.iter_mut().map(Segment::take_damaged).sum();
        std::mem::take(&mut self.damaged) + found
    }

    /// Waits until what was put is on the disk and survives a power failure.
    pub(crate) fn sync(&mut self) {
        if let Some(newest) = self.segments.back_mut() {
            newest.sync();
            self.claim.sync();
        }
    }

    fn delete_front(&mut self) {
        if let Some(mut segment) = self.segments.pop_front() {
            self.damaged += segment.take_damaged();
            segment.delete();
        }
    }

    /// Forgets the oldest file and leaves it on the disk, where somebody else may be able to read it.
    fn set_front_aside(&mut self) {
        if let Some(mut segment) = self.segments.pop_front() {
            self.damaged += segment.take_damaged() + segment.spans_waiting();
        }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        if self.is_empty() {
            self.claim.release();
        }
    }
}

fn unusable(place: &SpoolPlace, error: &io::Error) -> ExportError {
    let directory = &place.directory;
    ExportError::new(format_args!(
        "spool directory {directory:?} cannot be used ({error}), \
         expected one that can be created, listed and written, on a disk that knows locks"
    ))
}
