//! Settings that lie in a range: a whole number, and a span of time.
//!
//! The environment has whole milliseconds, of the two kinds the specification tells apart: a duration
//! of zero is no time at all, a timeout of zero has no end. Here every wait has one, so such a timeout
//! becomes the longest that code could ask for, as the specification allows.
//!
//! Source: OpenTelemetry specification, "Environment Variable Specification", numeric types.

use super::choices::{Choices, Source};
use super::error::Refusal;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

/// A setting that is a whole number.
pub(super) struct WholeNumber<N> {
    pub(super) field: &'static str,
    pub(super) given: Option<N>,
    pub(super) variables: &'static [&'static str],
    pub(super) range: RangeInclusive<N>,
    pub(super) default: N,
}

impl<N: Copy + PartialOrd + FromStr + fmt::Display> WholeNumber<N> {
    /// Decides the number and shows it.
    pub(super) fn choose(self, choices: &mut Choices<'_>) -> N {
        let (number, source) = self.take(choices).unwrap_or((self.default, Source::Default));
        choices.show(self.field, number, source);
        number
    }

    /// Takes the number from code or the environment; `None` means default.
    pub(super) fn take(&self, choices: &mut Choices<'_>) -> Option<(N, Source)> {
        let expected =
            format!("a whole number from {} to {}", self.range.start(), self.range.end());
        let given = self.given.map(|number| {
            let is_in = self.range.contains(&number);
            if is_in { Ok(number) } else { Err(Refusal::of(number, &*expected)) }
        });
        choices.take(self.field, given, self.variables, |text| {
            let number = text.parse().ok().filter(|number| self.range.contains(number));
            number.ok_or_else(|| Refusal::of_text(text, &*expected))
        })
    }
}

/// What a variable's milliseconds are, by the specification's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Milliseconds {
    /// Zero is no time at all.
    Duration,
    /// Zero is as long as possible.
    Timeout,
}

/// A setting that is a span of time.
pub(super) struct SpanOfTime {
    pub(super) field: &'static str,
    pub(super) given: Option<Duration>,
    pub(super) variables: &'static [&'static str],
    pub(super) milliseconds: Milliseconds,
    pub(super) range: RangeInclusive<Duration>,
    pub(super) default: Duration,
}

impl SpanOfTime {
    /// Decides the span of time and shows it.
    pub(super) fn choose(self, choices: &mut Choices<'_>) -> Duration {
        let given = self.given.map(|given| self.checked(given));
        let taken = choices.take(self.field, given, self.variables, |text| self.read(text));
        let (chosen, source) = taken.unwrap_or((self.default, Source::Default));
        choices.show(self.field, format_args!("{chosen:?}"), source);
        chosen
    }

    fn checked(&self, given: Duration) -> Result<Duration, Refusal> {
        if self.range.contains(&given) {
            return Ok(given);
        }
        let expected = format!("{:?} to {:?}", self.range.start(), self.range.end());
        Err(Refusal::of(format_args!("{given:?}"), expected))
    }

    fn read(&self, text: &str) -> Result<Duration, Refusal> {
        let first = match self.milliseconds {
            Milliseconds::Duration => self.range.start().as_millis(),
            Milliseconds::Timeout => 0,
        };
        let read = match (text.parse().map(Duration::from_millis), self.milliseconds) {
            (Ok(Duration::ZERO), Milliseconds::Timeout) => Some(*self.range.end()),
            (read, _) => read.ok().filter(|read| self.range.contains(read)),
        };
        read.ok_or_else(|| {
            let last = self.range.end().as_millis();
            let expected = format!("a whole number of milliseconds from {first} to {last}");
            Refusal::of_text(text, expected)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(milliseconds: Milliseconds) -> SpanOfTime {
        SpanOfTime {
            field: "pause",
            given: None,
            variables: &["PAUSE"],
            milliseconds,
            range: Duration::from_millis(1)..=Duration::from_secs(3_600),
            default: Duration::from_secs(1),
        }
    }

    #[test]
    fn a_timeout_of_zero_is_the_longest_and_a_duration_of_zero_is_none() {
        let longest = Duration::from_secs(3_600);
        assert_eq!(between(Milliseconds::Timeout).read("0"), Ok(longest));
        let refusal = between(Milliseconds::Duration).read("0").unwrap_err();
        assert_eq!(refusal.expected, "a whole number of milliseconds from 1 to 3600000");
        let from_zero = Duration::ZERO..=longest;
        let from_zero = SpanOfTime { range: from_zero, ..between(Milliseconds::Duration) };
        assert_eq!(from_zero.read("0"), Ok(Duration::ZERO));
    }

    #[test]
    fn milliseconds_are_whole_and_in_range() {
        let timeout = between(Milliseconds::Timeout);
        assert_eq!(timeout.read("2500"), Ok(Duration::from_millis(2_500)));
        for bad in ["-1", "0.5", "10s", "3600001", "18446744073709551616"] {
            assert_eq!(
                timeout.read(bad).unwrap_err(),
                Refusal::of_text(bad, "a whole number of milliseconds from 0 to 3600000")
            );
        }
    }

    #[test]
    fn code_says_any_span_of_time_in_range() {
        let timeout = between(Milliseconds::Timeout);
        assert!(timeout.checked(Duration::from_micros(1_500)).is_ok());
        let refusal = timeout.checked(Duration::ZERO).unwrap_err();
        assert_eq!((refusal.value.as_str(), refusal.expected.as_str()), ("0ns", "1ms to 3600s"));
        assert_eq!(timeout.checked(Duration::MAX).unwrap_err().expected, "1ms to 3600s");
    }
}
