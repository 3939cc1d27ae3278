//! Tasks that inherit the context of whoever spawned them.
//!
//! Each function is tokio's own of the same name with the caller's [`Context`] around what it is
//! given. A trace goes on in the task, and what the task says of baggage stays in it.

use crate::Context;
use tokio::task::JoinHandle;

/// Spawns a task that begins in the caller's context.
///
/// ```
/// use exo_trace_std::{Context, Span, bridge::tokio::spawn};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let run = Span::start("run", ());
/// let task = run.in_scope(|| spawn(async { Context::current().span_context() }));
/// assert_eq!(task.await?, run.span_context());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Panics
///
/// As [`tokio::spawn`]: outside a runtime.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    tokio::spawn(Context::current().scope(future))
}

/// Spawns a task on the local set that begins in the caller's context.
///
/// # Panics
///
/// As [`tokio::task::spawn_local`]: outside a local set.
#[track_caller]
pub fn spawn_local<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    tokio::task::spawn_local(Context::current().scope(future))
}

/// Runs `f` on a thread where it may block, in the caller's context.
///
/// # Panics
///
/// As [`tokio::task::spawn_blocking`]: outside a runtime.
#[track_caller]
pub fn spawn_blocking<F, R>(f: F) -> JoinHandle<R>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    tokio::task::spawn_blocking(Context::current().carry(f))
}
