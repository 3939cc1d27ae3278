//! The process that hears boards: it drains by hand and keeps what comes.

use exo_trace_export::{TraceBackend, TraceConfig, TraceGuard, init};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Recording is the process's: one story at a time.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn start() -> TraceGuard {
    let config = TraceConfig::new("gateway").backend(TraceBackend::Memory).without_threads();
    init(config).expect("nothing records yet")
}
