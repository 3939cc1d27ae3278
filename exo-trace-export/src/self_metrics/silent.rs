//! No metrics: built without the way to a collector.

use super::Snapshot;
use crate::config::Collector;
use crate::exporter::ExportError;
use crate::resource::Resource;
use std::time::Duration;

/// Never made.
pub(crate) enum SelfMetrics {}

impl SelfMetrics {
    pub(crate) fn start(
        _: &Collector,
        _: &Resource,
        _: Duration,
        _: impl Fn() -> Snapshot + Send + Sync + 'static,
    ) -> Result<Self, ExportError> {
        Err(ExportError::new("metrics is true, expected a build with feature `otlp`, or false"))
    }

    pub(crate) fn shutdown(self, _: Duration) {
        match self {}
    }
}
