//! `extract_args` takes arguments of any type: by value, `Display`, `Debug` or the type's name.
use exo_trace::traced;

struct Silent;

#[derive(Debug)]
#[allow(dead_code, reason = "only its `Debug` is read")]
struct Told(u8);

#[traced(extract_args, skip(token))]
fn call<T>(
    yes: bool,
    text: &str,
    told: &Told,
    silent: Silent,
    any: T,
    run: impl Fn() -> u8,
    (left, right): (u8, u8),
    _: u8,
    token: &str,
) -> u8 {
    drop((yes, text, told, silent, any, token));
    run() + left + right
}

fn main() {
    assert_eq!(call(true, "a", &Told(1), Silent, [Silent], || 1, (2, 3), 4, "secret"), 6);
}
