//! The prices of the configuration, left where the prompt logger asks for them.

use crate::prices::Tariff;
use exo_trace_std::{forget_prompt_prices, price_prompts};

/// Prices what the prompt logger counts from now on; without prices, nothing.
pub(crate) fn leave(tariff: Option<&Tariff>) {
    match tariff.cloned() {
        Some(tariff) => {
            price_prompts(move |model, input, output| tariff.cost_usd(model, input, output));
        }
        None => forget_prompt_prices(),
    }
}
