//! An async function keeps its inference, its lifetimes and its `Send`.
use exo_trace::traced;

#[traced(extract_args)]
async fn parse(text: &str) -> Result<i32, Box<dyn std::error::Error + Send + Sync>> {
    if text.is_empty() {
        return Err("empty".into());
    }
    Ok(text.parse::<i32>()?)
}

#[traced]
async fn numbers(count: u8) -> Result<impl Iterator<Item = u8> + Clone, String> {
    if count == 0 {
        return Err("none".into());
    }
    Ok(0..count)
}

trait Fetch {
    #[traced]
    async fn twice(&self, n: u8) -> Result<u8, String> {
        Ok(self.once(n).await? + self.once(n).await?)
    }

    async fn once(&self, n: u8) -> Result<u8, String>;
}

fn is_send<T: Send>(_: T) {}

fn main() {
    is_send(parse("4"));
    is_send(numbers(2));
}
