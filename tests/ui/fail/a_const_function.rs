//! A const function has no time in which it runs.
use exo_trace::traced;

#[traced]
const fn run() {}

fn main() {}
