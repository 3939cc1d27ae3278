//! Which trace a span belongs to: its root's own, or one of another process that the root continues.
//!
//! A span's record says the root of its own trace, and thereby of its parent's, which may still be open.

use super::message::Span;
use exo_trace_core::SpanContext;
use exo_trace_core::compact::LocalId;
use std::collections::{BTreeMap, HashMap};

/// How many roots and spans are remembered: those of which something was heard last.
const REMEMBERED_MAX: usize = 4_096;

/// Where a trace of the board comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Origin {
    /// It began on the board.
    Here,
    /// Its root is a child of this span.
    Remote(SpanContext),
}

/// What is known of a root that continues a trace of another process.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Continued {
    /// That it does: a span of its trace said so.
    Somebody,
    /// Whose.
    Of(SpanContext),
    /// That nobody will say whose.
    Nobody,
}

/// What is known of the traces of one boot.
#[derive(Debug, Default)]
pub(super) struct Origins {
    roots: Recent<Continued>,
    spans: Recent<LocalId>,
    ended: Recent<()>,
}

impl Origins {
    /// Learns what a trace continues; one that was given up stays so, as does one of which a span was taken
    /// for the board's own, that no trace is torn apart.
    pub(super) fn learn(&mut self, root: LocalId, remote: SpanContext) {
        if self.is_own(root) {
            self.give_up(root);
        } else if !self.is_given_up(root) {
            self.roots.put(root, Continued::Of(remote));
        }
        self.spans.put(root, root);
    }

    /// Tells whether spans of a trace were heard, and nothing of another one that it would continue.
    fn is_own(&self, root: LocalId) -> bool {
        self.roots.get(root).is_none() && self.spans.get(root).is_some()
    }

    /// Gives up a trace that is said to continue another one: its spans are one of the board's own.
    pub(super) fn give_up(&mut self, root: LocalId) {
        self.roots.put(root, Continued::Nobody);
    }

    /// Tells whether a trace was given up.
    pub(super) fn is_given_up(&self, root: LocalId) -> bool {
        self.roots.get(root) == Some(Continued::Nobody)
    }

    /// Learns what a span says of its trace: which it is, that its parent and its root are of the same, and,
    /// as long as the board remembers it, whether it continues another one.
    ///
    /// Tells whether it is the first span with this id: another one says nothing that can be believed.
    pub(super) fn saw(&mut self, span: &Span) -> bool {
        let &Span { id, parent, root, is_remote, .. } = span;
        if self.ended.get(id).is_some() {
            return false;
        }
        self.ended.put(id, ());
        let unsaid = match self.is_own(root) {
            true => Continued::Nobody,
            false => Continued::Somebody,
        };
        if let Some(continued) = self.roots.get(root).or(is_remote.then_some(unsaid)) {
            self.roots.put(root, continued);
        }
        for known in [Some(id), parent, Some(root)].into_iter().flatten() {
            self.spans.put(known, root);
        }
        true
    }

    /// Returns where a trace comes from; `None` when it comes from elsewhere and that is not known.
    pub(super) fn of(&self, root: LocalId) -> Option<Origin> {
        match self.roots.get(root) {
            Some(Continued::Somebody) => None,
            Some(Continued::Of(remote)) => Some(Origin::Remote(remote)),
            Some(Continued::Nobody) | None => Some(Origin::Here),
        }
    }

    /// As [`Origins::of`] its trace; `None` as well when it is said to come from elsewhere and was forgotten.
    pub(super) fn of_span(&self, span: &Span) -> Option<Origin> {
        if span.is_remote && self.roots.get(span.root).is_none() {
            return None;
        }
        self.of(span.root)
    }

    /// Returns the root of a span's trace; `None` while nothing was heard of the span.
    pub(super) fn root_of(&self, span: LocalId) -> Option<LocalId> {
        self.spans.get(span)
    }
}

/// A table that forgets what nothing was said of for the longest time.
#[derive(Debug)]
struct Recent<T> {
    known: HashMap<LocalId, (T, u64)>,
    order: BTreeMap<u64, LocalId>,
    next: u64,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { known: HashMap::new(), order: BTreeMap::new(), next: 0 }
    }
}

impl<T: Copy> Recent<T> {
    fn get(&self, id: LocalId) -> Option<T> {
        self.known.get(&id).map(|(fact, _)| *fact)
    }

    fn put(&mut self, id: LocalId, fact: T) {
        if let Some((_, before)) = self.known.insert(id, (fact, self.next)) {
            self.order.remove(&before);
        }
        self.order.insert(self.next, id);
        self.next += 1;
        if self.order.len() > REMEMBERED_MAX
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_talked_of_is_not_forgotten() {
        let (mut recent, id) = (Recent::default(), |count| LocalId::new(count).expect("not zero"));
        for count in 2..3 * REMEMBERED_MAX as u32 {
            recent.put(id(1), "it goes on");
            recent.put(id(count), "once");
        }
        assert_eq!(recent.get(id(1)), Some("it goes on"));
        assert_eq!((recent.get(id(2)), recent.known.len()), (None, REMEMBERED_MAX));
        assert_eq!(recent.order.len(), REMEMBERED_MAX);
    }
}
