//! The oldest request on disk while it is being sent: whole, or in parts where it was too long.
//!
//! It stays on disk until the last of its parts is settled. Who ends before that leaves it whole, and
//! the spans of the parts that were taken are sent twice.

use super::shelter::{Part, Sheltered};
use crate::counts::Toll;

pub(super) struct UnderWay {
    spans: u64,
    is_own: bool,
    /// Those that are not settled yet, the first one last.
    parts: Vec<Part>,
    lost: Toll,
}

impl UnderWay {
    pub(super) fn of(sheltered: Sheltered) -> Self {
        let Sheltered { whole, is_own } = sheltered;
        Self { spans: whole.spans, is_own, parts: vec![whole], lost: Toll::default() }
    }

    /// Returns how many spans the whole request has.
    pub(super) fn spans(&self) -> u64 {
        self.spans
    }

    /// Returns the part that is sent next; `None` when all are settled.
    pub(super) fn next(&self) -> Option<&Part> {
        self.parts.last()
    }

    /// Remembers what was lost of the part sent last, the rest of which was taken.
    pub(super) fn settle(&mut self, lost: Toll) {
        if let Some(part) = self.parts.pop() {
            let rejected = lost.rejected.min(part.spans);
            self.lost = self.lost.and(Toll { rejected, ..lost });
        }
    }

    /// Puts two halves in the place of the part sent last.
    pub(super) fn divide(&mut self, [first, second]: [Part; 2]) {
        self.parts.pop();
        self.parts.extend([second, first]);
    }

    /// Returns what became of its spans.
    pub(super) fn toll(&self) -> Toll {
        match self.is_own {
            true => Toll { unspooled: self.spans, ..self.lost },
            false => {
                let Toll { failed, rejected, too_long, .. } = self.lost;
                Toll { inherited: failed + rejected + too_long, ..Toll::default() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn part(spans: u64) -> Part {
        Part { request: Bytes::new(), spans }
    }

    fn under_way(is_own: bool) -> UnderWay {
        UnderWay::of(Sheltered { whole: part(10), is_own })
    }

    #[test]
    fn parts_are_settled_in_their_order_and_their_losses_are_one_sum() {
        let mut request = under_way(true);
        request.divide([part(6), part(4)]);
        assert_eq!(request.next().unwrap().spans, 6);
        request.settle(Toll { rejected: 99, ..Toll::default() });
        request.divide([part(3), part(1)]);
        request.settle(Toll::failed(3));
        request.settle(Toll { too_long: 1, ..Toll::default() });
        assert!(request.next().is_none());
        let lost = Toll { rejected: 6, failed: 3, too_long: 1, ..Toll::default() };
        assert_eq!(request.toll(), Toll { unspooled: 10, ..lost });
    }

    #[test]
    fn what_is_lost_of_another_process_is_counted_as_such() {
        let mut request = under_way(false);
        request.settle(Toll { rejected: 4, ..Toll::default() });
        assert_eq!(request.toll(), Toll { inherited: 4, ..Toll::default() });
    }
}
