//! Which call of a model is told twice: by whoever makes it, and by the client library it is made with.
//!
//! Both say what the call used, and it is paid for once. They are the same call where one lies within
//! the other and only plain spans lie between. With a tool, an agent or another kind of call between
//! them they are two: a model that calls a tool, which asks a model, has two bills.

use crate::operation::Operation;

/// The kinds of calls below a span that nothing surrounds but plain spans and their own kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BareCalls {
    inference: bool,
    embeddings: bool,
}

impl BareCalls {
    /// Tells whether a span above them is one of them, told once more.
    pub(crate) fn are_told_by(self, operation: Operation) -> bool {
        match operation {
            Operation::Inference => self.inference,
            Operation::Embeddings => self.embeddings,
            _ => false,
        }
    }

    /// Returns what is bare below the parent of a span: the span itself, if its call counts, and of what
    /// is below it whatever it does not surround.
    pub(crate) fn and_of(self, operation: Operation, counts: bool) -> Self {
        let Self { inference, embeddings } = self;
        match operation {
            Operation::Inference => Self { inference: inference || counts, embeddings: false },
            Operation::Embeddings => Self { inference: false, embeddings: embeddings || counts },
            Operation::Other => self,
            _ => Self::default(),
        }
    }

    /// Adds those below another child of the same span.
    pub(crate) fn add(&mut self, other: Self) {
        self.inference |= other.inference;
        self.embeddings |= other.embeddings;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Operation::{Agent, Embeddings, Inference, Other, Retrieval, Tool, Workflow};

    /// Tells whether a call is the one at the bottom of these spans, the innermost first.
    fn is_same(call: Operation, below: &[Operation]) -> bool {
        let bare = BareCalls::default();
        below.iter().fold(bare, |bare, &operation| bare.and_of(operation, true)).are_told_by(call)
    }

    #[test]
    fn a_call_is_told_twice_where_only_plain_spans_lie_between() {
        assert!(is_same(Inference, &[Inference]));
        assert!(is_same(Inference, &[Inference, Other, Inference, Other]));
        assert!(is_same(Embeddings, &[Embeddings, Other]));
        assert!(!is_same(Inference, &[Other]) && !is_same(Agent, &[Inference]));
        assert!(!is_same(Inference, &[Embeddings]) && !is_same(Embeddings, &[Inference]));
        for between in [Tool, Agent, Workflow, Retrieval, Embeddings] {
            assert!(!is_same(Inference, &[Inference, between, Other]), "{between:?}");
        }
    }
}
