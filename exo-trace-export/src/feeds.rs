//! Spans of other machines on their way through the drain: each machine has a ring and a resource.
//!
//! Whoever reads a board's stream writes records as a thread of this process would, its times already
//! Unix nanoseconds. The drain empties those rings in the same pass and hands their batches, which say a
//! resource of their own, to the same destinations. Figures and costs stay those of this process.

use crate::assemble::Assembler;
use crate::drain::{BATCH_SPANS_MAX, Drain};
use crate::resource::Resource;
use crate::timeline::Timeline;
use exo_trace_core::{Reader, Record, Slot};
use exo_trace_std::{Lane, PerProcess, process_id};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

/// How many machines may write at the same time.
pub(crate) const LINES_MAX: usize = 256;

/// Lines that no drain has emptied for the last time.
static LINES: PerProcess<Mutex<Vec<Arc<Line>>>> = PerProcess::new();
/// Counts changes, so that the drain looks at the list only when it changed.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// What one machine writes, and what it says of itself.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) lane: Lane,
    resource: Arc<Resource>,
}

impl Line {
    /// Opens a line; `None` where there are too many, or no memory.
    pub(crate) fn open(words: usize, resource: impl FnOnce() -> Resource) -> Option<Arc<Self>> {
        let mut lines = LINES.lock();
        if lines.len() >= LINES_MAX {
            return None;
        }
        let lane = Lane::claimed(words, process_id())?;
        let line = Arc::new(Self { lane, resource: Arc::new(resource()) });
        lines.push(Arc::clone(&line));
        // Relaxed: the list itself is behind its lock.
        CHANGES.fetch_add(1, Relaxed);
        Some(line)
    }
}

/// Passes over what stands in any line, because nobody will send it any more; returns how many records
/// that were.
pub(crate) fn leave_behind() -> u64 {
    LINES.lock().iter().map(|line| line.lane.reader().skip() as u64).sum()
}

/// The lines that a drain empties.
#[derive(Default)]
pub(crate) struct Feeds {
    seen: u64,
    feeds: Vec<Feed>,
}

struct Feed {
    line: Arc<Line>,
    assembler: Assembler,
    timeline: Timeline,
}

impl Feeds {
    /// Tells whether a span waits for the next pass.
    pub(crate) fn is_holding(&self) -> bool {
        self.feeds.iter().any(|feed| feed.assembler.is_holding())
    }

    /// Forgets what waits for spans that will not come, and returns how many facts that were.
    pub(crate) fn forget(&mut self) -> u64 {
        self.feeds.iter_mut().map(|feed| feed.assembler.forget()).sum()
    }

    /// Empties every line once; those that have ended are let go when nothing of them is held.
    pub(crate) fn pass(&mut self, drain: &mut Drain) {
        // Relaxed: a line seen a pass later is seen early enough.
        let now = CHANGES.load(Relaxed);
        if self.seen != now {
            self.seen = now;
            self.meet(drain);
        }
        self.feeds.retain_mut(|feed| feed.pass(drain));
    }

    fn meet(&mut self, drain: &Drain) {
        for line in LINES.lock().iter() {
            if !self.feeds.iter().any(|feed| Arc::ptr_eq(&feed.line, line)) {
                let assembler = drain.assembler.of_another(Arc::clone(&line.resource));
                let timeline = Timeline::of_unix_nanos();
                self.feeds.push(Feed { line: Arc::clone(line), assembler, timeline });
            }
        }
    }
}

impl Feed {
    /// Empties the line once; `false` when nothing will come any more, and all has gone out.
    fn pass(&mut self, drain: &mut Drain) -> bool {
        let Self { line, assembler, timeline } = self;
        line.lane.empty(|reader| {
            let read = take_share(line, reader, assembler, timeline, drain);
            if assembler.len() >= BATCH_SPANS_MAX {
                send(assembler, drain);
            }
            read
        });
        while !assembler.end_pass(timeline, &mut drain.tally, BATCH_SPANS_MAX) {
            send(assembler, drain);
        }
        send(assembler, drain);
        // It is lent out again only when nobody writes any more and all that was written is read.
        if !line.lane.claim(process_id()) {
            return true;
        }
        if assembler.is_holding() {
            line.lane.retire();
            return true;
        }
        drain.tally.facts_evicted += assembler.forget();
        LINES.lock().retain(|known| !Arc::ptr_eq(known, line));
        false
    }
}

/// Takes records apart, a share of the ring; tells whether there were any.
fn take_share(
    line: &Line,
    reader: &mut Reader<'_, Box<[Slot]>>,
    assembler: &mut Assembler,
    timeline: &Timeline,
    drain: &mut Drain,
) -> bool {
    let (taken, seen) = (line.lane.ring().taken(), drain.tally.records);
    let read = reader.read(&mut drain.words);
    let mut rest = drain.words.get(..read).unwrap_or_default();
    while let Some(&header) = rest.first() {
        let (record, after) = rest.split_at(Record::words(header).min(rest.len()));
        assembler.take(record, timeline, &mut drain.tally);
        drain.tally.records += 1;
        rest = after;
    }
    // What was taken out and is not here was too damaged or too long to be copied.
    let taken = line.lane.ring().taken().wrapping_sub(taken) as u64;
    drain.tally.undecodable += taken.saturating_sub(drain.tally.records - seen);
    read > 0
}

/// Sends what is whole; of unsampled traces nobody wants anything.
fn send(assembler: &mut Assembler, drain: &mut Drain) {
    drop(assembler.unsampled());
    drain.send(assembler.batch());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TraceConfig;
    use crate::exporter::{ExportError, SpanExporter};
    use crate::pipeline::alone;
    use crate::{SpanData, init};
    use exo_trace_core::SpanId;
    use std::time::Duration;

    const DEADLINE: Duration = Duration::from_secs(60);

    /// As somebody does who saw recording on a moment ago.
    fn write(line: &Line) {
        let name = Record::Name { span_id: SpanId::new(1).expect("not zero"), name: "late" };
        line.lane.writer(|| {}).record(&name).expect("there is room");
    }

    /// Writes a record when it is told that nothing more comes.
    struct Late(Arc<Line>);

    impl SpanExporter for Late {
        fn export(&mut self, _: &[SpanData<'_>]) -> Result<(), ExportError> {
            Ok(())
        }

        fn shutdown(&mut self) -> Result<(), ExportError> {
            write(&self.0);
            Ok(())
        }
    }

    #[test]
    fn what_is_written_to_a_line_behind_the_last_pass_is_counted_as_left_behind() {
        let _alone = alone();
        let line = Line::open(1 << 10, || Resource::new(Vec::new())).expect("memory");
        let trace = init(TraceConfig::new("first").exporter(Late(Arc::clone(&line)))).expect("off");
        assert_eq!(trace.shutdown(DEADLINE).lost.left_behind, 1);
        // As a thread of this process may, which slept all the while.
        write(&line);
        let trace = init(TraceConfig::new("second").without_threads()).expect("off");
        let _ = trace.drain_now();
        assert_eq!(trace.shutdown(DEADLINE).lost.left_behind, 1);
        line.lane.retire();
    }
}
