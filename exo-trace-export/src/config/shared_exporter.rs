//! An exporter of the program's own, shared by all copies of a configuration and equal to itself only.

use crate::exporter::SpanExporter;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One exporter; a copy is the same exporter.
#[derive(Clone)]
pub(crate) struct SharedExporter(Arc<Mutex<dyn SpanExporter>>);

impl SharedExporter {
    pub(super) fn new(exporter: impl SpanExporter + 'static) -> Self {
        Self(Arc::new(Mutex::new(exporter)))
    }

    /// Borrows the exporter; waits while another thread has it.
    pub(crate) fn lock(&self) -> MutexGuard<'_, dyn SpanExporter + 'static> {
        // An exporter that panicked is asked again: whether it is still sound, it alone knows.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PartialEq for SharedExporter {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for SharedExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedExporter")
    }
}
