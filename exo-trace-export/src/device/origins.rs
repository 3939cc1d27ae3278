//! Which trace a span belongs to: its root's own, or one of another process that the root continues.

use exo_trace_core::SpanContext;
use exo_trace_core::compact::LocalId;
use std::collections::{HashMap, VecDeque};

/// How many of the last roots and spans are remembered.
const REMEMBERED_MAX: usize = 4_096;

/// Where a trace of the board comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Origin {
    /// It began on the board.
    Here,
    /// Its root is a child of this span.
    Remote(SpanContext),
}

/// What is known of the traces of one boot.
#[derive(Debug, Default)]
pub(super) struct Origins {
    roots: Recent<Origin>,
    spans: Recent<(LocalId, bool)>,
}

impl Origins {
    /// Learns where a trace comes from; what was known first stands, so that no trace is torn apart.
    pub(super) fn learn(&mut self, root: LocalId, origin: Origin) {
        if self.roots.get(root).is_none() {
            self.roots.put(root, origin);
        }
    }

    /// Learns to which trace a span belongs.
    pub(super) fn saw(&mut self, span: LocalId, root: LocalId, is_remote: bool) {
        self.spans.put(span, (root, is_remote));
    }

    /// Returns where a trace comes from; `None` when it comes from elsewhere and that is not known.
    pub(super) fn of(&self, root: LocalId, is_remote: bool) -> Option<Origin> {
        let unknown = if is_remote { None } else { Some(Origin::Here) };
        self.roots.get(root).or(unknown)
    }

    /// Returns the root of a span's trace, and whether it was said to continue another one; `None` while the
    /// span is not known.
    pub(super) fn root_of(&self, span: LocalId) -> Option<(LocalId, bool)> {
        self.spans.get(span)
    }
}

/// A table that forgets the oldest.
#[derive(Debug)]
struct Recent<T> {
    known: HashMap<LocalId, T>,
    order: VecDeque<LocalId>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { known: HashMap::new(), order: VecDeque::new() }
    }
}

impl<T: Copy> Recent<T> {
    fn get(&self, id: LocalId) -> Option<T> {
        self.known.get(&id).copied()
    }

    fn put(&mut self, id: LocalId, fact: T) {
        if self.known.insert(id, fact).is_none() {
            self.order.push_back(id);
        }
        if self.order.len() > REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}
