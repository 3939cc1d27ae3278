//! Sums over what is below a span: of calls and tokens for metrics, of money for prices.
//!
//! Spans end before those above them, and yet may be read after them: a sum climbs from child to
//! parent, waits for a parent that has not come, and finds its way past one that has gone.

mod bare_calls;
mod passed;
mod rollup;
mod totals;

pub(crate) use bare_calls::BareCalls;
pub(crate) use passed::Passed;
pub(crate) use rollup::{Rollup, Sum};
pub(crate) use totals::{PASSES_MAX, Sums, Totals};
