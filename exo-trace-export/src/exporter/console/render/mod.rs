//! Span rows as text for a terminal: a waterfall tree per trace, or one line per span.
//!
//! Everything here is a pure function: rows and a [`Style`] go in, text comes out. Who collects the
//! rows, asks the terminal and writes the text lives elsewhere.

mod bar;
mod cells;
mod duration;
mod ended;
mod facts;
mod figures;
mod forest;
mod line;
mod row;
mod terminal;
mod tree;

pub(crate) use duration::duration;
pub(crate) use ended::render_line;
pub(crate) use facts::Facts;
pub(crate) use figures::render_figures;
pub(crate) use row::{Mark, Row};
pub(crate) use terminal::{Style, color_wanted, columns_wanted};
pub(crate) use tree::render_tree;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod picture;
