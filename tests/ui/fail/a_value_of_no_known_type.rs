//! A value that is no attribute value needs % or ?.
#[derive(Debug)]
struct Request;

fn run(request: Request) {
    let _span = exo_trace::span_sync!("x", request);
}

fn main() {}
