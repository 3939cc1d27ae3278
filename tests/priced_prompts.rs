//! What the prompt logger counts has the prices of the configuration, from `init` to `shutdown`.
#![cfg(feature = "enabled")]
#![allow(clippy::expect_used, reason = "a story that cannot begin has failed")]

use exo_trace::prompt_logger::{Message, PromptLogger, compute_token_breakdown};
use exo_trace::{Price, PriceTable, TraceBackend, TraceConfig, init};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

/// Logs a call of 1,000 tokens in and 100 out.
fn cost_of_a_call(model: &str) -> Option<f64> {
    let messages = [Message::user("tide".repeat(1_000))];
    let breakdown = compute_token_breakdown(&messages);
    PromptLogger::new().log(&messages, &"tide".repeat(100), model, breakdown).cost_usd
}

#[test]
fn an_entry_is_priced_while_there_are_prices() {
    assert_eq!(cost_of_a_call("model-1"), None, "nothing has begun");
    let price = Price { input: 2.0, output: 8.0, ..Price::default() };
    let config = TraceConfig::new("priced").backend(TraceBackend::Memory);
    let priced = config.clone().prices(PriceTable::new().model("model-*", price));
    let trace = init(priced).expect("it starts");
    assert_eq!(cost_of_a_call("model-1"), Some(0.0028));
    assert_eq!(cost_of_a_call("another"), None);
    assert!(trace.shutdown(DEADLINE).is_complete());
    assert_eq!(cost_of_a_call("model-1"), None, "it is over");

    let trace = init(config).expect("it starts again");
    assert_eq!(cost_of_a_call("model-1"), None, "there are no prices");
    assert!(trace.shutdown(DEADLINE).is_complete());
}
