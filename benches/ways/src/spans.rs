//! Spans around the work: by macro, attribute and function, with nothing, two and eight attributes.

use crate::floor::work;
use exo_trace::{attributes, span_sync, traced};
use std::hint::black_box;

/// A span.
#[inline(always)]
pub fn alone(step: usize) {
    let _span = span_sync!("span");
    work(step);
}

/// A span with one attribute.
#[inline(always)]
pub fn one_attribute(step: usize) {
    let _span = span_sync!("one", step);
    work(step);
}

/// A span with two attributes.
#[inline(always)]
pub fn two_attributes(step: usize) {
    let _span = span_sync!("two", step, is_early = step < 500);
    work(step);
}

/// A span with eight attributes: all that it keeps on its caller's stack. Its record has 23 words.
#[inline(always)]
pub fn eight_attributes(step: usize) {
    let _span = span_sync!(
        "eight",
        step,
        is_early = step < 500,
        input_tokens = step + 400,
        output_tokens = step + 50,
        temperature = step as f64 * 0.1,
        progress = step as f64,
        is_cached = step > 10,
        attempt = step & 3,
    );
    work(step);
}

/// The span with two attributes through `#[traced]`.
#[traced(attributes(step, is_early = step < 500))]
#[inline(never)]
pub fn traced_two_attributes(step: usize) {
    black_box(step);
}

/// A function that happens with every token: its span has a coarse clock.
#[traced(clock = "coarse")]
#[inline(never)]
pub fn coarse(step: usize) {
    black_box(step);
}

/// The same with an attribute.
#[traced(clock = "coarse", attributes(step))]
#[inline(never)]
pub fn coarse_one_attribute(step: usize) {
    black_box(step);
}

/// The span with two attributes through the function, whose name is a value.
#[inline(always)]
pub fn function_two_attributes(step: usize) {
    let _span = span_sync("function", attributes! { step, is_early = step < 500 });
    work(step);
}
