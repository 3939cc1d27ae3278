//! Metrics computed in the drain from finished spans, so that call sites pay nothing for them.

pub(crate) mod rollup;
