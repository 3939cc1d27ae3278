//! What some calls came to: how many, their tokens, their cost; and what is still nobody's.

use super::price::Money;
use super::usage::Usage;
use crate::operation::Operation;
use crate::sums::{BareCalls, Sum};
use std::ops::AddAssign;

/// What some calls came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) calls: u64,
    /// Those of the calls whose cost is not known.
    pub(crate) unpriced: u64,
    pub(crate) cost: Money,
    pub(crate) usage: Usage,
}

impl Account {
    /// Returns what one call came to; without a cost where its model has no price.
    pub(crate) fn of_call(cost: Option<Money>, usage: Usage) -> Self {
        let unpriced = u64::from(cost.is_none());
        Self { calls: 1, unpriced, cost: cost.unwrap_or_default(), usage }
    }

    /// Returns the cost, if that of any call is known.
    pub(crate) fn known_cost(&self) -> Option<Money> {
        (self.calls > self.unpriced).then_some(self.cost)
    }
}

impl AddAssign for Account {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.unpriced += other.unpriced;
        self.cost += other.cost;
        self.usage += other.usage;
    }
}

/// What climbs from a finished span to its parent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bill {
    pub(crate) all: Account,
    /// The part that no agent below has taken as its own.
    pub(crate) unclaimed: Account,
    /// Those that a call above them may tell once more.
    pub(crate) bare: BareCalls,
    /// When the last of the calls ended, in ticks; what agents say of themselves is no call here.
    pub(crate) last_call_ticks: Option<u64>,
}

impl Bill {
    /// Adds what a span used itself; `ended` says when, if it is a call that was seen.
    pub(crate) fn add_own(&mut self, account: Account, ended: Option<u64>) {
        let (all, unclaimed) = (account, account);
        self.add(Self { all, unclaimed, last_call_ticks: ended, ..Self::default() });
    }

    /// Turns it from what is below a span into what is below its parent.
    pub(crate) fn climb_past(&mut self, operation: Operation, counts: bool) {
        self.bare = self.bare.and_of(operation, counts);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.calls == 0
    }

    /// Takes what no agent has taken yet.
    pub(crate) fn claim(&mut self) -> Account {
        std::mem::take(&mut self.unclaimed)
    }
}

impl Sum for Bill {
    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.unclaimed += other.unclaimed;
        self.bare.add(other.bare);
        self.last_call_ticks = self.last_call_ticks.max(other.last_call_ticks);
    }

    fn calls(&self) -> u64 {
        self.all.calls
    }
}
