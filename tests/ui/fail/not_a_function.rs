//! Only a function with a body can be traced.
use exo_trace::traced;

#[traced]
struct Run;

struct Agent;

#[traced]
impl Agent {}

trait Tool {
    #[traced]
    fn call(&self);
}

fn main() {}
