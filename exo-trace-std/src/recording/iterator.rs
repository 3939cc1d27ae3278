//! An iterator inside a span that covers its life.

use super::begun::Begun;
use super::chunks::Chunks;
use super::future::Judge;
use super::polled::Polled;
use super::stream::Failures;
use exo_trace_core::Outcome;
use std::fmt;
use std::iter::FusedIterator;

/// An iterator with a span around it: current while it is advanced, ended with its last item.
#[must_use = "iterators do nothing unless advanced"]
pub struct TracedIterator<I, N = ()> {
    inner: Option<I>,
    polled: Polled,
    items: Chunks,
    failures: Failures<N>,
}

impl<I, N> TracedIterator<I, N> {
    pub(super) fn new(begun: Begun, iterator: I, failure: N) -> Self {
        let (polled, failures) = (Polled::new(begun), Failures::told_by(failure));
        Self { inner: Some(iterator), polled, items: Chunks::default(), failures }
    }

    fn advance(&mut self, step: impl FnOnce(&mut I) -> Option<I::Item>) -> Option<I::Item>
    where
        I: Iterator,
        N: Judge<I::Item>,
    {
        let inner = self.inner.as_mut()?;
        let item = self.polled.during(|facts| {
            let item = step(inner);
            if let Some(item) = &item {
                self.items.add(Chunks::now());
                self.failures.look_at(item, facts);
            }
            item
        });
        if item.is_none() {
            self.end(Outcome::Ended);
        }
        item
    }

    fn end(&mut self, outcome: Outcome) {
        self.polled.during(|_| self.inner = None);
        self.items.keep(&mut self.polled);
        self.polled.end(self.failures.or(outcome));
    }
}

impl<I: Iterator, N: Judge<I::Item>> Iterator for TracedIterator<I, N> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.advance(Iterator::next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.as_ref().map_or((0, Some(0)), Iterator::size_hint)
    }
}

impl<I: DoubleEndedIterator, N: Judge<I::Item>> DoubleEndedIterator for TracedIterator<I, N> {
    fn next_back(&mut self) -> Option<I::Item> {
        self.advance(DoubleEndedIterator::next_back)
    }
}

impl<I: ExactSizeIterator, N: Judge<I::Item>> ExactSizeIterator for TracedIterator<I, N> {}

// After its end there is no inner iterator left to ask.
impl<I: Iterator, N: Judge<I::Item>> FusedIterator for TracedIterator<I, N> {}

impl<I, N> Drop for TracedIterator<I, N> {
    fn drop(&mut self) {
        if self.inner.is_some() {
            self.end(Outcome::Cancelled);
        }
    }
}

impl<I, N> fmt::Debug for TracedIterator<I, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedIterator").field("polled", &self.polled).finish_non_exhaustive()
    }
}
