//! The assembler without rings and threads: it takes words of any rings, pass by pass, as the drain does.
//!
//! Not for callers: it changes without notice.

use crate::assemble::Assembler;
use crate::config::Limits;
use crate::dialect::Vocabulary;
use crate::resource::Resource;
use crate::statistics::Tally;
use crate::sums::Sums;
use crate::timeline::Timeline;
use crate::{Losses, SpanData};
use exo_trace_core::Record;
use exo_trace_std::HostClock;
use std::sync::{Arc, LazyLock};

/// What is the same for every span, made once: it takes longer than to join a few of them.
static SAME: LazyLock<(Arc<Resource>, Arc<Vocabulary>)> = LazyLock::new(<_>::default);

/// Spans under way, and what waits for them.
pub struct Assembly {
    assembler: Assembler,
    timeline: Timeline,
    tally: Tally,
    whole: Vec<SpanData<'static>>,
}

impl Assembly {
    /// Returns an empty one, in which a span keeps so many facts of each kind.
    pub fn new(facts_max: usize) -> Self {
        Self::of(facts_max, None)
    }

    /// Returns one in which spans that show a sum wait for what is below them.
    pub fn summing(facts_max: usize) -> Self {
        Self::of(facts_max, Some(Sums::Runs))
    }

    fn of(facts_max: usize, sums: Option<Sums>) -> Self {
        HostClock::start();
        let limits = Limits {
            attribute_count_max: facts_max,
            event_count_max: facts_max,
            link_count_max: facts_max,
        };
        let (resource, vocabulary) = SAME.clone();
        let assembler = Assembler::new(limits, resource, vocabulary);
        Self {
            assembler: assembler.with_totals(sums),
            timeline: Timeline::start(),
            tally: Tally::default(),
            whole: Vec::new(),
        }
    }

    /// Begins a pass over all rings.
    pub fn begin_pass(&mut self, now_ticks: u64) {
        self.assembler.begin_pass(now_ticks);
    }

    /// Takes records, one after the other as a ring was read.
    pub fn take(&mut self, mut words: &[u64]) {
        while let Some(&header) = words.first() {
            let (record, after) = words.split_at(Record::words(header).min(words.len()));
            self.assembler.take(record, &self.timeline, &mut self.tally);
            self.tally.records += 1;
            words = after;
        }
    }

    /// Ends a pass over all rings; releases `spans_max` at a time.
    pub fn end_pass(&mut self, spans_max: usize) {
        while !self.assembler.end_pass(&self.timeline, &mut self.tally, spans_max.max(1)) {
            self.dispatch();
        }
        self.dispatch();
    }

    fn dispatch(&mut self) {
        for batch in [self.assembler.batch(), self.assembler.unsampled()] {
            let batch = Arc::new(batch);
            self.whole.extend((0..batch.len()).map(|place| SpanData::shared(&batch, place)));
        }
    }

    /// Tells whether a span waits for the next pass.
    pub fn is_holding(&self) -> bool {
        self.assembler.is_holding()
    }

    /// Forgets what waits for spans that will not come.
    pub fn end(&mut self) {
        self.tally.facts_evicted += self.assembler.forget();
    }

    /// Returns the spans that are whole, sampled or not, in the order in which they became so.
    pub fn spans(&self) -> &[SpanData<'static>] {
        &self.whole
    }

    /// Returns how many spans came out, and how many of them are of unsampled traces.
    pub fn counted(&self) -> (u64, u64) {
        (self.tally.spans + self.tally.unsampled, self.tally.unsampled)
    }

    /// Returns what was lost here.
    pub fn losses(&self) -> Losses {
        Losses::default().with(&self.tally)
    }
}
