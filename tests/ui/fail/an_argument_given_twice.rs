//! An argument stands once.
use exo_trace::traced;

#[traced(name = "a", name = "b")]
fn run() {}

fn main() {}
