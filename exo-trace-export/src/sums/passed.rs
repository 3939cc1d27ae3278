//! Spans that have gone by, and their parents: where the sum of a child goes that is read after them.
//!
//! The rings are read one after the other, so a child that ran on another thread may come after its
//! parent. Those that show a sum wait for it; any other span is passed by and only remembered here, a
//! bounded number of them. Every span of the program comes by and few are ever asked for, so they are
//! noted one behind the other, and put in order when somebody asks: a table in which each had its
//! place cost 140 ns a span, the time of one look into memory. What was forgotten breaks the way up:
//! the sum then waits for a parent that does not come, and is counted where it goes.

use exo_trace_core::SpanId;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// How many spans are remembered.
const PASSED_MAX: usize = 32_768;
/// How far a sum climbs at once.
const STEPS_MAX: usize = 1_024;

#[derive(Debug, Default)]
pub(crate) struct Passed {
    /// Those since somebody asked, the latest last.
    noted: VecDeque<(SpanId, Option<SpanId>)>,
    parents: FxHashMap<SpanId, Option<SpanId>>,
    by_age: VecDeque<SpanId>,
}

impl Passed {
    /// Remembers a span that has gone by; one without a parent here is where every sum ends.
    #[inline]
    pub(crate) fn remember(&mut self, span: SpanId, parent: Option<SpanId>) {
        if self.noted.len() == PASSED_MAX {
            self.noted.pop_front();
        }
        self.noted.push_back((span, parent));
    }

    /// Returns the nearest of a span and those above it that has not gone by; `None` where all have.
    pub(crate) fn standing(&mut self, span: SpanId) -> Option<SpanId> {
        self.put_in_order();
        let mut here = span;
        for _ in 0..STEPS_MAX {
            match self.parents.get(&here) {
                None => return Some(here),
                Some(parent) => here = (*parent)?,
            }
        }
        None
    }

    fn put_in_order(&mut self) {
        for (span, parent) in self.noted.drain(..) {
            if self.parents.insert(span, parent).is_none() {
                self.by_age.push_back(span);
            }
            if self.by_age.len() > PASSED_MAX
                && let Some(oldest) = self.by_age.pop_front()
            {
                self.parents.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> SpanId {
        SpanId::new(number).unwrap()
    }

    #[test]
    fn a_sum_goes_on_to_the_nearest_span_that_is_still_to_come() {
        let mut passed = Passed::default();
        assert_eq!(passed.standing(id(3)), Some(id(3)));
        passed.remember(id(3), Some(id(2)));
        passed.remember(id(2), Some(id(1)));
        assert_eq!(passed.standing(id(3)), Some(id(1)));
        passed.remember(id(1), None);
        assert_eq!(passed.standing(id(3)), None, "the run is over");
    }

    #[test]
    fn spans_that_are_their_own_ancestors_end_somewhere() {
        let mut passed = Passed::default();
        passed.remember(id(1), Some(id(2)));
        passed.remember(id(2), Some(id(1)));
        assert_eq!(passed.standing(id(1)), None);
    }

    #[test]
    fn a_bounded_number_is_remembered_whether_or_not_somebody_asks() {
        let (mut passed, extra) = (Passed::default(), 100);
        for asks in [false, true] {
            for span in 1..=PASSED_MAX as u64 + extra {
                passed.remember(id(span), None);
                if asks && span % 1_000 == 0 {
                    assert_eq!(passed.standing(id(span)), None);
                }
            }
            assert!(passed.noted.len() <= PASSED_MAX);
            assert_eq!(passed.standing(id(extra + 1)), None);
            assert_eq!((passed.parents.len(), passed.by_age.len()), (PASSED_MAX, PASSED_MAX));
        }
        assert_eq!(passed.standing(id(extra)), Some(id(extra)), "forgotten");
    }
}
