//! A runtime of the exporter's own: the program's is never blocked, and never needed.
//!
//! It is driven only while something is sent. It is let go without waiting, because a name look-up
//! may hang, and because a runtime that waits must not be dropped inside another one.

use crate::inside;
use std::io;
use tokio::runtime::{Builder, Handle, Runtime};

pub(crate) struct OwnRuntime {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl OwnRuntime {
    pub(crate) fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime: Some(runtime) })
    }

    /// Makes something that belongs to the runtime, from wherever the caller stands.
    pub(crate) fn inside<R>(&self, make: impl FnOnce() -> R) -> R {
        let _entered = self.runtime.as_ref().map(Runtime::enter);
        make()
    }

    /// Runs a future to its end; `None` only while the runtime is dropped.
    pub(crate) fn run<F: Future>(&self, future: F) -> Option<F::Output> {
        self.runtime.as_ref().map(|runtime| runtime.block_on(future))
    }
}

impl OwnRuntime {
    /// Runs a future to its end, also for a caller inside another runtime, in whose thread a second
    /// one cannot run: on a thread that ends with it.
    pub(crate) fn run_anywhere<F: Future<Output: Send> + Send>(
        &self,
        future: F,
    ) -> Option<F::Output> {
        if Handle::try_current().is_err() {
            return self.run(future);
        }
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("exo-trace-out".to_owned());
            let running = thread.spawn_scoped(scope, || inside::run(|| self.run(future))).ok()?;
            running.join().ok().flatten()
        })
    }
}

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
