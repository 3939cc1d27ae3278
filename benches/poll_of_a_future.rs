//! What does a poll of a traced future cost, beyond the poll of the future inside it?
//!
//! One future is polled again and again and never ends, so that nothing is measured but what its
//! span and its context add to a poll. Run with `cargo bench --bench poll_of_a_future`.

mod bursts;

use bursts::{BURST, Way, compare, start};
use exo_trace::propagation::set_baggage;
use exo_trace::{Context, TraceConfig, TraceFuture, span_async, span_sync};
use std::hint::black_box;
use std::pin::Pin;
use std::process::ExitCode;
use std::task::{Context as TaskContext, Poll, Waker};

/// Is polled, and never ready.
struct Endless(u64);

impl Future for Endless {
    type Output = u64;

    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<u64> {
        self.0 = black_box(self.0 + 1);
        if self.0 == u64::MAX { Poll::Ready(self.0) } else { Poll::Pending }
    }
}

fn polled(future: impl Future<Output = u64> + 'static) -> impl FnMut() {
    let mut future = Box::pin(future);
    move || {
        let mut cx = TaskContext::from_waker(Waker::noop());
        for _ in 0..BURST {
            let _ = black_box(future.as_mut().poll(&mut cx));
        }
    }
}

fn with_baggage() -> Context {
    let _attached = Context::current().attach();
    set_baggage("user_id", "u-123");
    Context::current()
}

fn main() -> ExitCode {
    let trace = start(TraceConfig::new("bench"));
    let root = span_sync!("bench");
    let in_context = Context::current().scope(Endless(0));
    let carrying = with_baggage().scope(Endless(0).traced("carrying"));
    let is_sound = compare(
        &trace,
        vec![
            Way::new("the future alone", polled(Endless(0))),
            Way::new("future.traced(name)", polled(Endless(0).traced("work"))).at_most(1.0, 3.0),
            Way::new("span_async!(name, …)", polled(span_async!("work", { Endless(0).await })))
                .at_most(1.0, 3.0),
            Way::new("Context::scope(…)", polled(in_context)),
            Way::new("both, with baggage", polled(carrying)),
        ],
    );
    drop(root);
    if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
