//! Model calls as typed spans: with what is asked for alone, and with all that a call says.

use crate::floor::work;
use exo_trace::{ChatSpan, Usage, chat};

/// A model call that says its provider and its model.
#[inline(always)]
pub fn two_attributes(step: usize) {
    let call = chat("openai", "gpt-4o").start();
    work(step);
    call.end();
}

/// A model call with ten attributes and its usage: some fifty words.
#[inline(always)]
pub fn ten_attributes(step: usize) {
    let mut call = asked(step);
    work(step);
    call.response_model("gpt-4o-2024-08-06");
    call.usage(Usage::new(500, 150).cached(400).reasoning(64));
}

/// The same, and why it stopped.
#[inline(always)]
pub fn ten_attributes_and_finish(step: usize) {
    let mut call = asked(step);
    work(step);
    call.response_model("gpt-4o-2024-08-06");
    call.usage(Usage::new(500, 150).cached(400).reasoning(64)).finish("stop");
}

#[inline(always)]
fn asked(step: usize) -> ChatSpan {
    chat("openai", "gpt-4o")
        .conversation("c-17")
        .temperature(0.2)
        .top_p(0.9)
        .max_tokens(512)
        .seed(step)
        .server_address("api.openai.com")
        .server_port(443)
        .start()
}
