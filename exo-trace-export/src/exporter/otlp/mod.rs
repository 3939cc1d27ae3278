//! Spans to a collector: OTLP over gRPC and HTTP, on a thread and a runtime of their own.

mod answer;
mod attempts;
mod bodies;
mod body;
#[cfg(feature = "spool")]
pub(crate) mod divide;
mod encode;
mod ending;
mod health;
mod runtime;
mod sending;
mod share;
mod shelter;
#[cfg(feature = "spool")]
mod spool;
pub(crate) mod transport;
mod under_way;

use crate::config::{Collector, PemSources, Resolved};
use crate::destination::Destination;
use crate::destinations::StartError;
use crate::exporter::ExportError;
use crate::note::note;
use crate::resource::Resource;
use crate::served::Served;
pub(crate) use answer::Answer;
pub(crate) use encode::Encoder;
pub(crate) use runtime::OwnRuntime;
use sending::CollectorSink;
use std::sync::Arc;
pub(crate) use transport::Transport;

/// Starts what sends spans to the collector of a configuration.
pub(crate) fn start(
    resolved: &Resolved,
    resource: &Arc<Resource>,
    served: &Served,
) -> Result<Destination, StartError> {
    let runtime = OwnRuntime::start().map_err(StartError::Thread)?;
    let Resolved { collector, pem_sources, sending, .. } = resolved;
    let made = runtime.inside(|| transport_of(collector, pem_sources, Transport::new));
    let (transport, unfollowed) = made.map_err(StartError::Exporter)?;
    if let Some(unfollowed) = unfollowed {
        note(unfollowed);
    }
    Destination::start_told(served, |ending| {
        CollectorSink::new(transport, collector, sending, resource, runtime, ending)
    })
}

/// Returns the way to a collector, and what is to be said of it; files that the environment names are
/// left out where they are of no use, because whoever named them may not be able to mend the program.
pub(crate) fn transport_of(
    collector: &Collector,
    pem_sources: &PemSources,
    make: impl Fn(&Collector) -> Result<Transport, ExportError>,
) -> Result<(Transport, Option<String>), ExportError> {
    let error = match make(collector) {
        Err(error) if pem_sources.variables().next().is_some() => error,
        made => return Ok((made?, None)),
    };
    let tls = pem_sources.of_code(&collector.tls);
    let transport = make(&Collector { tls, ..collector.clone() })?;
    let variables: Vec<_> = pem_sources.variables().collect();
    Ok((transport, Some(format!("{} not followed: {error}", variables.join(", ")))))
}
mod sender;
pub use sender::{Sender, Sent};
