//! A stream is no one value to record.
use exo_trace::traced;

use std::iter;

#[traced(ret)]
fn ones() -> impl Iterator<Item = u8> {
    iter::repeat(1)
}

#[traced(stream, iterator)]
fn both() {}

fn main() {}
