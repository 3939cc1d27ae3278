//! Spans whose operation matters to a sum wait until everything below them is read.
//!
//! A run that used several threads leaves its spans in several rings, and the drain reads these one
//! after the other: the root may come first, and the calls it is to sum a pass later. What was written
//! before a pass began is read when it ends, and free of what else it waits for when the next one ends.
//! So whoever ended before the pass before this one began has nobody below to wait for. They leave in
//! the order in which they ended, an inner agent before an outer one.

use crate::operation::Operation;
use exo_trace_core::SpanRecord;

/// Whose sums are wanted: nobody waits for another's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sums {
    /// Those of agents and workflows, for metrics.
    Agents,
    /// Those of whole runs as well, for what they cost.
    #[default]
    Runs,
}

/// A span leaves after so many passes, whatever its clock says.
pub(crate) const PASSES_MAX: u64 = 4;

#[derive(Debug, Default)]
pub(crate) struct Totals {
    sums: Sums,
    waiting: Vec<Total>,
    passes: u64,
    /// When this pass began, and the one before, in ticks.
    began: [u64; 2],
}

#[derive(Debug)]
struct Total {
    end_ticks: u64,
    start_ticks: u64,
    pass: u64,
    words: Box<[u64]>,
}

impl Totals {
    /// Returns what holds the spans of these sums.
    pub(crate) fn of(sums: Sums) -> Self {
        Self { sums, ..Self::default() }
    }

    /// Tells whether a span waits for what is below it: the root of a run, an agent, a workflow show
    /// the sum, a call has no bill of its own where it is the one below it, and what a tool or any
    /// other operation surrounds is told from what only plain spans surround.
    #[inline(always)]
    pub(crate) fn wants(&self, span: &SpanRecord<'_>, operation: Operation) -> bool {
        let is_local_root = || span.parent_id.is_none() || span.is_parent_remote;
        self.sums == Sums::Runs && is_local_root() || operation != Operation::Other
    }

    /// Begins a pass over all rings.
    pub(crate) fn begin_pass(&mut self, now_ticks: u64) {
        self.began = [now_ticks, self.began[0]];
        self.passes += 1;
    }

    /// Lets a span of these ticks wait.
    #[inline(never)]
    pub(crate) fn keep(&mut self, start_ticks: u64, end_ticks: u64, words: &[u64]) {
        let words = words.into();
        self.waiting.push(Total { end_ticks, start_ticks, pass: self.passes, words });
    }

    /// Returns spans that wait for nobody any more, at most so many, in the order in which they ended.
    pub(crate) fn due(&mut self, spans_max: usize) -> Vec<Box<[u64]>> {
        let [_, before] = self.began;
        let passes = self.passes;
        let is_due = |total: &Total| total.end_ticks <= before || passes - total.pass >= PASSES_MAX;
        // The innermost began last, should two have ended together.
        self.waiting.sort_by_key(|total| (!is_due(total), total.end_ticks, !total.start_ticks));
        let due = self.waiting.partition_point(is_due).min(spans_max);
        self.waiting.drain(..due).map(|total| total.words).collect()
    }

    /// Tells whether a span that came so many passes ago, or before, still waits.
    pub(crate) fn holds_for(&self, passes: u64) -> bool {
        self.waiting.iter().any(|total| self.passes - total.pass >= passes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use exo_trace_core::Record;

    /// The words of a span without attributes.
    fn span(id: u64, start: u64, end: u64) -> [u64; 7] {
        [1 | 7 << 32, start, end, id, 0, 0, 1]
    }

    fn keep(totals: &mut Totals, words: &[u64]) {
        let span = Record::span_again(words).unwrap();
        totals.keep(span.start_ticks, span.end_ticks, words);
    }

    fn ids(due: &[Box<[u64]>]) -> Vec<u64> {
        due.iter().map(|words| words[3]).collect()
    }

    #[test]
    fn a_sum_leaves_when_a_whole_pass_and_the_next_have_gone_by() {
        let mut totals = Totals::default();
        totals.begin_pass(100);
        keep(&mut totals, &span(1, 10, 90));
        keep(&mut totals, &span(2, 20, 105));
        assert!(totals.due(9).is_empty(), "what is below may be in the ring that was read first");
        totals.begin_pass(200);
        assert_eq!(ids(&totals.due(9)), [1]);
        totals.begin_pass(300);
        assert_eq!(ids(&totals.due(9)), [2]);
        assert!(!totals.holds_for(0));
    }

    #[test]
    fn inner_sums_leave_before_outer_ones_however_they_came() {
        let mut totals = Totals::default();
        totals.begin_pass(100);
        for words in [span(1, 10, 90), span(2, 20, 80), span(3, 30, 90), span(4, 5, 95)] {
            keep(&mut totals, &words);
        }
        totals.begin_pass(200);
        assert_eq!(ids(&totals.due(3)), [2, 3, 1]);
        assert_eq!(ids(&totals.due(3)), [4]);
    }

    #[test]
    fn a_span_that_ends_in_the_future_does_not_wait_for_it() {
        let mut totals = Totals::default();
        keep(&mut totals, &span(1, 10, u64::MAX));
        for _ in 1..PASSES_MAX {
            totals.begin_pass(100);
            assert!(totals.due(9).is_empty());
        }
        totals.begin_pass(100);
        assert_eq!(ids(&totals.due(9)), [1]);
    }

    #[test]
    fn who_waits_for_what_is_held_knows_it_from_what_came_later() {
        let mut totals = Totals::default();
        totals.begin_pass(100);
        keep(&mut totals, &span(1, 10, u64::MAX));
        for passes in 0..PASSES_MAX {
            assert!(totals.holds_for(passes) && !totals.holds_for(passes + 1));
            totals.begin_pass(200);
            keep(&mut totals, &span(2, 110, u64::MAX));
            totals.due(9);
        }
        assert!(totals.holds_for(0) && !totals.holds_for(PASSES_MAX));
    }
}
