//! The last argument of span_async! is a future.
fn run() {
    let _future = exo_trace::span_async!("x", step = 1);
}

fn main() {}
