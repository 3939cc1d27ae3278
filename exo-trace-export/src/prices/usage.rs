//! How many tokens a call used, each counted once.
//!
//! Cached tokens and those written to the cache are part of the input, reasoning is part of the
//! output: the conventions say so, and whoever adds them once more shows several times the bill.
//! Reasoning costs what output costs and is therefore not looked at. A part that is larger than its
//! whole is cut to it, and what is negative, or no whole number, is not said; whoever asks is told of
//! either.
//!
//! Source: OpenTelemetry GenAI conventions, `gen_ai.usage.*`.

use crate::SpanData;
use crate::span_data::attributes::count;
use exo_trace_std::{Key, semconv};
use std::ops::AddAssign;

/// What a span says of its tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) input: Option<u64>,
    pub(crate) output: Option<u64>,
    pub(crate) cached_input: Option<u64>,
    pub(crate) cache_write: Option<u64>,
    /// Whether one of them is given, and no count.
    pub(crate) has_nonsense: bool,
}

/// The tokens of one call, or of several; what is cached and what is written lie apart, within the
/// input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    input: u64,
    output: u64,
    cached_input: u64,
    cache_write: u64,
}

impl Said {
    pub(crate) fn by(span: &SpanData<'_>) -> Self {
        let mut has_nonsense = false;
        let mut tokens = |key: Key| {
            let count = count(span.attribute(key.as_str())?);
            has_nonsense |= count.is_none();
            count
        };
        Self {
            input: tokens(semconv::GEN_AI_USAGE_INPUT_TOKENS),
            output: tokens(semconv::GEN_AI_USAGE_OUTPUT_TOKENS),
            cached_input: tokens(semconv::GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
            cache_write: tokens(semconv::GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
            has_nonsense,
        }
    }
}

impl Usage {
    /// Returns what was used, and whether something was nonsense; `None` where neither input nor
    /// output is known.
    pub(crate) fn of(said: Said) -> Option<(Self, bool)> {
        if said.input.is_none() && said.output.is_none() {
            return None;
        }
        let [input, output] = [said.input, said.output].map(Option::unwrap_or_default);
        let mut is_cut = said.has_nonsense;
        let mut part = |said: Option<u64>, whole: u64| {
            let said = said.unwrap_or_default();
            is_cut |= said > whole;
            said.min(whole)
        };
        let cached_input = part(said.cached_input, input);
        let cache_write = part(said.cache_write, input - cached_input);
        Some((Self { input, output, cached_input, cache_write }, is_cut))
    }

    /// Returns all tokens of the prompt.
    pub(crate) fn input(&self) -> u64 {
        self.input
    }

    /// Returns the tokens of the prompt that no cache had a part in.
    pub(crate) fn plain_input(&self) -> u64 {
        self.input - self.cached_input - self.cache_write
    }

    pub(crate) fn cached_input(&self) -> u64 {
        self.cached_input
    }

    pub(crate) fn cache_write(&self) -> u64 {
        self.cache_write
    }

    pub(crate) fn output(&self) -> u64 {
        self.output
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        let Self { input, output, cached_input, cache_write } = self;
        *input = input.saturating_add(other.input);
        *output = output.saturating_add(other.output);
        // No larger than the input together: each part grew by no more than the input did.
        *cached_input = cached_input.saturating_add(other.cached_input).min(*input);
        *cache_write =
            cache_write.saturating_add(other.cache_write).min(input.saturating_sub(*cached_input));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(input: u64, output: u64, cached: u64, written: u64) -> ([u64; 4], bool) {
        let said = Said {
            input: Some(input),
            output: Some(output),
            cached_input: Some(cached),
            cache_write: Some(written),
            has_nonsense: false,
        };
        let (usage, is_cut) = Usage::of(said).unwrap();
        let parts =
            [usage.plain_input(), usage.cached_input(), usage.cache_write(), usage.output()];
        (parts, is_cut)
    }

    #[test]
    fn parts_are_taken_out_of_the_whole_and_nonsense_is_cut() {
        assert_eq!(parts(100, 20, 60, 30), ([10, 60, 30, 20], false));
        assert_eq!(parts(100, 20, 0, 0), ([100, 0, 0, 20], false));
        assert_eq!(parts(100, 20, 100, 0), ([0, 100, 0, 20], false));
        assert_eq!(parts(100, 20, 130, 0), ([0, 100, 0, 20], true));
        assert_eq!(parts(100, 20, 60, 60), ([0, 60, 40, 20], true));
    }

    #[test]
    fn what_is_no_count_is_told_and_costs_nothing() {
        let said = Said { output: Some(7), has_nonsense: true, ..Said::default() };
        assert_eq!(Usage::of(said), Some((Usage { output: 7, ..Usage::default() }, true)));
    }

    #[test]
    fn half_of_the_usage_is_enough_and_none_is_none() {
        let said = Said { output: Some(7), ..Said::default() };
        assert_eq!(Usage::of(said), Some((Usage { output: 7, ..Usage::default() }, false)));
        let said = Said { cached_input: Some(7), ..Said::default() };
        assert_eq!(Usage::of(said), None);
    }

    #[test]
    fn a_sum_that_is_full_keeps_its_parts_within_the_whole() {
        let most = Said { input: Some(u64::MAX), cached_input: Some(u64::MAX), ..Said::default() };
        let (most, _) = Usage::of(most).unwrap();
        let mut sum = most;
        (0..3).for_each(|_| sum += most);
        assert_eq!((sum.input(), sum.plain_input()), (u64::MAX, 0));
    }
}
