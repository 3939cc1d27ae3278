//! An iterator with no span around it.

use std::iter::FusedIterator;

/// An iterator with a span around it; here, with none.
#[derive(Debug)]
#[must_use = "iterators do nothing unless advanced"]
pub struct TracedIterator<I> {
    inner: Option<I>,
}

impl<I> TracedIterator<I> {
    #[inline(always)]
    pub(super) fn new(iterator: I) -> Self {
        Self { inner: Some(iterator) }
    }

    #[inline(always)]
    fn advance(&mut self, step: impl FnOnce(&mut I) -> Option<I::Item>) -> Option<I::Item>
    where
        I: Iterator,
    {
        let item = step(self.inner.as_mut()?);
        if item.is_none() {
            self.inner = None;
        }
        item
    }
}

impl<I: Iterator> Iterator for TracedIterator<I> {
    type Item = I::Item;

    #[inline(always)]
    fn next(&mut self) -> Option<I::Item> {
        self.advance(Iterator::next)
    }

    #[inline(always)]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inner.as_ref().map_or((0, Some(0)), Iterator::size_hint)
    }
}

impl<I: DoubleEndedIterator> DoubleEndedIterator for TracedIterator<I> {
    #[inline(always)]
    fn next_back(&mut self) -> Option<I::Item> {
        self.advance(DoubleEndedIterator::next_back)
    }
}

impl<I: ExactSizeIterator> ExactSizeIterator for TracedIterator<I> {}

// After its end there is no inner iterator left to ask.
impl<I: Iterator> FusedIterator for TracedIterator<I> {}
