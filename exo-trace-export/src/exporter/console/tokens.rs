//! The tokens of a trace's model calls, summed up for the agents and roots above them.
//!
//! The sums are the tree's own: on spans of agents they would be counted twice by whoever adds up a
//! trace. Only what has come is summed, so a call that is missing in the tree is missing in the sum.

use crate::SpanData;
use crate::prices::Said;
use crate::sums::BareCalls;
use exo_trace_std::SpanId;
use std::collections::HashMap;

/// Tokens of prompts, and those of answers where any is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    pub(super) input: u64,
    pub(super) output: Option<u64>,
}

impl Tokens {
    /// Returns what a span says it used itself.
    pub(super) fn of(span: &SpanData<'_>) -> Option<Self> {
        let Said { input, output, .. } = Said::by(span);
        (input.is_some() || output.is_some())
            .then(|| Self { input: input.unwrap_or_default(), output })
    }

    fn add(&mut self, other: Self) {
        self.input = self.input.saturating_add(other.input);
        if let Some(output) = other.output {
            self.output = Some(self.output.unwrap_or_default().saturating_add(output));
        }
    }
}

/// Returns for each span what it shows as the sum of the calls below it; agents and roots show one.
///
/// A run that was recorded when it was over stands beside its calls: where the last call there ended
/// within its time, what it says is their sum and is added to nothing.
pub(super) fn sums(spans: &[SpanData<'_>]) -> Vec<Option<Tokens>> {
    let places: HashMap<SpanId, usize> =
        spans.iter().enumerate().map(|(place, span)| (span.span_id(), place)).collect();
    let parent = |span: &SpanData<'_>| places.get(&span.parent_span_id()?).copied();
    let parents: Vec<Option<usize>> = spans.iter().map(parent).collect();
    let order = leaves_first(&parents);
    let last_calls = last_calls(spans, &parents, &order);
    let is_recorded_beside = |place: usize, parent: usize| {
        spans[place].is_recorded_run()
            && last_calls[place].is_none()
            && last_calls[parent].is_some_and(|ended| ended >= spans[place].start_unix_nano())
    };
    let mut sums: Vec<Option<Tokens>> = vec![None; spans.len()];
    let mut bare = vec![BareCalls::default(); spans.len()];
    for place in order {
        let mut up = sums[place];
        let operation = spans[place].operation();
        // What was seen below is what it says of itself.
        let is_told = if operation.is_call() {
            bare[place].are_told_by(operation)
        } else {
            sums[place].is_some()
        };
        let is_alone = operation.speaks_for_itself() && !is_told;
        let own = is_alone.then(|| Tokens::of(&spans[place])).flatten();
        if let Some(own) = own {
            up.get_or_insert_default().add(own);
        }
        let shows_sum = operation.is_run() || parents[place].is_none();
        sums[place] = up.filter(|_| shows_sum && !operation.is_call());
        if let Some(parent) = parents[place]
            && let Some(up) = up.filter(|_| !is_recorded_beside(place, parent))
        {
            sums[parent].get_or_insert_default().add(up);
            let above = bare[place].and_of(operation, own.is_some());
            bare[parent].add(above);
        }
    }
    sums
}

/// Returns every place after all that are below it; spans that are their own ancestors are left out.
fn leaves_first(parents: &[Option<usize>]) -> Vec<usize> {
    let mut children = vec![0_usize; parents.len()];
    parents.iter().flatten().for_each(|&parent| children[parent] += 1);
    let mut order: Vec<usize> = (0..parents.len()).filter(|&place| children[place] == 0).collect();
    let mut done = 0;
    while let Some(&place) = order.get(done) {
        done += 1;
        if let Some(parent) = parents[place] {
            children[parent] -= 1;
            if children[parent] == 0 {
                order.push(parent);
            }
        }
    }
    order
}

/// Returns for each span when the last call ended that is, or is below it, and says what it used.
fn last_calls(
    spans: &[SpanData<'_>],
    parents: &[Option<usize>],
    order: &[usize],
) -> Vec<Option<u64>> {
    let ended = |span: &SpanData<'_>| {
        (span.operation().is_call() && Tokens::of(span).is_some()).then(|| span.end_unix_nano())
    };
    let mut last: Vec<Option<u64>> = spans.iter().map(ended).collect();
    for &place in order {
        if let Some(parent) = parents[place] {
            last[parent] = last[parent].max(last[place]);
        }
    }
    last
}
