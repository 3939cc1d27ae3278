//! What model calls cost, by prices that the user supplies: none are known here.
//!
//! Prices change and differ by contract, so a table of them in a library is wrong on the day it is
//! written. A [`PriceTable`] comes from code or from a file, [`CostReport`] says what it came to.

mod account;
mod book;
mod figures;
mod file;
mod ledger;
mod pattern;
mod price;
mod report;
mod table;
mod usage;

pub(crate) use book::Book;
pub(crate) use figures::{tokens, usd};
pub(crate) use file::read_file;
pub(crate) use ledger::Ledger;
pub use price::Price;
pub use report::{AgentCost, CostReport, ModelCost};
pub use table::{PriceError, PriceTable};
pub(crate) use table::{Refused, Tariff};
pub(crate) use usage::Said;
