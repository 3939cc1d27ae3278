//! An argument that #[traced] does not know is named, with the nearest it knows.
use exo_trace::traced;

#[traced(nmae = "x")]
fn near() {}

#[traced(colour = "red")]
fn far() {}

fn main() {}
