//! Who gets the spans: a destination for everything that a configuration asks for.

use crate::config::{Resolved, TraceBackend};
use crate::destination::Destination;
use crate::exporter::otlp;
use crate::exporter::{ConsoleExporter, ExportError, Memory, MemoryExporter};
use crate::resource::Resource;
use crate::served::Served;
use crate::sink::Own;
use std::io;
use std::sync::Arc;

/// Why no pipeline was started.
pub(crate) enum StartError {
    AlreadyRunning,
    Thread(io::Error),
    Exporter(ExportError),
}

/// Starts everything that wants the spans.
pub(crate) fn start(
    resolved: &Resolved,
    resource: &Arc<Resource>,
    memory: Option<&Memory>,
    served: &Served,
) -> Result<Vec<Destination>, StartError> {
    let mut list = Vec::new();
    let has = |backend| resolved.backends.contains(&backend);
    if has(TraceBackend::Otlp) && resolved.enabled {
        list.push(otlp::start(resolved, resource, served)?);
    }
    if has(TraceBackend::Console) {
        let (console, orphan_after) = (resolved.console.clone(), resolved.orphan_tree_after);
        let console =
            Own(ConsoleExporter::new(console, orphan_after), "exo_trace.console_span_exporter");
        list.push(Destination::start(console, served).map_err(StartError::Thread)?);
    }
    if let Some(memory) = memory {
        let memory = Own(MemoryExporter(memory.clone()), "exo_trace.memory_span_exporter");
        list.push(Destination::start(memory, served).map_err(StartError::Thread)?);
    }
    for exporter in &resolved.exporters {
        list.push(Destination::start(exporter.clone(), served).map_err(StartError::Thread)?);
    }
    // The drain goes on from there with consumers.
    (0..).zip(&list).for_each(|(number, destination)| destination.is_number(number));
    Ok(list)
}
