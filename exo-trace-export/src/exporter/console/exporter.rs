//! Collects the spans of a trace until its local root ends, then prints the tree.
//!
//! A root that never ends does not hold its spans for ever: after a stated time, or when too many
//! wait, what is there is printed. A little patience after the root lets children from other threads
//! arrive.

use super::output::{Console, Form};
use super::render::{render_line, render_tree};
use super::row_of::row_of;
use super::tokens;
use crate::SpanData;
use crate::exporter::{ExportError, SpanExporter};
use exo_trace_std::TraceId;
use std::collections::HashMap;
use std::io;
use std::time::Duration;
use web_time::Instant;

/// How long the tree waits after its root for spans of other threads.
const PATIENCE: Duration = Duration::from_millis(40);
/// How many spans wait for their roots at most.
const SPANS_HELD_MAX: usize = 20_000;

pub(crate) struct ConsoleExporter {
    console: Console,
    orphan_after: Duration,
    traces: HashMap<TraceId, Pending>,
    held: usize,
}

struct Pending {
    spans: Vec<SpanData<'static>>,
    since: Instant,
    root_ended: Option<Instant>,
}

impl ConsoleExporter {
    pub(crate) fn new(console: Console, orphan_after: Duration) -> Self {
        Self { console, orphan_after, traces: HashMap::new(), held: 0 }
    }

    fn keep(&mut self, span: &SpanData<'_>, now: Instant) {
        let pending = self.traces.entry(span.trace_id()).or_insert_with(|| Pending {
            spans: Vec::new(),
            since: now,
            root_ended: None,
        });
        pending.spans.push(span.to_owned());
        self.held += 1;
        if span.parent_span_id().is_none() || span.is_parent_remote() {
            pending.root_ended = Some(now);
        }
    }

    /// Prints the traces that `is_due` picks, oldest first.
    fn print(&mut self, is_due: impl Fn(&Pending) -> bool) -> Result<(), ExportError> {
        let due =
            |(id, pending): (&TraceId, &Pending)| is_due(pending).then_some((pending.since, *id));
        let mut due: Vec<_> = self.traces.iter().filter_map(due).collect();
        due.sort_unstable();
        let (mut lost, mut reason) = (0, None);
        for (_, trace_id) in due {
            let Some(pending) = self.traces.remove(&trace_id) else { continue };
            self.held -= pending.spans.len();
            let every = self.console.has_attributes;
            let sums = tokens::sums(&pending.spans);
            let spans = pending.spans.iter().zip(sums);
            let rows: Vec<_> = spans.map(|(span, sum)| row_of(span, sum, every)).collect();
            let tree = render_tree(&rows, &self.console.style());
            let unfinished = if pending.root_ended.is_none() { "   (still under way)" } else { "" };
            let text = format!("\ntrace {trace_id}{unfinished}\n{tree}");
            if let Err(error) = self.console.write(&text) {
                lost += pending.spans.len() as u64;
                reason.get_or_insert(error);
            }
        }
        reason.map_or(Ok(()), |reason| Err(ExportError::of_spans(reason, lost)))
    }

    fn print_due(&mut self, now: Instant) -> Result<(), ExportError> {
        let (patience, orphan_after) = (PATIENCE, self.orphan_after);
        let is_crowded = self.held > SPANS_HELD_MAX;
        self.print(move |pending| match pending.root_ended {
            Some(ended) => now.duration_since(ended) >= patience,
            None => is_crowded || now.duration_since(pending.since) >= orphan_after,
        })
    }

    /// Returns when the first trace is due, if any waits.
    fn due(&self) -> Option<Instant> {
        let due = |pending: &Pending| match pending.root_ended {
            Some(ended) => ended.checked_add(PATIENCE),
            None => pending.since.checked_add(self.orphan_after),
        };
        self.traces.values().filter_map(due).min()
    }

    fn line(&self, span: &SpanData<'_>) -> io::Result<()> {
        let row = row_of(span, None, self.console.has_attributes);
        let line = render_line(&row, &span.trace_id().to_string(), &self.console.style());
        self.console.write(&line)
    }

    /// Prints a line for each; from one that cannot be written on, all are lost.
    fn lines(&self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        for (written, span) in spans.iter().enumerate() {
            let lost = (spans.len() - written) as u64;
            self.line(span).map_err(|error| ExportError::of_spans(error, lost))?;
        }
        Ok(())
    }
}

impl SpanExporter for ConsoleExporter {
    fn export(&mut self, spans: &[SpanData<'_>]) -> Result<(), ExportError> {
        if self.console.form() == Form::Lines {
            return self.lines(spans);
        }
        let now = Instant::now();
        for span in spans {
            let is_root = span.parent_span_id().is_none();
            if self.console.has_progress && !is_root {
                // One that cannot be written loses nothing: its span comes again in the tree.
                let _ = self.line(span);
            }
            self.keep(span, now);
        }
        self.print_due(now)
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        self.print(|pending| pending.root_ended.is_some())
    }

    fn tick(&mut self) -> Result<(), ExportError> {
        self.print_due(Instant::now())
    }

    fn next_tick(&self) -> Option<Duration> {
        self.due().map(|due| due.saturating_duration_since(Instant::now()))
    }

    fn shutdown(&mut self) -> Result<(), ExportError> {
        self.print(|_| true)
    }
}
