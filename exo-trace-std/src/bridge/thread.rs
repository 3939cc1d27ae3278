//! Threads that inherit the context of whoever spawned them.
//!
//! For pools of threads there is [`Context::carry`]: it makes any closure run in a context.

use crate::Context;
use std::thread::{self, JoinHandle};

/// Spawns a thread that begins in the caller's context.
///
/// ```
/// use exo_trace_std::{Context, Span, bridge::thread::spawn};
///
/// let run = Span::start("run", ());
/// let worker = run.in_scope(|| spawn(|| Context::current().span_context()));
/// assert_eq!(worker.join().expect("the worker does not panic"), run.span_context());
/// ```
///
/// # Panics
///
/// As [`std::thread::spawn`]: where the operating system gives no thread.
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    thread::spawn(Context::current().carry(f))
}
