//! What a full ring refused of the spans of a thread, kept until they end there: then their records count it.
//!
//! Nobody but its own thread reads it, so nothing is locked, and nothing is looked at where nothing was
//! refused. What is refused on another thread than the one that ends the span, and what a ninth span
//! loses while eight wait for their ends, is counted for the process alone.

use exo_trace_core::{Dropped, SpanId};
use std::cell::Cell;

/// Of how many spans it is kept at once; the oldest makes room.
const SPANS_MAX: usize = 8;

type Entry = Option<(SpanId, Dropped)>;

/// What was refused of each span that has not ended yet.
pub(super) struct Refused {
    has_any: Cell<bool>,
    /// The oldest first, and what is free last.
    spans: [Cell<Entry>; SPANS_MAX],
}

impl Refused {
    pub(super) const fn new() -> Self {
        let spans = [const { Cell::new(None) }; SPANS_MAX];
        Self { has_any: Cell::new(false), spans }
    }

    /// Tells whether anything is kept.
    #[inline(always)]
    pub(super) fn has_any(&self) -> bool {
        self.has_any.get()
    }

    /// Adds to what was refused of a span.
    pub(super) fn add(&self, span_id: SpanId, more: Dropped) {
        let free = || self.spans.iter().find(|entry| entry.get().is_none());
        let place = self.place_of(span_id).or_else(free).or_else(|| {
            // They stand in the order in which they came.
            if let Some(oldest) = self.spans.first() {
                oldest.set(None);
            }
            self.close_up();
            self.spans.last()
        });
        let Some(place) = place else { return };
        let kept = place.get().filter(|(of, _)| *of == span_id);
        let before = kept.map_or(Dropped::default(), |(_, dropped)| dropped);
        let dropped = Dropped {
            attributes: before.attributes.saturating_add(more.attributes),
            events: before.events.saturating_add(more.events),
            links: before.links.saturating_add(more.links),
        };
        place.set(Some((span_id, dropped)));
        self.has_any.set(true);
    }

    /// Takes out what was refused of a span that ends.
    #[cold]
    #[inline(never)]
    pub(super) fn take(&self, span_id: SpanId) -> Option<Dropped> {
        let (_, dropped) = self.place_of(span_id)?.take()?;
        self.close_up();
        self.has_any.set(self.spans.iter().any(|entry| entry.get().is_some()));
        Some(dropped)
    }

    /// Moves what is free behind all that is kept.
    fn close_up(&self) {
        for pair in self.spans.windows(2) {
            if let [free, kept] = pair
                && free.get().is_none()
            {
                free.swap(kept);
            }
        }
    }

    fn place_of(&self, span_id: SpanId) -> Option<&Cell<Entry>> {
        self.spans.iter().find(|entry| entry.get().is_some_and(|(of, _)| of == span_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: Dropped = Dropped { attributes: 0, events: 1, links: 0 };

    fn id(number: usize) -> SpanId {
        SpanId::new(number as u64).expect("not zero")
    }

    #[test]
    fn each_span_takes_what_was_refused_of_it_once() {
        let refused = Refused::new();
        refused.add(id(1), EVENT);
        refused.add(id(2), Dropped { links: 3, ..EVENT });
        refused.add(id(1), EVENT);
        assert_eq!(refused.take(id(3)), None);
        assert_eq!(refused.take(id(1)), Some(Dropped { events: 2, ..EVENT }));
        assert_eq!(refused.take(id(1)), None);
        assert!(refused.has_any());
        assert_eq!(refused.take(id(2)), Some(Dropped { links: 3, ..EVENT }));
        assert!(!refused.has_any());
    }

    #[test]
    fn where_there_are_too_many_the_oldest_makes_room_and_counts_stop_at_their_end() {
        let refused = Refused::new();
        (1..=SPANS_MAX + 1).for_each(|number| refused.add(id(number), EVENT));
        assert_eq!((refused.take(id(1)), refused.take(id(2))), (None, Some(EVENT)));
        (0..70_000).for_each(|_| refused.add(id(3), EVENT));
        assert_eq!(refused.take(id(3)), Some(Dropped { events: u16::MAX, ..EVENT }));
    }

    #[test]
    fn a_span_that_is_open_for_long_keeps_its_count_while_there_is_room() {
        let refused = Refused::new();
        refused.add(id(1), EVENT);
        for child in 2..100 {
            refused.add(id(child), EVENT);
            assert_eq!(refused.take(id(child)), Some(EVENT));
        }
        assert_eq!(refused.take(id(1)), Some(EVENT));
    }
}
