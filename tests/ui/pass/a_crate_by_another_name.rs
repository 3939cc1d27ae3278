//! `crate = path` finds exo-trace where it was renamed.
use exo_trace as renamed;

mod tracing {
    pub(crate) use exo_trace::__private;
}

#[renamed::traced(crate = crate::tracing)]
fn by_path() {}

#[renamed::traced(crate = "crate::tracing")]
fn by_text() {}

fn main() {
    by_path();
    by_text();
}
