//! Spans to a collector: OTLP over gRPC and HTTP, on a thread and a runtime of their own.

mod answer;
mod attempts;
mod body;
mod encode;
mod ending;
mod health;
mod runtime;
mod sending;
mod share;
mod shelter;
#[cfg(feature = "spool")]
mod spool;
mod transport;

use crate::config::Resolved;
use crate::destination::Destination;
use crate::destinations::StartError;
use crate::resource::Resource;
pub(crate) use answer::Answer;
pub(crate) use encode::Encoder;
use runtime::OwnRuntime;
use sending::CollectorSink;
pub(crate) use transport::Transport;

/// Starts what sends spans to the collector of a configuration.
pub(crate) fn start(resolved: &Resolved, resource: &Resource) -> Result<Destination, StartError> {
    let runtime = OwnRuntime::start().map_err(StartError::Thread)?;
    let Resolved { collector, sending, .. } = resolved;
    Destination::start_told(|ending| {
        CollectorSink::new(collector, sending, resource, runtime, ending)
    })
}
mod sender;
pub use sender::{Sender, Sent};
