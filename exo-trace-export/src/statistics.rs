//! What the drain counts while spans go by, and the three lines it can say about a run.
//!
//! Every figure comes from the spans and the counters themselves, never from the traced program.

use crate::losses::Losses;
use crate::operation::Operation;
use crate::{SpanData, record_cost};
use exo_trace_core::{Outcome, SpanRecord};
use exo_trace_std::StatusCode;
use std::fmt;
use std::time::Duration;

/// How many stretches of time are kept per kind of work; past that, neighbours are merged.
const STRETCHES_MAX: usize = 4_096;
/// Where the words on prices stand behind the shares of time, so that the two are told apart.
const SHARES_CELLS: usize = 47;

/// The drain's own counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) spans: u64,
    /// Spans of unsampled traces, in none of the other counts.
    pub(crate) unsampled: u64,
    pub(crate) records: u64,
    pub(crate) errors: u64,
    pub(crate) cancelled: u64,
    pub(crate) identities_gone: u64,
    pub(crate) late_orphaned: u64,
    pub(crate) facts_evicted: u64,
    pub(crate) undecodable: u64,
    /// Contents that were pushed out before their span came, or whose span never came.
    pub(crate) contents_evicted: u64,
    pub(crate) redactions_panicked: u64,
    pub(crate) left_behind: u64,
    /// Losses of consumers that were taken out.
    pub(crate) gone_refused: u64,
    pub(crate) gone_failed: u64,
    pub(crate) busy: Duration,
    /// Those since they were last shown.
    times: Times,
}

/// When which kind of work ran.
#[derive(Clone, Debug, Default)]
struct Times {
    runs: Stretches,
    models: Stretches,
    tools: Stretches,
}

impl Tally {
    /// Counts one finished span.
    ///
    /// `record` is its own, so that it need not be read once more.
    #[inline(always)]
    pub(crate) fn span(&mut self, record: &SpanRecord<'_>, span: &SpanData<'_>) {
        if !record.flags.is_sampled() {
            self.unsampled += 1;
            return;
        }
        self.spans += 1;
        if record.outcome != Outcome::Ended || span.has_facts() {
            let status = span.status_after(record.outcome);
            self.errors += u64::from(status.code() == StatusCode::Error);
            self.cancelled += u64::from(record.outcome == Outcome::Cancelled);
        }
        if record.parent_id.is_none() || record.is_parent_remote {
            self.times.runs.add(span.stretch());
        }
        match span.operation() {
            Operation::Inference | Operation::Embeddings => self.times.models.add(span.stretch()),
            Operation::Tool | Operation::Retrieval => self.times.tools.add(span.stretch()),
            _ => {}
        }
    }

    /// Brings what others see up to date: the counts are copied, and times, which are many, added.
    pub(crate) fn show(&mut self, shown: &mut Self) {
        let mut times = std::mem::take(&mut shown.times);
        times.runs.add_all(&mut self.times.runs);
        times.models.add_all(&mut self.times.models);
        times.tools.add_all(&mut self.times.tools);
        *shown = Self { times, ..self.clone() };
    }
}

/// Stretches of time, as a union: what overlaps counts once.
#[derive(Clone, Debug, Default)]
struct Stretches {
    sorted: Vec<(u64, u64)>,
}

impl Stretches {
    fn add(&mut self, stretch: (u64, u64)) {
        if let Some(last) = self.sorted.last_mut()
            && last.0 <= stretch.0
            && stretch.0 <= last.1
        {
            last.1 = last.1.max(stretch.1);
            return;
        }
        let at = match self.sorted.last() {
            Some(last) if last.0 > stretch.0 => {
                self.sorted.partition_point(|known| known.0 <= stretch.0)
            }
            // In the order of time, as they most often come.
            _ => self.sorted.len(),
        };
        self.sorted.insert(at, stretch);
        if self.sorted.len() > STRETCHES_MAX {
            self.merge();
        }
    }

    /// Takes over those of another list.
    fn add_all(&mut self, others: &mut Self) {
        others.sorted.drain(..).for_each(|stretch| self.add(stretch));
    }

    /// Joins what overlaps; if that is not enough, the gap after every other stretch goes as well.
    fn merge(&mut self) {
        let mut merged: Vec<(u64, u64)> = Vec::with_capacity(self.sorted.len());
        for &(start, end) in &self.sorted {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        if merged.len() > STRETCHES_MAX / 2 {
            merged = merged
                .chunks(2)
                .filter_map(|pair| Some((pair.first()?.0, pair.last()?.1)))
                .collect();
        }
        self.sorted = merged;
    }

    fn total(&self) -> Duration {
        let mut union = self.clone();
        let mut until = 0;
        let mut nanos = 0;
        for (start, end) in union.sorted.drain(..) {
            nanos += end.saturating_sub(start.max(until));
            until = until.max(end);
        }
        Duration::from_nanos(nanos)
    }
}

/// What can be said of everything recorded since `init`.
///
/// `Display` prints three lines: where the time went, how many spans there were, and what tracing
/// them cost.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Statistics {
    /// Spans that were recorded: `delivered`, `unsampled`, and those that were lost before they reached
    /// any destination, [`Losses::spans`].
    pub recorded: u64,
    /// Spans of sampled traces that came out of the rings whole and were handed to every destination.
    /// Whether each destination took them is not said here: see [`Delivery`](crate::Delivery), and in
    /// `lost` what destinations lost.
    pub delivered: u64,
    /// Measured spans of unsampled traces that came out of the rings whole: meant for figures and for
    /// no destination, and so no loss. The counts and times below are those of delivered spans.
    pub unsampled: u64,
    /// Spans whose status is an error.
    pub errors: u64,
    /// Spans that were dropped before their end.
    pub cancelled: u64,
    /// What was lost, before the destinations and in them.
    pub lost: Losses,
    /// Model and tool calls that are in no agent's sum, though measured: their agent ended before them,
    /// or 16,384 spans with calls below them were open, or a span between never came.
    pub unsummed: u64,
    /// Where the prices of models come from: the file, and what it says of itself; empty without.
    pub prices: String,
    /// Time in which at least one root span ran. A span whose parent lives in another process is a root
    /// here: a service may know no others.
    pub run_time: Duration,
    /// Time in which at least one model call ran.
    pub model_time: Duration,
    /// Time in which at least one tool ran, and no model call is subtracted.
    pub tool_time: Duration,
    /// What recording cost the calling threads: spans times the measured cost of one.
    pub calls_time: Duration,
    /// How long the drain was busy.
    pub drain_time: Duration,
}

