//! A `Result` that its alias does not show has to be said to be one.
use exo_trace::traced;
use futures::stream::{self, BoxStream, StreamExt};

type Res<T> = Result<T, String>;

#[traced(stream(res))]
async fn misspelt(n: u8) -> Res<BoxStream<'static, u8>> {
    Ok(stream::iter(0..n).boxed())
}

#[traced(stream)]
async fn unsaid(n: u8) -> Res<BoxStream<'static, u8>> {
    Ok(stream::iter(0..n).boxed())
}

fn main() {}
