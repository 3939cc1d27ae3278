//! A closure does not know who called the function, so `#[track_caller]` would tell a wrong place.
use exo_trace::traced;

#[traced]
#[track_caller]
fn element(list: &[u8], index: usize) -> Result<u8, String> {
    Ok(list[index])
}

#[track_caller]
#[traced(ret)]
fn line() -> u32 {
    std::panic::Location::caller().line()
}

fn main() {}
