//! A function that returns a future is seen by its type, boxed or not; an alias says so itself.
use std::future::Future;
use std::pin::Pin;

use exo_trace::traced;

type Reply<'a> = Pin<Box<dyn Future<Output = Result<usize, String>> + Send + 'a>>;

#[traced]
fn bare(text: &str) -> impl Future<Output = usize> + Send + '_ {
    async move { text.len() }
}

#[traced(ret)]
fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
    if text.is_empty() {
        return Box::pin(std::future::ready(0));
    }
    Box::pin(async move { text.len() })
}

#[traced(future)]
fn aliased(text: &str) -> Reply<'_> {
    Box::pin(async move { if text.is_empty() { Err("empty".into()) } else { Ok(text.len()) } })
}

fn is_send<T: Send>(_: T) {}

fn main() {
    is_send(bare("a"));
    is_send(boxed("a"));
    is_send(aliased("a"));
}
