//! The layer without the feature `enabled`: it stands in its place and does nothing.

use tracing_core::Subscriber;
use tracing_subscriber::registry::LookupSpan;

/// Returns a layer that does nothing.
pub fn layer() -> Layer {
    Layer(())
}

/// A layer of `tracing-subscriber`; here, one that does nothing.
#[derive(Debug)]
#[must_use = "a layer does nothing until a subscriber has it"]
pub struct Layer(());

impl<S> tracing_subscriber::Layer<S> for Layer where S: Subscriber + for<'l> LookupSpan<'l> {}
