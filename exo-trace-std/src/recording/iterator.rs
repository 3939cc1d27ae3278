//! An iterator inside a span that covers its life.

use super::begun::Begun;
use super::polled::Polled;
use super::stream::Items;
use exo_trace_core::Outcome;
use std::iter::FusedIterator;

/// An iterator with a span around it: current while it is advanced, ended with its last item.
#[derive(Debug)]
#[must_use = "iterators do nothing unless advanced"]
pub struct TracedIterator<I> {
    inner: Option<I>,
    polled: Polled,
    items: Items,
}

impl<I> TracedIterator<I> {
    pub(super) fn new(begun: Begun, iterator: I) -> Self {
        Self { inner: Some(iterator), polled: Polled::new(begun), items: Items::default() }
    }

    fn advance(&mut self, step: impl FnOnce(&mut I) -> Option<I::Item>) -> Option<I::Item>
    where
        I: Iterator,
    {
        let turn = self.polled.turn();
        let item = step(self.inner.as_mut()?);
        drop(turn);
        if item.is_some() {
            self.items.add_one();
        } else {
            self.end(Outcome::Ended);
        }
        item
    }

    fn end(&mut self, outcome: Outcome) {
        {
            let _turn = self.polled.turn();
            self.inner = None;
        }
        self.items.write(&mut self.polled);
        self.polled.end(outcome);
    }
}

impl<I: Iterator> Iterator for TracedIterator<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.advance(Iterator::next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.as_ref().map_or((0, Some(0)), Iterator::size_hint)
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for TracedIterator<I> {
    fn next_back(&mut self) -> Option<I::Item> {
        self.advance(DoubleEndedIterator::next_back)
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for TracedIterator<I> {}

// After its end there is no inner iterator left to ask.
impl<I: Iterator> FusedIterator for TracedIterator<I> {}

impl<I> Drop for TracedIterator<I> {
    fn drop(&mut self) {
        if self.inner.is_some() {
            self.end(Outcome::Cancelled);
        }
    }
}
