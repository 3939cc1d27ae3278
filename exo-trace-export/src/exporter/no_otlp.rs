//! What is said where spans should go to a collector and the crate was built without the way there.

use super::ExportError;
use crate::config::Resolved;
use crate::destination::Destination;
use crate::destinations::StartError;
use crate::resource::Resource;
use crate::served::Served;
use std::sync::Arc;

pub(crate) fn start(
    _: &Resolved,
    _: &Arc<Resource>,
    _: &Served,
) -> Result<Destination, StartError> {
    let reason = "backend is otlp, expected a build with feature `otlp`, or console or memory";
    Err(StartError::Exporter(ExportError::new(reason)))
}
