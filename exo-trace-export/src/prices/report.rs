//! What was spent, for whoever asks: in all, by model and by agent.

use super::account::Account;
use super::figures::{tokens, usd};
use std::fmt;

/// What model calls have cost since `init`, by the prices in the configuration.
///
/// Calls of unsampled traces are in it. Every call is in the line of one model, and in that of one
/// agent at most, the nearest above it, when that agent has ended; so lines add up. On spans it is
/// otherwise: an agent's `exo.cost.total_usd` holds what the agents below it spent as well.
///
/// `Display` prints a line for the sum and one for each model and agent.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CostReport {
    /// What all calls cost whose model has a price, in US dollars.
    pub total_usd: f64,
    /// Calls that said how many tokens they used.
    pub calls: u64,
    /// Those of them whose model has no price.
    pub unpriced_calls: u64,
    /// Calls that did not say how many tokens they used, as a refused one does not; in no sum.
    pub calls_without_usage: u64,
    /// Calls that said nonsense: more cached tokens than input, which was cut to what can be, or a count
    /// below zero, which was passed over.
    pub cut_calls: u64,
    /// Calls, and sums of calls, that no run above them shows: they ended after it, or spans between are
    /// lost. They are in this report.
    pub stray_calls: u64,
    /// Runs that have ended and in which at least one call was made: spans without a parent in this
    /// process.
    pub runs: u64,
    /// Tokens of all prompts, cached ones among them.
    pub input_tokens: u64,
    /// Tokens of all answers, those of reasoning among them.
    pub output_tokens: u64,
    /// Each model, the dearest first; past 256 the rest share the name `(others)`.
    pub models: Vec<ModelCost>,
    /// Each agent that has ended, the dearest first; past 256 the rest share the name `(others)`.
    pub agents: Vec<AgentCost>,
}

/// What the calls of one model cost.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ModelCost {
    /// The model that answered, else the one that was asked for.
    pub model: String,
    /// Its calls.
    pub calls: u64,
    /// Those of them that no pattern gives a price to.
    pub unpriced_calls: u64,
    /// What the others cost, in US dollars.
    pub total_usd: f64,
    /// Tokens of all prompts.
    pub input_tokens: u64,
    /// Those of them that came from the provider's cache.
    pub cached_input_tokens: u64,
    /// Those of them that were written to that cache.
    pub cache_write_tokens: u64,
    /// Tokens of all answers.
    pub output_tokens: u64,
}

/// What one agent spent itself, agents below it not counted.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct AgentCost {
    /// The agent.
    pub name: String,
    /// Its calls.
    pub calls: u64,
    /// What they cost, in US dollars.
    pub total_usd: f64,
    /// Tokens of all prompts.
    pub input_tokens: u64,
    /// Tokens of all answers.
    pub output_tokens: u64,
}

impl ModelCost {
    pub(crate) fn new(model: &str, account: &Account) -> Self {
        Self {
            model: model.to_owned(),
            calls: account.calls,
            unpriced_calls: account.unpriced,
            total_usd: account.cost.usd(),
            input_tokens: account.usage.input(),
            cached_input_tokens: account.usage.cached_input(),
            cache_write_tokens: account.usage.cache_write(),
            output_tokens: account.usage.output(),
        }
    }
}

impl AgentCost {
    pub(crate) fn new(name: &str, account: &Account) -> Self {
        Self {
            name: name.to_owned(),
            calls: account.calls,
            total_usd: account.cost.usd(),
            input_tokens: account.usage.input(),
            output_tokens: account.usage.output(),
        }
    }
}

impl fmt::Display for CostReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, input_tokens, output_tokens, .. } = *self;
        write!(f, "spent     {} for {}", usd(self.total_usd), plural(calls, "call"))?;
        write!(f, " · {} → {} tok", tokens(input_tokens), tokens(output_tokens))?;
        for (count, what) in [
            (self.unpriced_calls, "without a price"),
            (self.calls_without_usage, "more without usage"),
            (self.cut_calls, "with nonsense cut"),
            (self.stray_calls, "outside their run"),
        ] {
            if count > 0 {
                write!(f, " · {} {what}", tokens(count))?;
            }
        }
        writeln!(f)?;
        for model in &self.models {
            let cost = (model.calls > model.unpriced_calls).then_some(model.total_usd);
            let cost = cost.map_or_else(|| "no price".to_owned(), usd);
            writeln!(f, "model     {}  {cost} for {}", model.model, plural(model.calls, "call"))?;
        }
        for AgentCost { name, total_usd, calls, .. } in &self.agents {
            writeln!(f, "agent     {name}  {} for {}", usd(*total_usd), plural(*calls, "call"))?;
        }
        Ok(())
    }
}

fn plural(count: u64, what: &str) -> String {
    format!("{} {what}{}", tokens(count), if count == 1 { "" } else { "s" })
}
