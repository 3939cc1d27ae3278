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

/// An error that nothing becomes by itself, whatever crates are in the build.
#[derive(Debug)]
struct Mine;

impl std::fmt::Display for Mine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("mine")
    }
}

#[traced]
async fn converts() -> Result<u8, Mine> {
    Ok("5".parse::<u8>()?)
}

fn main() {}
