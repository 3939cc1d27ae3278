//! What tasks record: futures that wait, streams, futures dropped half way, and tasks of their own.

use crate::work::{self, elsewhere};
use exo_trace::{Context, span_async, span_sync, traced};
use futures::{Stream, StreamExt, stream};
use std::future::{pending, ready};
use std::pin::pin;
use std::task::Poll;
use tokio::task::yield_now;

const TURNS: u64 = 8;
const TOKENS: usize = 5;

/// Records one round and returns how many spans it began.
pub(crate) async fn round(number: u64) -> u64 {
    let agent = span_async!("agent", number, {
        for turn in 0..TURNS {
            span_async!("turn", turn, {
                yield_now().await;
                drop(span_sync!("reply", turn));
            })
            .await;
        }
        assert_eq!(tokens().count().await, TOKENS);
        dropped().await;
        let below = Context::current().scope(delegated(number));
        tokio::spawn(below).await.expect("it does not panic");
    });
    if number.is_multiple_of(2) {
        Context::of(elsewhere(number)).scope(agent).await;
    } else {
        agent.await;
    }
    1 + 2 * TURNS + 1 + 1 + 1 + work::PLAIN
}

#[traced]
fn tokens() -> impl Stream<Item = usize> {
    stream::iter(0..TOKENS)
}

/// Begins a future that never ends, and drops it where it waits.
async fn dropped() {
    let mut waits = pin!(span_async!("dropped", { pending::<()>().await }));
    std::future::poll_fn(|context| match waits.as_mut().poll(context) {
        Poll::Ready(()) => unreachable!("it waits for ever"),
        Poll::Pending => Poll::Ready(()),
    })
    .await;
}

/// Works in a task of its own, on whatever thread.
async fn delegated(number: u64) {
    span_async!("delegated", number, {
        yield_now().await;
        work::plain(number);
        ready(()).await;
    })
    .await;
}