impl Statistics {
    pub(crate) fn of(tally: &Tally, lost: Losses) -> Self {
        // Records are more than spans: a text, an event or a status is one of its own.
        let calls = record_cost::one_span() * u32::try_from(tally.records).unwrap_or(u32::MAX);
        Self {
            recorded: tally.spans + tally.unsampled + lost.spans(),
            delivered: tally.spans,
            unsampled: tally.unsampled,
            errors: tally.errors,
            cancelled: tally.cancelled,
            lost,
            unsummed: 0,
            prices: String::new(),
            run_time: tally.times.runs.total(),
            model_time: tally.times.models.total(),
            tool_time: tally.times.tools.total(),
            calls_time: calls,
            drain_time: tally.busy,
        }
    }
}

impl Statistics {
    /// Returns where the time went: what did not happen has no share. `None` where neither a model nor
    /// a tool ran, or no run was seen.
    fn shares(&self, percent: impl Fn(Duration) -> f64) -> Option<String> {
        let (model, tool) = (percent(self.model_time), percent(self.tool_time));
        if model + tool <= 0.0 {
            return None;
        }
        let own = (100.0 - model - tool).max(0.0);
        let parts =
            [("model", model), ("tools", tool)].into_iter().filter(|(_, share)| *share > 0.0);
        let parts = parts.chain([("own code", own)]);
        let parts: Vec<_> = parts.map(|(what, share)| format!("{what} {share:.0} %")).collect();
        Some(parts.join(" · "))
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = self.run_time.as_secs_f64();
        let percent = |part: Duration| {
            if run > 0.0 { part.as_secs_f64() / run * 100.0 } else { 0.0 }
        };
        if let Some(shares) = self.shares(percent) {
            match self.prices.as_str() {
                "" => writeln!(f, "time      {shares}")?,
                prices => writeln!(f, "time      {shares:SHARES_CELLS$}prices: {prices}")?,
            }
        }
        let Self { recorded, delivered, unsampled, errors, cancelled, .. } = self;
        let lost = self.lost.spans();
        write!(f, "spans     {recorded} recorded = {delivered} delivered + ")?;
        if *unsampled > 0 {
            write!(f, "{unsampled} unsampled + ")?;
        }
        writeln!(f, "{lost} lost · {} · {cancelled} cancelled", plural(*errors, "error"))?;
        if !self.lost.is_none() {
            writeln!(f, "lost      {}", self.lost)?;
        }
        let (calls, drain) = (nice(self.calls_time), nice(self.drain_time));
        let share = percent(self.calls_time + self.drain_time);
        write!(f, "cost      tracing took {calls} on your threads and {drain} on its own")?;
        if run > 0.0 { writeln!(f, ": {share:.2} % of this run") } else { writeln!(f) }
    }
}

fn plural(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn nice(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 100.0 { format!("{micros:.1} µs") } else { format!("{:.1} ms", micros / 1e3) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_happen_has_no_share_of_the_time() {
        let shares = |model, tool| {
            let tally = Tally::default();
            let [model_time, tool_time] = [model, tool].map(Duration::from_millis);
            let run_time = Duration::from_secs(1);
            let known = Statistics::of(&tally, Losses::default());
            let text = Statistics { run_time, model_time, tool_time, ..known }.to_string();
            text.lines().find_map(|line| line.strip_prefix("time      ")).map(str::to_owned)
        };
        assert_eq!(shares(870, 120).as_deref(), Some("model 87 % · tools 12 % · own code 1 %"));
        assert_eq!(shares(0, 970).as_deref(), Some("tools 97 % · own code 3 %"));
        assert_eq!(shares(1, 0).as_deref(), Some("model 0 % · own code 100 %"));
        assert_eq!(shares(0, 0), None);
    }

    #[test]
    fn parallel_work_counts_once() {
        let mut stretches = Stretches::default();
        [(10, 30), (20, 40), (100, 101), (25, 26)].into_iter().for_each(|s| stretches.add(s));
        assert_eq!(stretches.total(), Duration::from_nanos(31));
    }

    #[test]
    fn a_long_run_keeps_a_bounded_number_of_stretches() {
        let mut stretches = Stretches::default();
        (0..100_000).for_each(|n| stretches.add((n * 10, n * 10 + 9)));
        assert!(stretches.sorted.len() <= STRETCHES_MAX);
        assert!(stretches.total() >= Duration::from_nanos(900_000));
    }
}
