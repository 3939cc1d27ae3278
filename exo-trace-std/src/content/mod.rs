//! What was said to a model and what came back: off unless asked for, and never through the ring.
//!
//! A conversation is many times longer than a record may be. Where contents are wanted, a typed span
//! writes one down as JSON, in a buffer of its own, and the drain joins it to the span by its id. Where
//! they are not wanted, each setter is one relaxed load: nothing is converted, nothing copied.

mod part;
mod provider;
mod queue;
mod source;
mod transcript;

pub use queue::{Captured, ContentQueue};
pub use source::Content;
pub use transcript::Transcript;

#[cfg(feature = "enabled")]
pub(crate) use queue::written;
