//! What was spent since `init`: by the drain written, by anybody read at any time.
//!
//! Names of models and agents come from what runs, and may be made up without end; only so many have
//! a line of their own, and the rest share one.

use super::account::Account;
use super::report::{AgentCost, CostReport, ModelCost};
use std::collections::BTreeMap;

/// How many models, and how many agents, have a line of their own.
const NAMES_MAX: usize = 256;
/// The line that the others share.
const OTHERS: &str = "(others)";

/// What was spent since `init`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    total: Account,
    models: BTreeMap<String, Account>,
    agents: BTreeMap<String, Account>,
    pub(crate) runs: u64,
    pub(crate) without_usage: u64,
    pub(crate) cut: u64,
    pub(crate) stray: u64,
}

impl Book {
    /// Enters a call.
    pub(crate) fn call(&mut self, model: &str, account: Account) {
        self.total += account;
        enter(&mut self.models, model, account);
    }

    /// Enters what an agent has spent itself.
    pub(crate) fn agent(&mut self, name: &str, account: Account) {
        enter(&mut self.agents, name, account);
    }

    pub(crate) fn report(&self) -> CostReport {
        let mut models: Vec<_> =
            self.models.iter().map(|(name, account)| ModelCost::new(name, account)).collect();
        models.sort_by(|a, b| b.total_usd.total_cmp(&a.total_usd));
        let mut agents: Vec<_> =
            self.agents.iter().map(|(name, account)| AgentCost::new(name, account)).collect();
        agents.sort_by(|a, b| b.total_usd.total_cmp(&a.total_usd));
        CostReport {
            total_usd: self.total.cost.usd(),
            calls: self.total.calls,
            unpriced_calls: self.total.unpriced,
            calls_without_usage: self.without_usage,
            cut_calls: self.cut,
            stray_calls: self.stray,
            runs: self.runs,
            input_tokens: self.total.usage.input(),
            output_tokens: self.total.usage.output(),
            models,
            agents,
        }
    }
}

fn enter(lines: &mut BTreeMap<String, Account>, name: &str, account: Account) {
    if let Some(line) = lines.get_mut(name) {
        *line += account;
    } else {
        let name = if lines.len() < NAMES_MAX { name } else { OTHERS };
        *lines.entry(name.to_owned()).or_default() += account;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_end_share_a_line_and_nothing_is_lost() {
        let mut book = Book::default();
        for number in 0..1_000 {
            let account = Account { calls: 1, ..Account::default() };
            book.call(&format!("model-{number}"), account);
            book.agent(&format!("agent-{number}"), account);
        }
        let report = book.report();
        assert_eq!((report.models.len(), report.agents.len()), (NAMES_MAX + 1, NAMES_MAX + 1));
        assert_eq!(report.models.iter().map(|model| model.calls).sum::<u64>(), 1_000);
        let others = report.agents.iter().find(|agent| agent.name == OTHERS).unwrap();
        assert_eq!(others.calls, 1_000 - NAMES_MAX as u64);
    }
}
