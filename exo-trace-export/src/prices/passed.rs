//! Spans that have gone by, and their parents: where the sum of a child goes that is read after them.
//!
//! The rings are read one after the other, so a child that ran on another thread may come after its
//! parent. Those that show a sum wait for it; any other span is passed by and only remembered here,
//! in a table of cache lines with no chain behind them: every span of the program comes by, and may cost
//! one of these and no more. The fifth span of a line makes it forget the first. That breaks the way
//! up: the sum then waits for a parent that does not come, and is counted where it goes.

use exo_trace_core::SpanId;

/// How many lines the table has: 1 MiB; a power of two. Of the last 8,192 spans, two in a thousand are
/// forgotten.
const LINES: usize = 16_384;
/// How many spans stand in a line: 64 bytes.
const SPANS_OF_LINE: usize = 4;
/// How far a sum climbs at once.
const STEPS_MAX: usize = 1_024;

#[derive(Debug, Default)]
pub(crate) struct Passed {
    /// Empty until the first span goes by.
    lines: Box<[Line]>,
}

/// The last spans of a line, the latest first.
type Line = [Option<Parent>; SPANS_OF_LINE];

/// A span that has gone by, and the one above it.
#[derive(Clone, Copy, Debug)]
struct Parent {
    of: SpanId,
    parent: Option<SpanId>,
}

impl Passed {
    /// Remembers a span that has gone by; one without a parent here is where every sum ends.
    pub(crate) fn remember(&mut self, span: SpanId, parent: Option<SpanId>) {
        if self.lines.is_empty() {
            self.lines = vec![[None; SPANS_OF_LINE]; LINES].into();
        }
        if let Some(line) = self.lines.get_mut(line_of(span)) {
            line.rotate_right(1);
            line[0] = Some(Parent { of: span, parent });
        }
    }

    /// Returns the nearest of a span and those above it that has not gone by; `None` where all have.
    pub(crate) fn standing(&self, span: SpanId) -> Option<SpanId> {
        let mut here = span;
        for _ in 0..STEPS_MAX {
            let line = self.lines.get(line_of(here)).into_iter().flatten();
            match line.flatten().find(|known| known.of == here) {
                Some(known) => here = known.parent?,
                None => return Some(here),
            }
        }
        None
    }
}

/// Ids are random, so their low bits are as good as a hash.
fn line_of(span: SpanId) -> usize {
    span.to_word() as usize & (LINES - 1)
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
    fn a_bounded_number_is_remembered() {
        let mut passed = Passed::default();
        let places = (LINES * SPANS_OF_LINE) as u64;
        (1..=places + 100).for_each(|span| passed.remember(id(span), None));
        assert_eq!(passed.lines.len(), LINES);
        assert_eq!(passed.standing(id(100)), Some(id(100)), "forgotten");
        assert_eq!((passed.standing(id(101)), passed.standing(id(places + 100))), (None, None));
    }
}
