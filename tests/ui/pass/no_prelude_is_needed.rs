//! Where no prelude is, the macros still find what they need.
#![no_implicit_prelude]

#[::exo_trace::traced(extract_args, ret)]
fn length(text: &str) -> ::std::result::Result<usize, ::std::string::String> {
    ::std::result::Result::Ok(text.len())
}

#[::exo_trace::traced]
async fn later() -> ::std::option::Option<u8> {
    ::std::option::Option::None
}

fn main() {
    ::std::assert!(length("abc").is_ok());
    ::std::mem::drop(later());
    let _span = ::exo_trace::span_sync!("x", step = 1);
}
