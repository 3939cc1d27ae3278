//! Only a plain identifier stands for a variable of its name.
fn run() {
    let _ = exo_trace::attributes! { user.id };
    let _ = exo_trace::attributes! { "user" };
    let _ = exo_trace::attributes! { 5 = 5 };
}

fn main() {}
