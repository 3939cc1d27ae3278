//! A type error in the body points into the body.
use exo_trace::traced;

#[traced]
fn sync() -> Result<u8, String> {
    Ok("text")
}

#[traced]
async fn later() -> Result<u8, String> {
    Ok("text")
}

#[traced]
async fn converts() -> Result<u8, String> {
    Ok("5".parse::<u8>()?)
}

fn main() {}
