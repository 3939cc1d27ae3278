//! Variables of the user are never those of the macro, whatever they are named.
#![deny(unused)]

use exo_trace::traced;

#[traced(attributes(span, guard = guard, body = %body))]
fn sync(span: u8, guard: u8, returned: u8, body: u8) -> Result<u8, String> {
    let guard = guard + span;
    let returned = returned + guard;
    Ok(returned + body)
}

#[traced(attributes(span, carried))]
async fn later(span: u8, carried: u8, failed: u8) -> Result<u8, String> {
    Ok(span + carried + failed)
}

fn main() {
    assert_eq!(sync(1, 2, 3, 4), Ok(10));
    drop(later(1, 2, 3));
    let span = 1;
    let _guard = exo_trace::span_sync!("outer", span);
    drop(exo_trace::span_async!("inner", span, { span }));
}
