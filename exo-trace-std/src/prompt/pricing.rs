//! What prompts cost, where somebody on the other side of the ring knows prices.
//!
//! Prices stand in the configuration, which this side never sees: it is left a question to ask. The
//! answer is for figures, so whoever asks while the prices change is told nothing.

use std::sync::{PoisonError, RwLock};

/// Answers what so many tokens into a model and out of it cost, in US dollars.
type Question = Box<dyn Fn(&str, u64, u64) -> Option<f64> + Send + Sync>;

static QUESTION: RwLock<Option<Question>> = RwLock::new(None);

/// Says how prompts are priced: by model, tokens in and tokens out, in US dollars.
///
/// The prices of the configuration are what stands here from `init` to `shutdown`.
pub fn price_prompts(cost_usd_of: impl Fn(&str, u64, u64) -> Option<f64> + Send + Sync + 'static) {
    put(Some(Box::new(cost_usd_of)));
}

/// Leaves prompts without prices.
pub fn forget_prompt_prices() {
    put(None);
}

fn put(question: Option<Question>) {
    // Nothing can panic while the lock is held for writing.
    *QUESTION.write().unwrap_or_else(PoisonError::into_inner) = question;
}

/// Returns what so many tokens cost, as far as anybody knows.
pub(super) fn cost_usd(model: &str, input: u64, output: u64) -> Option<f64> {
    let question = QUESTION.try_read().ok()?;
    question.as_ref()?(model, input, output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Message, PromptLogger, TokenBreakdown};

    #[test]
    fn an_entry_costs_what_its_tokens_do_where_the_model_has_a_price() {
        price_prompts(|model, input, output| {
            (model == "priced").then_some(input as f64 * 0.25 + output as f64 * 0.5)
        });
        let logger = PromptLogger::new();
        let message = Message::user("How fast do tides rise?");
        let breakdown = TokenBreakdown::default().with("user", 6);
        let cost = |model| logger.log(&message, "A metre an hour.", model, breakdown).cost_usd;
        assert_eq!([cost("priced"), cost("another")], [Some(6.0 * 0.25 + 4.0 * 0.5), None]);
        forget_prompt_prices();
        assert_eq!(cost("priced"), None);
    }
}
