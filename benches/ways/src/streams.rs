//! Items of a stream and of an iterator that never end, each alone and traced.
//!
//! Each function makes one below the current span and returns what takes its next item.

use exo_trace::traced;
use futures_core::Stream;
use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// The stream alone.
pub fn alone() -> impl FnMut(usize) {
    items_of(Endless(0))
}

/// The stream of a traced function.
pub fn traced_stream() -> impl FnMut(usize) {
    items_of(endless_stream())
}

/// The iterator alone.
pub fn iterator_alone() -> impl FnMut(usize) {
    numbers_of(Endless(0))
}

/// The iterator of a traced function.
pub fn traced_iterator() -> impl FnMut(usize) {
    numbers_of(endless_iterator())
}

fn items_of(stream: impl Stream<Item = usize>) -> impl FnMut(usize) {
    let mut stream = Box::pin(stream);
    let mut task = Context::from_waker(Waker::noop());
    move |_| {
        let _ = black_box(stream.as_mut().poll_next(&mut task));
    }
}

fn numbers_of(mut numbers: impl Iterator<Item = usize>) -> impl FnMut(usize) {
    move |_| {
        black_box(numbers.next());
    }
}

#[traced]
fn endless_stream() -> impl Stream<Item = usize> {
    Endless(0)
}

#[traced]
fn endless_iterator() -> impl Iterator<Item = usize> {
    Endless(0)
}

/// Has always one more.
struct Endless(usize);

impl Iterator for Endless {
    type Item = usize;

    #[inline(never)]
    fn next(&mut self) -> Option<usize> {
        self.0 = black_box(self.0 + 1);
        (self.0 < usize::MAX).then_some(self.0)
    }
}

impl Stream for Endless {
    type Item = usize;

    #[inline(never)]
    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<usize>> {
        self.0 = black_box(self.0 + 1);
        Poll::Ready((self.0 < usize::MAX).then_some(self.0))
    }
}
