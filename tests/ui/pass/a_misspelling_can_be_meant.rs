//! `allow_unknown` accepts a key that almost is a known name, in each place.
use exo_trace::traced;

#[traced(allow_unknown, attributes(exo.agent.nam = "a"))]
fn as_an_argument() {}

#[traced(attributes(allow_unknown; exo.agent.nam = "a"))]
fn in_the_list() {}

fn main() {
    as_an_argument();
    in_the_list();
    let _span = exo_trace::span_sync!("x", allow_unknown; exo.agent.nam = "a");
    drop(exo_trace::span_async!("x", allow_unknown; exo.agent.nam = "a", {}));
}
