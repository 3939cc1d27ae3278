//! An iterator with no span around it.

use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;

/// An iterator with a span around it; here, with none.
#[must_use = "iterators do nothing unless advanced"]
pub struct TracedIterator<I, N = ()> {
    inner: Option<I>,
    failure: PhantomData<N>,
}

impl<I, N> TracedIterator<I, N> {
    #[inline(always)]
    pub(super) fn new(iterator: I) -> Self {
        Self { inner: Some(iterator), failure: PhantomData }
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

impl<I: Iterator, N> Iterator for TracedIterator<I, N> {
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

impl<I: DoubleEndedIterator, N> DoubleEndedIterator for TracedIterator<I, N> {
    #[inline(always)]
    fn next_back(&mut self) -> Option<I::Item> {
        self.advance(DoubleEndedIterator::next_back)
    }
}

impl<I: ExactSizeIterator, N> ExactSizeIterator for TracedIterator<I, N> {}

// After its end there is no inner iterator left to ask.
impl<I: Iterator, N> FusedIterator for TracedIterator<I, N> {}

impl<I, N> fmt::Debug for TracedIterator<I, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedIterator").finish_non_exhaustive()
    }
}
