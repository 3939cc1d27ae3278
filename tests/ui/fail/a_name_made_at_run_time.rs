//! The macros take literal names; the functions take any.
fn run(name: &'static str) {
    let _span = exo_trace::span_sync!(name, step = 1);
    let _future = exo_trace::span_async!(format!("{name}"), { 1 });
}

fn main() {}
