//! Agents that have closed their sum, remembered to tell whose call came too late to be in it.

use exo_trace_core::SpanId;
use rustc_hash::FxHashSet;
use std::collections::VecDeque;

/// How many are remembered.
const CLOSED_MAX: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Closed {
    spans: FxHashSet<SpanId>,
    by_age: VecDeque<SpanId>,
}

impl Closed {
    pub(super) fn remember(&mut self, span: SpanId) {
        if self.spans.insert(span) {
            self.by_age.push_back(span);
        }
        if self.spans.len() > CLOSED_MAX
            && let Some(oldest) = self.by_age.pop_front()
        {
            self.spans.remove(&oldest);
        }
    }

    pub(super) fn contains(&self, span: SpanId) -> bool {
        self.spans.contains(&span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_known_and_no_more_than_those() {
        let id = |number| SpanId::new(number).unwrap();
        let (mut closed, extra) = (Closed::default(), 100);
        for span in 1..=CLOSED_MAX as u64 + extra {
            closed.remember(id(span));
            closed.remember(id(span));
        }
        assert_eq!((closed.spans.len(), closed.by_age.len()), (CLOSED_MAX, CLOSED_MAX));
        assert!(!closed.contains(id(extra)) && closed.contains(id(extra + 1)));
    }
}
