//! The layer where spans are recorded.

mod entered;
mod event;
mod fields;
mod layer;
mod meaning;
mod site;

pub use layer::{Layer, layer};
