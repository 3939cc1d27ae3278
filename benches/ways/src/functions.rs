//! Calls of `#[traced]` functions of every shape, each beside the same function without it.
//!
//! What is asynchronous is driven to its end by one poll; a function that is not is
//! [`floor::work`](crate::floor::work) and [`spans::traced_two_attributes`](crate::spans::traced_two_attributes).

use crate::floor::work;
use async_trait::async_trait;
use exo_trace::traced;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Waker};

/// A traced function.
#[inline(always)]
pub fn sync(step: usize) {
    traced_work(step);
}

/// An `async fn`.
#[inline(always)]
pub fn bare_async_fn(step: usize) {
    once(plain_async(step));
}

/// A traced `async fn`.
#[inline(always)]
pub fn async_fn(step: usize) {
    once(traced_async(step));
}

/// A function that returns `impl Future`.
#[inline(always)]
pub fn bare_returning_future(step: usize) {
    once(plain_future(step));
}

/// A traced function that returns `impl Future`.
#[inline(always)]
pub fn returning_future(step: usize) {
    once(traced_future(step));
}

/// A method of `async_trait`, which boxes its future.
#[inline(always)]
pub fn bare_boxed(step: usize) {
    once(Plain.run(step));
}

/// A traced method of `async_trait`.
#[inline(always)]
pub fn boxed(step: usize) {
    once(Traced.run(step));
}

/// Polls a future once, which is all it needs.
#[inline(always)]
fn once(future: impl Future<Output = ()>) {
    let mut task = Context::from_waker(Waker::noop());
    let _ = black_box(pin!(future).poll(&mut task));
}

#[traced]
#[inline(never)]
fn traced_work(step: usize) {
    black_box(step);
}

async fn plain_async(step: usize) {
    work(step);
}

#[traced]
async fn traced_async(step: usize) {
    work(step);
}

#[expect(clippy::manual_async_fn, reason = "this shape is what is measured")]
fn plain_future(step: usize) -> impl Future<Output = ()> {
    async move { work(step) }
}

#[traced]
fn traced_future(step: usize) -> impl Future<Output = ()> {
    async move { work(step) }
}

#[async_trait]
trait Tool {
    async fn run(&self, step: usize);
}

struct Plain;

#[async_trait]
impl Tool for Plain {
    async fn run(&self, step: usize) {
        work(step);
    }
}

struct Traced;

#[async_trait]
impl Tool for Traced {
    #[traced]
    async fn run(&self, step: usize) {
        work(step);
    }
}
