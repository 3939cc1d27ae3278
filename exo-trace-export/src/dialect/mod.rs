//! One vocabulary on the span, several in what is sent: by which names its attributes go.
//!
//! Call sites and typed spans use one key for a fact, the name that the current GenAI conventions
//! have for it, else the page's. On this side of the ring the chosen dialects' names are written in
//! its place. `DESIGN.md`, "Which names does an attribute have?", has the rules.

mod answer;
mod came_out;
mod chosen;
mod code;
mod gen_ai;
mod gen_ai_141;
#[cfg(test)]
mod laws;
mod named;
mod namespace;
#[cfg(feature = "otlp")]
mod once;
mod open_inference;
mod page;
mod parameters;
mod said;
mod vocabulary;
mod written;

pub(crate) use came_out::CameOut;
pub use chosen::Dialects;
pub use named::Dialect;
pub(crate) use parameters::parameters;
pub(crate) use said::{Attributes, Said};
pub(crate) use vocabulary::Vocabulary;
#[cfg(feature = "otlp")]
pub(crate) use {once::ByList, vocabulary::FactBits};
