//! Every finished span passes here, in the drain: most say nothing, those of agents become metrics.

use super::Reporting;
use super::calls::Calls;
use super::closed::Closed;
use super::instruments::Instruments;
use super::said::Said;
use super::work::Work;
use super::{gen_ai, page};
use crate::SpanData;
use crate::batch::Batch;
use crate::dialect::{Dialect, Dialects};
use crate::measure::Measure;
use crate::sums::{Passed, Rollup, Sum};
use std::sync::Arc;

/// In which dialects' words metrics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) page: bool,
    pub(super) gen_ai: bool,
    pub(super) gen_ai_141: bool,
}

impl From<Dialects> for Spoken {
    fn from(dialects: Dialects) -> Self {
        Self {
            page: dialects.contains(Dialect::Page),
            gen_ai: dialects.contains(Dialect::GenAi),
            gen_ai_141: dialects.contains(Dialect::GenAi141),
        }
    }
}

impl Spoken {
    /// Tells whether there is none; OpenInference has no metrics.
    fn is_none(self) -> bool {
        !(self.page || self.gen_ai || self.gen_ai_141)
    }
}

/// Makes metrics of finished spans.
pub(crate) struct SpanMetrics {
    reporting: Arc<Reporting>,
    spoken: Spoken,
    page: page::Names,
    calls: Rollup<Calls>,
    /// Agents that say no more, and the calls that came after them.
    closed: Closed,
    late: u64,
    /// The way up past spans that were read before what is below them.
    passed: Passed,
    /// Made at the first span that is measured.
    instruments: Option<Instruments>,
}

impl SpanMetrics {
    /// Returns what makes them in the words of `dialects`; `None` where none of those has any.
    pub(super) fn new(
        reporting: Arc<Reporting>,
        dialects: Dialects,
        namespace: &str,
    ) -> Option<Self> {
        let spoken = Spoken::from(dialects);
        (!spoken.is_none()).then(|| Self {
            reporting,
            spoken,
            page: page::Names::within(namespace),
            calls: Rollup::default(),
            closed: Closed::default(),
            late: 0,
            passed: Passed::default(),
            instruments: None,
        })
    }

    /// Hands on what was called below a span that has nothing to say itself.
    fn pass(&mut self, said: &Said<'_>) {
        match self.calls.take(said.span_id()) {
            Some(below) => self.carry(said, below),
            None => self.passed.remember(said.span_id(), said.local_parent()),
        }
    }

    /// Hands calls to the nearest span above that is still to come; who finds none has no agent.
    fn carry(&mut self, said: &Said<'_>, calls: Calls) {
        let parent = said.local_parent();
        self.passed.remember(said.span_id(), parent);
        if !calls.is_none()
            && let Some(above) = parent.and_then(|parent| self.passed.standing(parent))
        {
            if self.closed.contains(above) {
                self.late += calls.calls();
            } else {
                self.calls.carry(above, calls);
            }
            self.show_unsummed();
        }
    }

    /// Others read how many calls found no agent.
    fn show_unsummed(&self) {
        self.reporting.set_unsummed(self.calls.evicted() + self.late);
    }
}

impl Measure for SpanMetrics {
    fn end(&mut self) {
        self.calls.end();
        self.show_unsummed();
    }

    fn measure_all(&mut self, batch: &Batch) {
        if !self.calls.is_empty() || !batch.data().all(|span| Work::is_none_of(&span)) {
            batch.by_end().for_each(|span| self.measure(&span));
            return;
        }
        // Most batches hold no work of an agent's, and nothing below them was; their order says nothing.
        for span in batch.data() {
            let said = Said::by(&span);
            self.passed.remember(said.span_id(), said.local_parent());
        }
    }

    fn measure(&mut self, span: &SpanData<'_>) {
        let said = Said::by(span);
        let Some(work) = Work::of(&said) else { return self.pass(&said) };
        let below = if matches!(work, Work::Agent | Work::RemoteAgent) {
            self.closed.remember(said.span_id());
            self.calls.take(said.span_id()).unwrap_or_default()
        } else {
            let below = self.calls.take(said.span_id()).unwrap_or_default();
            self.carry(&said, below.and_of(work, &said));
            if below.are_told_by(work, &said) {
                // The call below it was measured.
                return;
            }
            Calls::default()
        };
        let Self { reporting, spoken, page, instruments, .. } = self;
        let instruments =
            instruments.get_or_insert_with(|| Instruments::new(reporting.meters().meter(None)));
        if spoken.page {
            page.record(instruments, work, &said, &below);
        }
        if spoken.gen_ai || spoken.gen_ai_141 {
            gen_ai::record(instruments, *spoken, work, &said, &below);
        }
    }
}
