//! The tools the model may call: full-text search, reading a file, a calculator, and an index of everything.

pub(crate) mod calculator;
mod failure;
mod index_all;
mod output;
pub(crate) mod read_file;
pub(crate) mod search;
mod toolbox;

pub(crate) use failure::ToolError;
pub(crate) use output::ToolOutput;
pub(crate) use toolbox::{Toolbox, definitions, label, refused};
