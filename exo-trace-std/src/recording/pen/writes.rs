//! What a pen writes: the ends of spans, and facts; a refusal is counted, and told to its span.

use super::{Pen, RETIRE};
use crate::counters::Counter;
use crate::settings;
use exo_trace_core::{Dropped, Full, Gathered, KeyId, OpenSpan, Outcome, Record, SpanId};

impl Pen {
    /// Ends a span; a refusal is counted.
    #[inline(always)]
    pub(in super::super) fn end(&self, span: &OpenSpan, outcome: Outcome) {
        if !settings::is_on() {
            return settings::count_off();
        }
        let ended = match self.refused_of(span) {
            None => self.recorder.end(span, outcome),
            Some(lost) => self.recorder.end_short_of(span, outcome, lost),
        };
        if let Err(Full) = ended {
            self.count_refused(Counter::SpansRefused);
        }
    }

    /// Ends a span that says what was gathered of it; a refusal is counted.
    #[inline(always)]
    pub(in super::super) fn end_gathered<const WORDS: usize>(
        &self,
        span: &OpenSpan<0>,
        outcome: Outcome,
        gathered: &Gathered<WORDS>,
    ) {
        if !settings::is_on() {
            return settings::count_off();
        }
        let ended = match self.refused_of(span) {
            None => self.recorder.end_gathered(span, outcome, gathered),
            Some(lost) => self.recorder.end_gathered_short_of(span, outcome, gathered, lost),
        };
        if let Err(Full) = ended {
            self.count_refused(Counter::SpansRefused);
        }
    }

    /// Takes out what was refused of a span that ends; mostly nothing was, of any.
    #[inline(always)]
    fn refused_of<const WORDS: usize>(&self, span: &OpenSpan<WORDS>) -> Option<Dropped> {
        if self.refused.has_any() { self.refused.take(span.span_id()?) } else { None }
    }

    /// Notes that a fact was refused, for the record of its span if that ends on this thread.
    #[cold]
    #[inline(never)]
    pub(in super::super) fn note_refused(&self, span_id: SpanId, lost: Dropped) {
        self.refused.add(span_id, lost);
        let current = self.recorder.current();
        if current.span_id() == Some(span_id) {
            // Nor does one that is known elsewhere end the straight way, which looks nothing up.
            self.recorder.replace_current(current.foreign());
        }
    }

    /// Writes a fact; `false` when it was refused, which is counted.
    pub(in super::super) fn record(&self, record: &Record<'_>) -> bool {
        let written = settings::is_on() && self.is_ready() && self.recorder.record(record).is_ok();
        if !written {
            self.count_lost_fact();
        }
        written
    }

    /// Writes a text attribute; `false` when it was refused, which is counted.
    #[inline(always)]
    pub(in super::super) fn record_text(
        &self,
        span_id: SpanId,
        key: KeyId,
        order: u8,
        is_cut: bool,
        text: &str,
    ) -> bool {
        let written = settings::is_on()
            && self.is_ready()
            && self.recorder.record_text(span_id, key, order, is_cut, text).is_ok();
        if !written {
            self.count_lost_fact();
        }
        written
    }

    /// Writes what was gathered of a span; `false` when it was refused, which is counted.
    #[inline(always)]
    pub(in super::super) fn record_gathered(&self, span_id: SpanId, gathered: &Gathered) -> bool {
        let written = settings::is_on()
            && self.is_ready()
            && self.recorder.record_gathered(span_id, gathered).is_ok();
        if !written {
            self.count_lost_fact();
        }
        written
    }

    #[cold]
    #[inline(never)]
    fn count_lost_fact(&self) {
        if settings::is_on() {
            self.count_refused(Counter::FactsRefused);
        } else {
            settings::count_off();
        }
    }

    /// Counts one loss: as `what` where a ring refused it, else by why the thread has no ring.
    #[cold]
    #[inline(never)]
    pub(super) fn count_refused(&self, what: Counter) {
        let reason = match self.recorder.writer() {
            Some(writer) if !writer.is_closed() => what,
            None if RETIRE.try_with(|_| ()).is_ok() => Counter::NoLane,
            Some(_) | None => Counter::ThreadGone,
        };
        reason.add(1);
    }
}
