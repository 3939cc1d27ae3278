//! A tokio runtime that turns on a thread of its own, for code that takes one for granted.
//!
//! The code itself runs on its caller's thread, inside the runtime but not driven by it: what it
//! spawns, its timers and its sockets are looked after here, between its calls too, and code that
//! blocks, as the blocking client of `reqwest` does, is not forbidden to. Whatever is called or
//! spawned is not traced, neither by us nor by the OpenTelemetry SDK, or an instrumented client
//! would trace its own exports for ever.

use crate::inside;
use opentelemetry::Context;
use std::io;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// A runtime that turns until this is dropped.
pub(crate) struct Reactor {
    handle: Handle,
    /// Dropped, it lets the thread end.
    _turning: oneshot::Sender<()>,
}

impl Reactor {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// Says that the operating system gave no thread, or nothing to wait for sockets with.
    pub(crate) fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (turning, is_stopped) = oneshot::channel::<()>();
        let turn = move || {
            let _quiet = Context::enter_telemetry_suppressed_scope();
            // An error is what is waited for: the sender has gone.
            let _ = runtime.block_on(is_stopped);
            // Does not wait for work that blocks, such as a name that is still looked up.
            runtime.shutdown_background();
        };
        std::thread::Builder::new()
            .name("exo-trace-io".to_owned())
            .spawn(move || inside::run(turn))?;
        Ok(Self { handle, _turning: turning })
    }

    /// Calls `f` where it finds the runtime.
    pub(crate) fn enter<R>(&self, f: impl FnOnce() -> R) -> R {
        let _entered = self.handle.enter();
        let _quiet = Context::enter_telemetry_suppressed_scope();
        exo_trace_std::suppressed(f)
    }
}
