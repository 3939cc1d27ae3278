//! A span's clock is coarse or precise, and coarse only where the span begins in the plain way.
use exo_trace::traced;

#[traced(clock = "fast")]
fn token() {}

#[traced(clock)]
fn other_token() {}

#[traced(tool, clock = "coarse")]
fn search() {}

#[traced(clock = "coarse", parent = None)]
fn begin() {}

#[traced(clock = "coarse")]
#[track_caller]
fn place() {}

fn main() {}
