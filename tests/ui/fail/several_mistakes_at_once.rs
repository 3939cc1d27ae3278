//! Every mistake in the arguments is reported by one build.
use exo_trace::traced;

#[traced(name = 5, kind = boss, ret, ret, extract_args = "yes", err(Short))]
fn run() {}

fn main() {}
