//! Spans that were read and may still lack a fact: held until the next full pass has ended.
//!
//! A fact that was written on another thread before its span ended may stand in a ring that the pass
//! had visited already. The next pass loads what every ring holds after the span was read, so it meets
//! that fact; what it does not meet was written too late.

/// Records of spans, those of this pass apart from those of the pass before.
#[derive(Debug)]
pub(crate) struct Held<T> {
    read_now: Vec<T>,
    read_before: Vec<T>,
}

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self { read_now: Vec::new(), read_before: Vec::new() }
    }
}

impl<T> Held<T> {
    /// Holds a span that was read in this pass.
    pub(crate) fn hold(&mut self, span: T) {
        self.read_now.push(span);
    }

    /// Takes `most` spans at most of those read in the pass before; they are whole at the end of this.
    pub(crate) fn due(&mut self, most: usize) -> Vec<T> {
        let rest = self.read_before.split_off(self.read_before.len().min(most));
        std::mem::replace(&mut self.read_before, rest)
    }

    /// Tells whether a span is left of those that are due.
    pub(crate) fn has_due(&self) -> bool {
        !self.read_before.is_empty()
    }

    /// Ends the pass, when nothing is due any more: what was read in it is due at the end of the next.
    pub(crate) fn end_pass(&mut self) {
        debug_assert!(self.read_before.is_empty(), "what is due leaves first");
        self.read_before = std::mem::take(&mut self.read_now);
    }

    /// Tells whether nothing is held.
    pub(crate) fn is_empty(&self) -> bool {
        self.read_before.is_empty() && self.read_now.is_empty()
    }
}
