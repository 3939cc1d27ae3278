//! A name does not show what was to be left out.
use exo_trace::traced;

#[traced(name = "login {token}", extract_args, skip(token))]
fn login(token: &str) -> usize {
    token.len()
}

fn main() {}
