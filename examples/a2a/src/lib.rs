//! What the planner of the example watches with: a small collector, and the tree of all that came.

mod collector;
mod picture;
mod tree;

pub use collector::Collector;
pub use picture::Style;
pub use tree::Tree;
